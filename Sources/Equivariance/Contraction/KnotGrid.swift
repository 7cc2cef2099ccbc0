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

  /// Factors of value, slope·spacing, next value, next slope·spacing in a derivative of the
  /// cubic, as expressions of `fraction`, the place between the knots from 0 to 1, and
  /// `knots_per_unit`.
  static func basis(derivative: Int) -> [String] {
    switch derivative {
    case 0:
      [
        "(1 + 2*fraction)*(1 - fraction)*(1 - fraction)", "fraction*(1 - fraction)*(1 - fraction)",
        "fraction*fraction*(3 - 2*fraction)", "fraction*fraction*(fraction - 1)",
      ]
    case 1:
      [
        "6*fraction*(fraction - 1)*knots_per_unit",
        "(1 - fraction)*(1 - 3*fraction)*knots_per_unit",
        "6*fraction*(1 - fraction)*knots_per_unit", "fraction*(3*fraction - 2)*knots_per_unit",
      ]
    case 2:
      ["12*fraction - 6", "6*fraction - 4", "6 - 12*fraction", "6*fraction - 2"].map {
        "(\($0))*knots_per_unit*knots_per_unit"
      }
    case 3:
      ["12", "6", "-12", "6"].map { "\($0)*knots_per_unit*knots_per_unit*knots_per_unit" }
    default: ["0", "0", "0", "0"]
    }
  }
}
