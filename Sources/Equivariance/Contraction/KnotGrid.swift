/// Equidistant places at which a function of one number is kept, from 0 on.
///
/// Between two knots the function is the cubic that has its values and slopes at both (Hermite).
/// The spacing is a power of two, so that the place of a number between its knots is computed
/// without rounding.
package struct KnotGrid: Hashable, Sendable {
  /// Intervals between knots.
  package var intervals: Int
  /// Knots are 2^-spacingExponent apart, in Å where the number is a distance.
  package var spacingExponent: Int

  /// The coarsest grid of this spacing that reaches `end`.
  package init(upTo end: Double, spacingExponent: Int) {
    self.spacingExponent = spacingExponent
    intervals = max(1, Int((end * Self.perUnit(spacingExponent)).rounded(.up)))
  }

  package var knotCount: Int { intervals + 1 }
  package var knotsPerUnit: Double { Self.perUnit(spacingExponent) }
  package var spacing: Double { 1 / knotsPerUnit }

  private static func perUnit(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// How many numbers a table has for each knot and function: the value, the rise to the value at the
  /// next knot, and slope·spacing.
  ///
  /// The rise is kept, although two values tell it, because in single precision their difference
  /// would lose the digits that both have in common, and with them the slope's accuracy.
  package static let numbersPerKnot = 3

  /// A number of the table with its factor in a cubic or a derivative of it.
  struct Term {
    /// Value, rise and slope are 0 to 2 at the knot below, 3 to 5 at the knot above.
    var number: Int
    /// In OpenCL C, of `fraction`, the place between the knots from 0 to 1, and
    /// `knots_per_unit`; nil for 1.
    var factor: String?
  }

  /// The sum that gives a derivative of the cubic.
  static func terms(derivative: Int) -> [Term] {
    func terms(_ rise: String, _ slope: String, _ nextSlope: String) -> [Term] {
      let scale = String(repeating: "*knots_per_unit", count: derivative)
      return [(1, rise), (2, slope), (5, nextSlope)].map { number, factor in
        Term(number: number, factor: scale.isEmpty ? factor : "(\(factor))\(scale)")
      }
    }
    switch derivative {
    case 0:
      return [Term(number: 0)]
        + terms(
          "fraction*fraction*(3 - 2*fraction)", "fraction*(1 - fraction)*(1 - fraction)",
          "fraction*fraction*(fraction - 1)")
    case 1:
      return terms(
        "6*fraction*(1 - fraction)", "(1 - fraction)*(1 - 3*fraction)", "fraction*(3*fraction - 2)")
    case 2: return terms("6 - 12*fraction", "6*fraction - 4", "6*fraction - 2")
    case 3: return terms("-12", "6", "6")
    default: return [Term(number: 0, factor: "0")]
    }
  }
}
