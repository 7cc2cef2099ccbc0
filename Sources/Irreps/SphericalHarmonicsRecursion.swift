/// Real solid harmonics to a highest degree as data: how each component follows from components of
/// lower degree, for the host to interpret and for kernel generators to unroll.
///
/// Harmonics are homogeneous polynomials in x, y, z, in e3nn's order: the component of degree l and
/// order m = −l, …, l has the index l² + l + m, and the y axis is the polar axis. Each is a sum of
/// at most two terms, a number times one of x, y, z, r² = x² + y² + z², times an earlier component:
///
/// - Y(l, m) = a·y·Y(l−1, m) − b·r²·Y(l−2, m) for |m| < l (the second term only for |m| < l−1), the
///   recursion of normalised Legendre functions, which is stable in rising l;
/// - Y(l, ±l) from z and x times Y(l−1, ±(l−1)), the angle sum of cos lφ and sin lφ.
///
/// All intermediate values are harmonics themselves, so nothing grows on the way: on unit vectors
/// the error stays at a few units of roundoff to degree 10 and beyond in single precision. There is
/// no division and no angle, so poles and the zero vector are no exceptions.
///
/// The gradient is data too: each Cartesian derivative of a harmonic of degree l is a fixed
/// combination of at most two harmonics of degree l−1 (independent of the vector), hence
/// derivatives of every order come from the values alone.
public struct SphericalHarmonicsRecursion: Hashable, Sendable {
  /// What an earlier component is multiplied with.
  public enum Factor: Hashable, Sendable {
    case x, y, z
    /// x² + y² + z².
    case squaredRadius
  }

  /// coefficient · factor · Y[source].
  public struct Term: Hashable, Sendable {
    public let coefficient: Double
    public let factor: Factor
    /// The index of an earlier component.
    public let source: Int
  }

  /// coefficient · Y[source], a part of the derivative along an axis.
  public struct GradientTerm: Hashable, Sendable {
    /// 0, 1, 2 for x, y, z.
    public let axis: Int
    public let coefficient: Double
    /// The index of a component of the degree below.
    public let source: Int
  }

  /// One harmonic.
  public struct Component: Hashable, Sendable {
    /// l.
    public let degree: Int
    /// m, from −l to l.
    public let order: Int
    /// The component is the sum of these; empty for degree 0 alone, which is `constant`.
    public let terms: [Term]
    /// Its Cartesian derivatives are sums of these; axes and sources rise.
    public let gradient: [GradientTerm]
  }

  public let maximumDegree: Int
  public let normalization: SphericalHarmonicsNormalization

  /// The harmonics in order of their index l² + l + m: (l + 1)² for the highest degree l. A
  /// component refers only to those before it.
  public let components: [Component]

  /// The value of the one component of degree 0.
  public let constant: Double

  public init(upTo degree: Int, normalization: SphericalHarmonicsNormalization) {
    precondition(degree >= 0, "harmonics have a degree of at least 0, not \(degree)")
    maximumDegree = degree
    self.normalization = normalization
    constant = normalization.squaredScale(degree: 0).squareRoot()
    let builder = RecursionBuilder(normalization: normalization)
    components = (0...degree).flatMap { degree in
      (-degree...degree).map { builder.component(degree: degree, order: $0) }
    }
  }

  /// The index of a component, l² + l + m.
  public static func index(degree: Int, order: Int) -> Int {
    degree * degree + degree + order
  }
}

/// Makes the coefficients of one component at a time. Each is one square root of a rational number,
/// so it is correct to a unit in the last place.
private struct RecursionBuilder {
  let normalization: SphericalHarmonicsNormalization

  func component(
    degree: Int, order: Int
  ) -> SphericalHarmonicsRecursion.Component {
    SphericalHarmonicsRecursion.Component(
      degree: degree, order: order, terms: terms(degree, order),
      gradient: gradient(degree, order))
  }

  private typealias Recursion = SphericalHarmonicsRecursion

  private func terms(_ l: Int, _ m: Int) -> [Recursion.Term] {
    guard l > 0 else { return [] }
    if abs(m) == l { return diagonalTerms(l, m) }
    let denominator = Double(l * l - m * m)
    var terms = [
      term(.y, square: Double(4 * l * l - 1) / denominator, l, from: l - 1, m)
    ]
    if abs(m) < l - 1 {
      let numerator = Double((2 * l + 1) * ((l - 1) * (l - 1) - m * m))
      terms.append(
        term(
          .squaredRadius, sign: -1, square: numerator / (Double(2 * l - 3) * denominator), l,
          from: l - 2, m))
    }
    return terms
  }

  /// Y(l, l) ± i Y(l, −l) ∝ (z ± i x)^l.
  private func diagonalTerms(_ l: Int, _ m: Int) -> [Recursion.Term] {
    if l == 1 { return [term(m > 0 ? .z : .x, square: 3, l, from: 0, 0)] }
    let square = Double(2 * l + 1) / Double(2 * l)
    return m > 0
      ? [
        term(.x, sign: -1, square: square, l, from: l - 1, -(l - 1)),
        term(.z, square: square, l, from: l - 1, l - 1),
      ]
      : [
        term(.z, square: square, l, from: l - 1, -(l - 1)),
        term(.x, square: square, l, from: l - 1, l - 1),
      ]
  }

  /// A term whose coefficient, in `component` normalisation, is a sign times the root of `square`.
  private func term(
    _ factor: Recursion.Factor, sign: Double = 1, square: Double, _ l: Int,
    from sourceDegree: Int, _ sourceOrder: Int
  ) -> Recursion.Term {
    Recursion.Term(
      coefficient: sign * (square * scale(l, over: sourceDegree)).squareRoot(), factor: factor,
      source: Recursion.index(degree: sourceDegree, order: sourceOrder))
  }

  /// With F(m) = Y(l, m) + i Y(l, −m), up to √2 for m = 0: (∂z + i∂x) F(m) = −f F(m+1) and
  /// (∂z − i∂x) F(m) = g F(m−1), both of degree l−1, with the f and g below.
  private func gradient(_ l: Int, _ m: Int) -> [Recursion.GradientTerm] {
    guard l > 0 else { return [] }
    let magnitude = abs(m)
    let raising = Double((l - magnitude) * (l - magnitude - 1))
    let lowering = Double((l + magnitude) * (l + magnitude - 1))
    // A step to order 0 or from it brings √2: there F has no imaginary part.
    let raisingQuarter = m == 0 ? raising / 2 : raising / 4
    let loweringQuarter = magnitude == 1 ? lowering / 2 : lowering / 4
    let (up, down) = (magnitude + 1, magnitude - 1)
    var terms = [(axis: 1, sign: 1.0, square: Double(l * l - m * m), order: m)]
    if m > 0 {
      terms.append((2, -1, raisingQuarter, up))
      terms.append((2, 1, loweringQuarter, down))
      terms.append((0, -1, raisingQuarter, -up))
      if m > 1 { terms.append((0, -1, loweringQuarter, -down)) }
    } else if m < 0 {
      terms.append((0, 1, raisingQuarter, up))
      terms.append((0, 1, loweringQuarter, down))
      terms.append((2, -1, raisingQuarter, -up))
      if m < -1 { terms.append((2, 1, loweringQuarter, -down)) }
    } else {
      terms.append((2, -1, raisingQuarter, 1))
      terms.append((0, -1, raisingQuarter, -1))
    }
    let common = Double(2 * l + 1) / Double(2 * l - 1) * scale(l, over: l - 1)
    return terms.filter { $0.square != 0 }
      .sorted { ($0.axis, $0.order) < ($1.axis, $1.order) }
      .map { term in
        Recursion.GradientTerm(
          axis: term.axis, coefficient: term.sign * (term.square * common).squareRoot(),
          source: Recursion.index(degree: l - 1, order: term.order))
      }
  }

  private func scale(_ degree: Int, over sourceDegree: Int) -> Double {
    switch normalization {
    case .component, .integral: 1
    case .norm: Double(2 * sourceDegree + 1) / Double(2 * degree + 1)
    }
  }
}
