/// A direct sum of irreducible representations of O(3): the type of an equivariant feature.
///
/// Written as in e3nn, `"128x0e+64x1o"`: 128 scalars, then 64 vectors, 320 values in all. The order
/// of the groups is kept as written, equal neighbours are not merged, and groups of multiplicity 0
/// are allowed; `simplified()` and `sorted()` bring a canonical order.
///
/// An `Irreps` is a collection of its groups, a `MultipliedIrrep` each.
public struct Irreps: Hashable, Sendable {
  public let groups: [MultipliedIrrep]

  public init(_ groups: some Sequence<MultipliedIrrep>) {
    self.groups = Array(groups)
  }

  /// The empty sum, of dimension 0.
  public init() {
    groups = []
  }

  /// One feature of one kind.
  public init(_ irrep: Irrep) {
    groups = [MultipliedIrrep(multiplicity: 1, irrep: irrep)]
  }

  /// The irreps of the harmonics of degree 0, 1, …, `degree`, each once.
  ///
  /// - Parameters:
  ///   - degree: The highest degree, at least 0.
  ///   - parity: The parity of the vector of which they are functions: `odd` for a polar vector,
  ///     such as a distance vector, which gives `1x0e+1x1o+1x2e+…`; `even` for a pseudovector or
  ///     for a model that ignores inversion, which gives `1x0e+1x1e+1x2e+…`.
  public static func sphericalHarmonics(upTo degree: Int, parity: Parity = .odd) -> Irreps {
    precondition(degree >= 0, "harmonics have a degree of at least 0, not \(degree)")
    return Irreps(
      (0...degree).map { degree in
        MultipliedIrrep(
          1,
          parity == .odd ? .sphericalHarmonic(degree: degree) : Irrep(degree: degree, parity: .even)
        )
      })
  }

  /// The number of values of a feature.
  public var dimension: Int { groups.reduce(0) { $0 + $1.dimension } }

  /// The number of irreps, each counted as often as it occurs.
  public var totalMultiplicity: Int { groups.reduce(0) { $0 + $1.multiplicity } }

  /// The highest degree that occurs with a multiplicity above 0; `nil` when none does.
  public var maximumDegree: Int? {
    groups.lazy.filter { $0.multiplicity > 0 }.map(\.irrep.degree).max()
  }

  /// How often an irrep occurs, over all groups.
  public func multiplicity(of irrep: Irrep) -> Int {
    groups.reduce(0) { $1.irrep == irrep ? $0 + $1.multiplicity : $0 }
  }

  /// The range of values that each group takes in a feature, one range a group.
  ///
  /// Groups follow one another without gaps; the ranges are the same whichever axis, channel or
  /// component, is the contiguous one inside a group.
  public var slices: [Range<Int>] {
    var start = 0
    return groups.map { group in
      defer { start += group.dimension }
      return start..<(start + group.dimension)
    }
  }
}

extension Irreps: RandomAccessCollection {
  public var startIndex: Int { groups.startIndex }
  public var endIndex: Int { groups.endIndex }

  public subscript(position: Int) -> MultipliedIrrep { groups[position] }
}

extension Irreps: CustomStringConvertible {
  /// e3nn's notation, which `init(_:)` reads back: `128x0e+64x1o`.
  public var description: String {
    groups.map(\.description).joined(separator: "+")
  }
}
