/// Wigner's 3j symbols and D matrices, in the real basis and with the signs of e3nn 0.6.
public enum Wigner {
  /// The largest l₁ + l₂ + l₃ for which `threeJ` is exact: its integer sums fit an `Int128`.
  public static let maximumDegreeSum = 126

  /// The invariant coupling of three irreps of SO(3), real and of Frobenius norm 1.
  ///
  /// It is the tensor C, unique up to its sign, with C_ijk = Σ D_il D_jm D_kn C_lmn for every
  /// rotation. The sign is that of e3nn 0.6 (`o3.wigner_3j`), and so is the basis: components
  /// m = −l, …, l about the y axis.
  ///
  /// A coefficient is the square root of a rational number. Racah's sum is evaluated in integers,
  /// so there is no cancellation: each coefficient is correct to a few units in the last place,
  /// and zeros are exact. Nothing is cached: all 34 triples to degree 3 together take about a
  /// tenth of a millisecond, all 175 to degree 6 a few.
  ///
  /// - Precondition: The degrees satisfy |l₁ − l₂| ≤ l₃ ≤ l₁ + l₂, and their sum is at most
  ///   `maximumDegreeSum`.
  public static func threeJ(_ degree1: Int, _ degree2: Int, _ degree3: Int) -> CouplingTensor {
    precondition(
      min(degree1, degree2, degree3) >= 0 && abs(degree1 - degree2) <= degree3
        && degree3 <= degree1 + degree2,
      "degrees \(degree1), \(degree2), \(degree3) do not couple: |l1 − l2| ≤ l3 ≤ l1 + l2")
    precondition(
      degree1 + degree2 + degree3 <= maximumDegreeSum,
      "degrees \(degree1), \(degree2), \(degree3) have a sum above \(maximumDegreeSum)")
    let symbols = ComplexThreeJ(degree1, degree2, degree3)
    var elements: [Double] = []
    elements.reserveCapacity((2 * degree1 + 1) * (2 * degree2 + 1) * (2 * degree3 + 1))
    for order1 in -degree1...degree1 {
      for order2 in -degree2...degree2 {
        for order3 in -degree3...degree3 {
          elements.append(symbols.inRealBasis(order1, order2, order3))
        }
      }
    }
    return CouplingTensor(degrees: [degree1, degree2, degree3], elements: elements)
  }
}

/// One triple of degrees: the coupling ⟨l₁ m₁ l₂ m₂ | l₃ m₃⟩ / √(2l₃+1) of the complex basis with
/// Condon and Shortley's phases, and its components in the real basis.
private struct ComplexThreeJ {
  private let (l1, l2, l3): (Int, Int, Int)
  private let binomials = BinomialTable.shared
  /// What of the square of a coefficient does not depend on the orders.
  private let commonSquare: Double

  init(_ degree1: Int, _ degree2: Int, _ degree3: Int) {
    (l1, l2, l3) = (degree1, degree2, degree3)
    let excess = degree1 + degree2 - degree3
    commonSquare =
      Double(rounding: binomials[2 * degree1, excess])
      * Double(rounding: binomials[2 * degree2, excess])
      / (Double(rounding: binomials[degree1 + degree2 + degree3 + 1, excess])
        * Double(2 * degree3 + 1))
  }

  /// The component of real orders, −l…l each.
  ///
  /// A real component is made of the complex ones of orders m and −m. Of the sign combinations
  /// only (m₁, m₂, m₃) and (−m₁, −m₂, −m₃) couple, and the two couplings differ by a sign at most:
  /// the contributions add up to twice one of them or cancel.
  func inRealBasis(_ order1: Int, _ order2: Int, _ order3: Int) -> Double {
    let (first, second, third) = (abs(order1), abs(order2), abs(order3))
    guard third == first + second || third == abs(first - second) else { return 0 }
    let (m1, m2) = (first, third == first + second ? second : -second)
    let m3 = m1 + m2
    // The product of the three elements of the changes of basis, moduli left out, for both signs.
    var weight = realPart(
      quarterTurns: turns(l1, m1, order1) + turns(l2, m2, order2) - turns(l3, m3, order3))
    if m1 != 0 || m2 != 0 {
      let partner = realPart(
        quarterTurns: turns(l1, -m1, order1) + turns(l2, -m2, order2) - turns(l3, -m3, order3))
      weight += (l1 + l2 + l3).isMultiple(of: 2) ? partner : -partner
    }
    guard weight != 0 else { return 0 }
    // Each order that is not 0 brings a modulus 1/√2.
    let moduli = (order1 == 0 ? 1.0 : 2) * (order2 == 0 ? 1 : 2) * (order3 == 0 ? 1 : 2)
    return weight * coupling(m1, m2, squareDividedBy: moduli)
  }

  /// The phase, in powers of i, of the element of the change of basis between a complex component
  /// and a real one.
  ///
  /// e3nn's change of basis is (−i)^l times the usual one, which makes the coupling real.
  private func turns(_ degree: Int, _ complexOrder: Int, _ realOrder: Int) -> Int {
    let sign = complexOrder > 0 ? 2 * complexOrder : 0
    let sine = realOrder < 0 ? (complexOrder > 0 ? 1 : -1) : 0
    return sign + sine - degree
  }

  private func realPart(quarterTurns: Int) -> Double {
    switch quarterTurns & 3 {
    case 0: 1
    case 2: -1
    default: 0
    }
  }

  /// Racah's formula (Varshalovich et al., Quantum Theory of Angular Momentum, 1988, section 8.2)
  /// with the factorials gathered in binomial coefficients, so that the sum is one of integers.
  private func coupling(_ m1: Int, _ m2: Int, squareDividedBy divisor: Double) -> Double {
    let (a, b, c) = (l1 + l2 - l3, l1 - l2 + l3, -l1 + l2 + l3)
    var sum: Int128 = 0
    let lower = max(0, l1 - m1 - b, l2 + m2 - c)
    let upper = min(a, l1 - m1, l2 + m2)
    for k in stride(from: lower, through: upper, by: 1) {
      let term = binomials[a, k] * binomials[b, l1 - m1 - k] * binomials[c, l2 + m2 - k]
      sum += k.isMultiple(of: 2) ? term : -term
    }
    let orderSquare =
      Double(rounding: binomials[2 * l1, l1 - m1]) * Double(rounding: binomials[2 * l2, l2 - m2])
      * Double(rounding: binomials[2 * l3, l3 - m1 - m2])
    return Double(rounding: sum) * (commonSquare / (orderSquare * divisor)).squareRoot()
  }
}
