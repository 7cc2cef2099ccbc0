/// Builds bases of the symmetric powers of a representation, one power after the other.
///
/// A symmetric tensor of rank n is a homogeneous polynomial of degree n, and multiplying
/// polynomials symmetrises by itself: coupling a basis of one power with the feature once more
/// gives polynomials that span the next power, though not independently. How many are independent
/// is known from the character; Gram and Schmidt's method picks them.
struct SymmetricPowerBuilder {
  /// An equivariant polynomial map: for each component its coefficient of every monomial.
  private struct Map {
    let irrep: Irrep
    let components: [[Double]]
  }

  /// One way to couple a map of the power below with one irrep of the feature.
  private struct Candidate {
    let map: Map
    let couplings: [CouplingTensor.Entry]
    /// Where the irrep's values begin in the feature.
    let start: Int
    /// √(2L+1), which makes an orthonormal pair couple to a tensor of norm 1 a component.
    let scale: Double
  }

  private let irreps: Irreps
  private var monomials: MonomialBasis
  private var maps: [Map]

  /// The first power: the feature itself.
  init(irreps: Irreps) {
    self.irreps = irreps
    let dimension = irreps.dimension
    monomials = MonomialBasis(variables: dimension)
    maps = Self.parts(of: irreps).map { part in
      Map(
        irrep: part.irrep,
        components: (0..<part.irrep.dimension).map { component in
          var polynomial = [Double](repeating: 0, count: dimension)
          polynomial[part.start + component] = 1
          return polynomial
        })
    }.sorted { $0.irrep < $1.irrep }
  }

  /// The irreps of a feature, each copy by itself, and where its values begin.
  private static func parts(of irreps: Irreps) -> [(irrep: Irrep, start: Int)] {
    zip(irreps.groups, irreps.slices).flatMap { group, slice in
      (0..<group.multiplicity).map { (group.irrep, slice.lowerBound + $0 * group.irrep.dimension) }
    }
  }

  /// Goes on to the next power, keeping some of its irreps only.
  mutating func raise(keeping kept: Set<Irrep>?) {
    let next = monomials.raised()
    let weights = next.tensorWeights
    let character = SymmetricCharacter(of: irreps, power: next.degree)
    var raised: [Map] = []
    for group in character.irreps where kept?.contains(group.irrep) ?? true {
      let candidates = candidates(into: group.irrep)
      let firstComponents = candidates.map { polynomial(of: $0, component: 0, in: next) }
      let combinations = orthonormalCombinations(
        of: firstComponents, weights: weights, count: group.multiplicity)
      raised += combinations.map { combination in
        Map(
          irrep: group.irrep,
          components: (0..<group.irrep.dimension).map { component in
            combine(candidates, combination, component: component, in: next)
          })
      }
    }
    monomials = next
    maps = raised
  }

  private func candidates(into irrep: Irrep) -> [Candidate] {
    let scale = Double(irrep.dimension).squareRoot()
    var couplings: [[Int]: [CouplingTensor.Entry]] = [:]
    return maps.flatMap { map in
      Self.parts(of: irreps).compactMap { part in
        guard map.irrep.product(with: part.irrep).contains(irrep) else { return nil }
        let degrees = [map.irrep.degree, part.irrep.degree]
        let entries =
          couplings[degrees] ?? Wigner.threeJ(degrees[0], degrees[1], irrep.degree).nonzeros
        couplings[degrees] = entries
        return Candidate(map: map, couplings: entries, start: part.start, scale: scale)
      }
    }
  }

  private func polynomial(
    of candidate: Candidate, component: Int, in next: MonomialBasis
  ) -> [Double] {
    var result = [Double](repeating: 0, count: next.count)
    for coupling in candidate.couplings where coupling.third == component {
      let factor = candidate.scale * coupling.value
      let variable = candidate.start + coupling.second
      let polynomial = candidate.map.components[coupling.first]
      for (monomial, coefficient) in polynomial.enumerated() where coefficient != 0 {
        result[next.product(of: monomial, and: variable)] += factor * coefficient
      }
    }
    return result
  }

  private func combine(
    _ candidates: [Candidate], _ combination: [Double], component: Int, in next: MonomialBasis
  ) -> [Double] {
    var result = [Double](repeating: 0, count: next.count)
    for (candidate, factor) in zip(candidates, combination) where factor != 0 {
      let polynomial = polynomial(of: candidate, component: component, in: next)
      for (index, coefficient) in polynomial.enumerated() where coefficient != 0 {
        result[index] += factor * coefficient
      }
    }
    return result
  }

  /// Gram-Schmidt with pivoting: `count` combinations of polynomials that are orthonormal as
  /// tensors.
  ///
  /// Of the polynomials left the first is taken whose residual is at least half as large as the
  /// largest: the choice then does not hang on roundoff between equals, and no step divides by a
  /// small number.
  private func orthonormalCombinations(
    of polynomials: [[Double]], weights: [Double], count: Int
  ) -> [[Double]] {
    var residuals = polynomials
    var basis: [[Double]] = []
    var combinations: [[Double]] = []
    // Orthogonalised against the whole basis twice, which makes it orthogonal to roundoff.
    func orthogonalize(_ vector: inout [Double], _ combination: inout [Double]) {
      for _ in 0..<2 {
        for (element, elementCombination) in zip(basis, combinations) {
          let overlap = product(vector, element, weights)
          for index in vector.indices { vector[index] -= overlap * element[index] }
          for index in combination.indices {
            combination[index] -= overlap * elementCombination[index]
          }
        }
      }
    }
    for _ in 0..<count {
      let squares = residuals.map { product($0, $0, weights) }
      let largest = squares.max() ?? 0
      precondition(
        largest > 1e-9, "the couplings of \(irreps) do not span its symmetric power")
      guard let pivot = squares.firstIndex(where: { $0 >= largest / 2 }) else { break }
      var vector = polynomials[pivot]
      var combination = polynomials.indices.map { $0 == pivot ? 1.0 : 0 }
      orthogonalize(&vector, &combination)
      let norm = product(vector, vector, weights).squareRoot()
      vector = vector.map { $0 / norm }
      basis.append(vector)
      combinations.append(combination.map { $0 / norm })
      for index in residuals.indices {
        let overlap = product(residuals[index], vector, weights)
        for place in vector.indices { residuals[index][place] -= overlap * vector[place] }
      }
    }
    return combinations
  }

  /// The inner product of two polynomials as symmetric tensors.
  private func product(_ first: [Double], _ second: [Double], _ weights: [Double]) -> Double {
    var sum = 0.0
    for index in weights.indices { sum += weights[index] * first[index] * second[index] }
    return sum
  }

  /// The basis in sparse form. A coefficient below 10⁻¹² of a tensor of norm 1 is what roundoff
  /// leaves of 0.
  func elements(keeping kept: Set<Irrep>?) -> [ReducedSymmetricProduct.Element] {
    maps.filter { kept?.contains($0.irrep) ?? true }.map { map in
      ReducedSymmetricProduct.Element(
        irrep: map.irrep,
        components: map.components.map { polynomial in
          polynomial.enumerated().compactMap { index, coefficient in
            guard abs(coefficient) > 1e-12 else { return nil }
            return ReducedSymmetricProduct.Term(
              factors: monomials.factors[index], coefficient: coefficient)
          }
        })
    }
  }
}
