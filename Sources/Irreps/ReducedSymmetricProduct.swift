/// The symmetric power of a representation, decomposed into irreps: all equivariant polynomials of
/// a degree in one feature.
///
/// For a feature x of `irreps` and the power n, each basis element is a map x → C(x, …, x) into one
/// irrep, C a symmetric tensor of rank n over the feature, with as many components as the irrep.
/// MACE's symmetric contraction is a linear combination of these. The basis is orthonormal: the
/// tensors of all components of all elements are of Frobenius norm 1 and orthogonal to one another,
/// as are the rows of e3nn's `ReducedTensorProducts` for the formula `ij…=ji…`. Which basis of the
/// multiplicity space is chosen is a convention that differs between the libraries.
public struct ReducedSymmetricProduct: Hashable, Sendable {
  /// coefficient · x[i] · x[j] · …: a monomial in the values of the feature.
  public struct Term: Hashable, Sendable {
    /// The indices of the factors in the feature (components contiguous), in rising order, as many
    /// as the power.
    public let factors: [Int]
    /// The coefficient of the monomial: the sum of the tensor's elements over the distinct orders
    /// of the factors.
    public let coefficient: Double
  }

  /// One equivariant polynomial map into one irrep.
  public struct Element: Hashable, Sendable {
    public let irrep: Irrep
    /// For each of the 2l+1 components the polynomial that gives it.
    public let components: [[Term]]
  }

  /// The representation of the feature.
  public let irreps: Irreps
  /// n, the degree of the polynomials.
  public let power: Int
  /// The basis, by rising irrep.
  public let elements: [Element]

  /// The irreps of the elements, one group an irrep.
  public var irrepsOut: Irreps {
    Irreps(elements.map { MultipliedIrrep(1, $0.irrep) }).simplified()
  }

  /// - Parameters:
  ///   - irreps: The representation of the feature: for a model with channels, that of one channel.
  ///   - power: n, at least 1.
  ///   - kept: Which irreps to give; `nil` for all.
  ///
  /// The cost rises steeply with the number of monomials, (d + n − 1 over n) for a feature of
  /// dimension d. For `0e+1o+2e+3o` the whole third power takes some
  /// hundredths of a second, two or three irreps of it a third of that.
  public init(of irreps: Irreps, power: Int, keeping kept: Set<Irrep>? = nil) {
    precondition(power >= 1, "a symmetric power has a degree of at least 1, not \(power)")
    self.irreps = irreps
    self.power = power
    var builder = SymmetricPowerBuilder(irreps: irreps)
    for degree in stride(from: 2, through: power, by: 1) {
      builder.raise(keeping: degree == power ? kept : nil)
    }
    elements = builder.elements(keeping: kept)
  }

  /// How often each irrep occurs in the symmetric power, by rising irrep: from characters alone,
  /// without the basis.
  public static func multiplicities(of irreps: Irreps, power: Int) -> Irreps {
    SymmetricCharacter(of: irreps, power: power).irreps
  }

  /// All polynomials at a feature: C(x, …, x) of every element, one after the other.
  ///
  /// - Parameter feature: `irreps.dimension` values, components contiguous.
  /// - Returns: `irrepsOut.dimension` values, components contiguous.
  public func values(at feature: [Double]) -> [Double] {
    precondition(
      feature.count == irreps.dimension,
      "symmetric power of a feature of \(feature.count) values as \(irreps), "
        + "of dimension \(irreps.dimension)")
    return elements.flatMap { element in
      element.components.map { terms in
        terms.reduce(0) { sum, term in
          sum + term.factors.reduce(term.coefficient) { $0 * feature[$1] }
        }
      }
    }
  }

  /// The tensors C of all elements, dense: shape [irrepsOut.dimension, d, …, d] with d the
  /// dimension of the feature, row-major. Its rows are orthonormal.
  public var changeOfBasis: [Double] {
    let dimension = irreps.dimension
    let size = (0..<power).reduce(1) { product, _ in product * dimension }
    let rows = elements.flatMap(\.components)
    var result = [Double](repeating: 0, count: rows.count * size)
    for (row, terms) in rows.enumerated() {
      for term in terms {
        let orders = distinctOrders(of: term.factors)
        for order in orders {
          let index = order.reduce(0) { $0 * dimension + $1 }
          result[row * size + index] = term.coefficient / Double(orders.count)
        }
      }
    }
    return result
  }

  /// The coordinates in this basis of another equivariant tensor of the same rank, such as those
  /// that another library's symmetric power is written in: its inner products with the elements of
  /// its irrep.
  ///
  /// The tensor need not be symmetric. What of it is antisymmetric is lost, as it is when the
  /// tensor is applied to (x, …, x).
  ///
  /// - Parameters:
  ///   - tensor: Shape [2l+1, d, …, d], row-major.
  ///   - irrep: The irrep into which it maps.
  /// - Returns: One number for each element of that irrep.
  public func coordinates(of tensor: [Double], irrep: Irrep) -> [Double] {
    let dimension = irreps.dimension
    let size = (0..<power).reduce(1) { product, _ in product * dimension }
    precondition(
      tensor.count == irrep.dimension * size,
      "an equivariant tensor of rank \(power) over \(irreps) into \(irrep) has shape "
        + "[\(irrep.dimension), \(dimension)^\(power)], not \(tensor.count) elements")
    return elements.filter { $0.irrep == irrep }.map { element in
      var sum = 0.0
      for (component, terms) in element.components.enumerated() {
        for term in terms {
          let orders = distinctOrders(of: term.factors)
          for order in orders {
            let index = order.reduce(0) { $0 * dimension + $1 }
            sum += term.coefficient / Double(orders.count) * tensor[component * size + index]
          }
        }
      }
      return sum / Double(irrep.dimension)
    }
  }
}

/// All distinct orders of factors that are given in rising order.
private func distinctOrders(of factors: [Int]) -> [[Int]] {
  guard factors.count > 1 else { return [factors] }
  var orders: [[Int]] = []
  for (index, first) in factors.enumerated() where index == 0 || factors[index - 1] != first {
    var others = factors
    others.remove(at: index)
    orders += distinctOrders(of: others).map { [first] + $0 }
  }
  return orders
}
