/// How often each irrep occurs in a symmetric power, by counting weights: in integers.
struct SymmetricCharacter {
  private let power: Int
  private let maximumOrder: Int
  /// For each degree, parity (0 even, 1 odd) and order m from −maximumOrder: the number of
  /// monomials.
  private var counts: [[[Int]]]

  /// In the complex basis each value of a feature has an order m; monomials have the sum of the
  /// orders and the product of the parities of their factors. The generating function is a product
  /// of 1 / (1 − t zᵐ) over the values.
  init(of irreps: Irreps, power: Int) {
    self.power = power
    maximumOrder = power * (irreps.maximumDegree ?? 0)
    let width = 2 * maximumOrder + 1
    counts = [[[Int]]](
      repeating: [[Int]](repeating: [Int](repeating: 0, count: width), count: 2), count: power + 1)
    counts[0][0][maximumOrder] = 1
    for group in irreps.groups {
      for _ in 0..<group.multiplicity {
        for order in -group.irrep.degree...group.irrep.degree {
          multiply(byPowersOf: order, parity: group.irrep.parity)
        }
      }
    }
  }

  private mutating func multiply(byPowersOf order: Int, parity: Parity) {
    let width = 2 * maximumOrder + 1
    for degree in stride(from: 1, through: power, by: 1) {
      for target in 0..<2 {
        let source = parity == .even ? target : 1 - target
        for place in 0..<width where (0..<width).contains(place - order) {
          counts[degree][target][place] += counts[degree - 1][source][place - order]
        }
      }
    }
  }

  func multiplicity(of irrep: Irrep) -> Int {
    let orders = counts[power][irrep.parity == .even ? 0 : 1]
    guard irrep.degree <= maximumOrder else { return 0 }
    let above = irrep.degree < maximumOrder ? orders[maximumOrder + irrep.degree + 1] : 0
    return orders[maximumOrder + irrep.degree] - above
  }

  /// The irreps that occur, by rising irrep.
  var irreps: Irreps {
    Irreps(
      (0...maximumOrder).flatMap { degree in
        [Parity.odd, .even].map { parity in
          let irrep = Irrep(degree: degree, parity: parity)
          return MultipliedIrrep(multiplicity(of: irrep), irrep)
        }
      }
    ).simplified()
  }
}
