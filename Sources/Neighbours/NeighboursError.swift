/// What a structure or a cutoff can have wrong. Structures and atoms are counted from 0; the
/// structure is shown where there are several.
public enum NeighboursError: Error, Hashable, Sendable {
  /// A number of the cell is NaN, or a vector has a length with which one cannot compute.
  case cellOutOfRange(vectors: [SIMD3<Double>])
  /// The vectors of the periodic axes do not span a volume (an area, a length).
  case cellWithoutVolume(vectors: [SIMD3<Double>], periodic: [Bool])
  /// The cutoff is not a positive length of at most 10⁹ Å.
  case invalidCutoff(Double)
  /// A coordinate is NaN or infinite.
  case positionNotFinite(atom: Int, position: SIMD3<Double>, place: StructurePlace)
  /// Atoms lie so many cells apart that the shifts between them are no int32.
  case atomsTooFarApart(place: StructurePlace)
  /// Two atoms, or an atom and an image of the other, are at the same point.
  case coincidentAtoms(Int, Int, place: StructurePlace)
  /// The cutoff reaches over more images than can be numbered of a cell `width` thick.
  case cutoffSpansTooManyCells(cutoff: Double, axis: Int, width: Double, place: StructurePlace)
  /// More atoms or edges than an int32 counts.
  case tooLarge(what: String, count: Int)
  /// The device computes in single precision only.
  case doublePrecisionUnavailable(device: String)
}

/// Which structure of a batch.
public struct StructurePlace: Hashable, Sendable {
  public let index: Int
  /// The number of structures in the batch.
  public let count: Int

  public init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }
}

extension StructurePlace: CustomStringConvertible {
  /// Follows "atom 3"; empty for a structure that is alone.
  public var description: String { count == 1 ? "" : " of structure \(index)" }
}

extension NeighboursError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cellOutOfRange(let vectors):
      return "the cell \(Self.text(vectors)) holds a number that is not finite, or a vector that "
        + "is longer than 10⁹ Å or shorter than 10⁻⁶ Å.\nCheck the cell and its units."
    case .cellWithoutVolume(let vectors, let periodic):
      let axes = zip(["a", "b", "c"], periodic).filter(\.1).map(\.0).joined(separator: ", ")
      return "the cell \(Self.text(vectors)) has no volume; its periodic axes (\(axes)) are zero, "
        + "parallel or in one plane.\nCorrect the cell, or declare the axis as not periodic."
    case .invalidCutoff(let cutoff):
      return "the cutoff is \(cutoff) Å; expected a length above 0 and up to 10⁹ Å"
    case .positionNotFinite(let atom, let position, let place):
      return "atom \(atom)\(place) is at \(Self.text(position)), which is not finite"
    case .atomsTooFarApart(let place):
      return "atoms\(place) lie so far apart that the cells between them cannot be counted.\n"
        + "Wrap the positions into the cell; if they are, choose less skewed cell vectors."
    case .coincidentAtoms(let first, let second, let place):
      return "atoms \(first) and \(second)\(place) are at the same point.\n"
        + "Remove one of them; an atom listed again on the opposite face of a cell is a usual cause."
    case .cutoffSpansTooManyCells(let cutoff, let axis, let width, let place):
      let name = ["a", "b", "c"][axis]
      return "along axis \(name)\(place) the cell is \(width) Å thick, and a cutoff of \(cutoff) Å "
        + "reaches over more than \(SearchGrid.maximumReach) of its images.\n"
        + "Check the units of cell and cutoff."
    case .tooLarge(let what, let count):
      return "\(count) \(what) are more than \(Int32.max).\n"
        + "Take a smaller cutoff or fewer structures at a time."
    case .doublePrecisionUnavailable(let device):
      return "device '\(device)' has no double precision; use single precision or another device"
    }
  }

  private static func text(_ vector: SIMD3<Double>) -> String {
    "(\(vector.x), \(vector.y), \(vector.z))"
  }

  private static func text(_ vectors: [SIMD3<Double>]) -> String {
    "[" + vectors.map(text).joined(separator: ", ") + "]"
  }
}
