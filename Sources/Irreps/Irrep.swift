/// An irreducible representation of O(3): a degree l and a parity.
///
/// Its features have 2l + 1 components, in e3nn's order m = −l, …, l with the y axis as the polar
/// axis; for l = 1 these are plain (x, y, z).
///
/// Written as in e3nn: `"0e"` is a scalar, `"1o"` a vector, `"1e"` a pseudovector; `"2y"` takes
/// the parity of the spherical harmonics, (−1)^l.
public struct Irrep: Hashable, Sendable {
  /// The degree l ≥ 0.
  public let degree: Int
  public let parity: Parity

  public init(degree: Int, parity: Parity) {
    precondition(degree >= 0, "an irrep has a degree of at least 0, not \(degree)")
    self.degree = degree
    self.parity = parity
  }

  /// The number of components, 2l + 1.
  public var dimension: Int { 2 * degree + 1 }

  /// Whether features of this kind are the same in every coordinate frame: `0e`.
  public var isScalar: Bool { self == .scalar }

  /// `0e`.
  public static let scalar = Irrep(degree: 0, parity: .even)

  /// The irrep of the spherical harmonics of a degree: parity (−1)^l.
  public static func sphericalHarmonic(degree: Int) -> Irrep {
    Irrep(degree: degree, parity: .ofSphericalHarmonics(degree: degree))
  }

  /// The irreps into which a product of two features decomposes, each once, by rising degree:
  /// |l₁ − l₂|, …, l₁ + l₂, with the product of the parities.
  public func product(with other: Irrep) -> [Irrep] {
    let degrees = abs(degree - other.degree)...(degree + other.degree)
    return degrees.map { Irrep(degree: $0, parity: parity * other.parity) }
  }
}

extension Irrep: Comparable {
  /// e3nn's order: by degree, then odd before even (`0o < 0e < 1o < 1e`).
  public static func < (left: Irrep, right: Irrep) -> Bool {
    (left.degree, left.parity.rawValue) < (right.degree, right.parity.rawValue)
  }
}

extension Irrep: CustomStringConvertible {
  public var description: String { "\(degree)\(parity.letter)" }
}
