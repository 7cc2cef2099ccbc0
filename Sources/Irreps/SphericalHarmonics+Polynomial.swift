/// coefficient · xⁱ yʲ zᵏ.
public struct Monomial: Hashable, Sendable {
  public let coefficient: Double
  /// i, j, k.
  public let exponents: SIMD3<Int>

  public init(coefficient: Double, exponents: SIMD3<Int>) {
    self.coefficient = coefficient
    self.exponents = exponents
  }
}

extension SphericalHarmonics {
  /// The highest degree for which `polynomial` is given.
  public static let maximumPolynomialDegree = 31

  /// One solid harmonic as an explicit homogeneous polynomial, its monomials in descending powers
  /// of y, then ascending powers of x.
  ///
  /// Y(l, m) ∝ Σₖ (−1)ᵏ l! / (4ᵏ k! (k+m)! (l−m−2k)!) (x² + z²)ᵏ y^(l−m−2k) · Re or Im (z + ix)^m.
  /// Each coefficient is an integer times one root of a rational number, correct to a few units in
  /// the last place. Evaluating the polynomial is another matter: its terms cancel for high
  /// degrees, so kernels use `SphericalHarmonicsRecursion`.
  ///
  /// - Precondition: The degree is at most `maximumPolynomialDegree`.
  public static func polynomial(
    degree: Int, order: Int, normalization: SphericalHarmonicsNormalization
  ) -> [Monomial] {
    precondition(
      (0...maximumPolynomialDegree).contains(degree) && abs(order) <= degree,
      "no polynomial for degree \(degree), order \(order): |order| ≤ degree ≤ "
        + "\(maximumPolynomialDegree)")
    let magnitude = abs(order)
    let binomials = BinomialTable.shared
    let scale =
      (Double((order == 0 ? 1 : 2) * (2 * degree + 1))
      * Double(rounding: binomials[2 * degree, degree])
      / Double(rounding: binomials[2 * degree, degree + magnitude])
      * normalization.squaredScale(degree: degree)).squareRoot()
    var monomials: [Monomial] = []
    for k in 0...((degree - magnitude) / 2) {
      let multinomial = binomials[degree, k] * binomials[degree - k, k + magnitude]
      let factor =
        scale * Double(rounding: multinomial)
        / Double(sign: .plus, exponent: 2 * k + magnitude, significand: 1)
      let power = degree - magnitude - 2 * k
      let azimuthal = azimuthalPolynomial(radialPower: k, order: order)
      for (powerOfX, coefficient) in azimuthal.enumerated() where coefficient != 0 {
        monomials.append(
          Monomial(
            coefficient: (k.isMultiple(of: 2) ? 1 : -1) * factor * Double(coefficient),
            exponents: [powerOfX, power, degree - power - powerOfX]))
      }
    }
    return monomials
  }

  /// (x² + z²)^k · Re (z + ix)^m, or Im (z + ix)^|m| for negative m: the coefficients by rising
  /// power of x.
  private static func azimuthalPolynomial(radialPower: Int, order: Int) -> [Int] {
    // (z + ix)^m = Σ C(m, j) i^j x^j z^(m−j): even j are real, odd ones imaginary.
    let binomials = BinomialTable.shared
    let magnitude = abs(order)
    var coefficients = (0...magnitude).map { power in
      guard power.isMultiple(of: 2) == (order >= 0) else { return 0 }
      return (power / 2).isMultiple(of: 2)
        ? Int(binomials[magnitude, power]) : -Int(binomials[magnitude, power])
    }
    for _ in 0..<radialPower {
      var product = coefficients + [0, 0]
      for (power, coefficient) in coefficients.enumerated() { product[power + 2] += coefficient }
      coefficients = product
    }
    return coefficients
  }
}
