/// How a representation of O(3) behaves under inversion through the origin, x → −x.
///
/// The raw value is the factor that a feature picks up: `even` features stay as they are,
/// `odd` features change sign.
public enum Parity: Int, Hashable, Sendable, CaseIterable {
  case even = 1
  case odd = -1

  /// The parity of a product of two features.
  public static func * (left: Parity, right: Parity) -> Parity {
    left == right ? .even : .odd
  }

  /// The parity of the spherical harmonics of a degree, as functions of a polar vector: (−1)^l.
  public static func ofSphericalHarmonics(degree: Int) -> Parity {
    degree.isMultiple(of: 2) ? .even : .odd
  }

  /// The letter of e3nn's notation: `e` or `o`.
  var letter: Character {
    self == .even ? "e" : "o"
  }
}
