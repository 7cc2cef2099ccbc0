/// The cell of a structure: three vectors, and the axes along which it repeats.
///
/// - Along an axis that does not repeat the structure is unbounded, whatever the vector says; that
///   vector may then be zero, as in files of slabs, wires and molecules.
/// - The vectors may be of either handedness, as skewed as one likes, and shorter than any cutoff.
public struct Cell: Sendable, Hashable {
  /// The cell's vectors a, b, c, in ångström.
  public let vectors: [SIMD3<Double>]
  /// Whether the structure repeats along a, b and c.
  public let periodic: [Bool]

  /// The cell with these vectors, in ångström.
  ///
  /// - Precondition: `periodic` has three elements.
  /// - Throws: `NeighboursError.cellOutOfRange` where a number is NaN, or a vector longer than 10⁹ Å
  ///   or, though not zero, shorter than 10⁻⁶ Å; `.cellWithoutVolume` where the vectors of the
  ///   periodic axes are zero, parallel or in one plane.
  public init(
    _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>,
    periodic: [Bool] = [true, true, true]
  ) throws(NeighboursError) {
    precondition(periodic.count == 3, "a cell has three axes, not \(periodic.count)")
    vectors = [a, b, c]
    self.periodic = periodic
    guard vectors.allSatisfy({ $0 == .zero || Self.lengths.contains($0.length) }) else {
      throw .cellOutOfRange(vectors: vectors)
    }
    guard Self.span(zip(vectors, periodic).filter(\.1).map(\.0)) > Self.flatness else {
      throw .cellWithoutVolume(vectors: vectors, periodic: periodic)
    }
  }

  /// Lengths, in ångström, with whose squares and quotients one can compute.
  private static let lengths = 1e-6...1e9

  /// The volume |a · (b × c)| in Å³; 0 where a vector of an axis that does not repeat is zero.
  public var volume: Double { abs(vectors[0].dot(vectors[1].cross(vectors[2]))) }

  /// Below this, vectors that ought to span a space are within rounding of not doing so.
  private static let flatness = 1e-9

  /// The length, area or volume that the vectors span, relative to what orthogonal ones of the
  /// same lengths would; 1 for no vectors.
  private static func span(_ vectors: [SIMD3<Double>]) -> Double {
    guard vectors.allSatisfy({ $0.length > 0 }) else { return 0 }
    let directions = vectors.map { $0 / $0.length }
    return switch directions.count {
    case 3: abs(directions[0].dot(directions[1].cross(directions[2])))
    case 2: directions[0].cross(directions[1]).length
    default: 1
    }
  }
}
