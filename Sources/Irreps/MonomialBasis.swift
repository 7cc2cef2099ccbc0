/// All monomials of one degree in some variables, numbered.
struct MonomialBasis {
  /// The number of factors of each monomial.
  let degree: Int
  /// For each monomial its variables, in rising order; monomials in lexicographic order.
  let factors: [[Int]]
  private let variables: Int
  /// For each monomial of the degree below and each variable, the number of their product here.
  private let products: [Int]

  /// The variables themselves.
  init(variables: Int) {
    degree = 1
    factors = (0..<variables).map { [$0] }
    self.variables = variables
    products = Array(0..<variables)
  }

  private init(degree: Int, factors: [[Int]], variables: Int, products: [Int]) {
    self.degree = degree
    self.factors = factors
    self.variables = variables
    self.products = products
  }

  var count: Int { factors.count }

  /// The monomials of the next degree.
  func raised() -> MonomialBasis {
    let raised = factors.flatMap { monomial in
      ((monomial.last ?? 0)..<variables).map { monomial + [$0] }
    }
    let numbers = Dictionary(uniqueKeysWithValues: raised.enumerated().map { ($1, $0) })
    let products = factors.flatMap { monomial in
      (0..<variables).map { variable in
        let place = monomial.firstIndex { $0 > variable } ?? monomial.count
        var product = monomial
        product.insert(variable, at: place)
        guard let number = numbers[product] else {
          preconditionFailure("no monomial \(product) of degree \(degree + 1)")
        }
        return number
      }
    }
    return MonomialBasis(
      degree: degree + 1, factors: raised, variables: variables, products: products)
  }

  /// The number of the product of a monomial of the degree below and a variable.
  func product(of monomial: Int, and variable: Int) -> Int {
    products[monomial * variables + variable]
  }

  /// What the square of each monomial's coefficient contributes to the squared Frobenius norm of
  /// the symmetric tensor: one over the number of distinct orders of its factors.
  var tensorWeights: [Double] {
    factors.map { monomial in
      var (weight, run) = (1.0, 0)
      for (index, factor) in monomial.enumerated() {
        run = index > 0 && monomial[index - 1] == factor ? run + 1 : 1
        weight *= Double(run) / Double(index + 1)
      }
      return weight
    }
  }
}
