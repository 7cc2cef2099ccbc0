/// The bins into which the atoms of one structure are sorted, and how far a search must look.
///
/// A bin is a slice of a lattice's basis in each axis. Bins along the last axis are narrow and
/// stand next to each other in memory, so that a search reads few, long ranges of atoms. Bins of an
/// axis that does not repeat cover the atoms' extent; what lies outside counts to the outermost
/// bin, which keeps every pair that is near in space near in bins.
struct SearchGrid {
  let lattice: Lattice
  /// The number of bins along each axis.
  private(set) var bins = [1, 1, 1]
  /// How many bins away along each axis a neighbour may be.
  private(set) var reach = [0, 0, 0]
  /// The coordinate at which bin 0 starts.
  private(set) var origin = [0.0, 0.0, 0.0]
  /// Bins in one unit of the coordinate; 0 where one bin holds everything.
  private(set) var binsPerUnit = [0.0, 0.0, 0.0]
  /// The farthest image that a search can name (ten bits an axis).
  static let maximumReach = 511

  /// - Parameter roundoff: of the precision in which the device computes coordinates.
  init(
    for positions: [SIMD3<Double>], in cell: Cell?, cutoff: Double, roundoff: Double,
    at place: StructurePlace
  ) throws(NeighboursError) {
    lattice = Lattice(cell)
    let inverse = lattice.inverse
    let extent = try Extent(of: positions, in: lattice, at: place)
    // An atom that rounding puts into the next bin must not lose its neighbours.
    let safeCutoff = cutoff * (1 + 1e-9) + 16 * roundoff * extent.largestCoordinate
    let thicknesses = (0..<3).map { extent.lengths[$0] / inverse[$0].length }
    origin = extent.origin
    bins = Self.bins(for: thicknesses, cutoff: safeCutoff, atomCount: positions.count)
    for axis in 0..<3 where lattice.periodic[axis] || bins[axis] > 1 {
      let width = thicknesses[axis] / Double(bins[axis])
      binsPerUnit[axis] = Double(bins[axis]) / extent.lengths[axis]
      let farthest = (safeCutoff / width).rounded(.up)
      guard farthest / Double(bins[axis]) < Double(Self.maximumReach) else {
        throw .cutoffSpansTooManyCells(
          cutoff: cutoff, axis: axis, width: thicknesses[axis], place: place)
      }
      reach[axis] = Int(farthest)
    }
  }

  var binCount: Int { bins.reduce(1, *) }

  /// Bins a cutoff wide, along the last axis a quarter of it; wider ones in an empty space, so that
  /// there are not many more bins than atoms.
  private static func bins(
    for thicknesses: [Double], cutoff: Double, atomCount: Int
  ) -> [Int] {
    let most = 1e6
    var bins = zip(thicknesses, [cutoff, cutoff, cutoff / 4]).map { thickness, width in
      max(1, Int(min(thickness / width, most)))
    }
    while bins.reduce(1, *) > max(8, 4 * atomCount) {
      let longest = bins.indices.max { bins[$0] < bins[$1] } ?? 0
      bins[longest] = (bins[longest] + 1) / 2
    }
    return bins
  }
}

/// What of space the atoms of a structure take up, in coordinates of a lattice.
private struct Extent {
  /// The smallest coordinate along an axis that does not repeat; 0 along one that does.
  var origin = [0.0, 0.0, 0.0]
  /// The difference between largest and smallest coordinate; 1 along an axis that repeats.
  var lengths = [1.0, 1.0, 1.0]
  /// The largest magnitude of a Cartesian coordinate.
  var largestCoordinate = 0.0

  init(
    of positions: [SIMD3<Double>], in lattice: Lattice, at place: StructurePlace
  ) throws(NeighboursError) {
    let inverse = lattice.inverse
    let rows = (0..<3).map { axis in
      SIMD3(inverse[0][axis], inverse[1][axis], inverse[2][axis])
    }
    let farthest = 1e9
    let limit = SIMD3<Double>(
      lattice.periodic[0] ? farthest : .infinity,
      lattice.periodic[1] ? farthest : .infinity, lattice.periodic[2] ? farthest : .infinity)
    var lowest = SIMD3<Double>(repeating: .infinity)
    var highest = SIMD3<Double>(repeating: -.infinity)
    var largest = SIMD3<Double>.zero
    for (atom, position) in positions.enumerated() {
      let coordinates = position.x * rows[0] + position.y * rows[1] + position.z * rows[2]
      let magnitudes = coordinates.replacing(with: -coordinates, where: coordinates .< 0)
      // A comparison with NaN is false, and infinity is not below itself.
      guard all(magnitudes .< limit) else {
        guard position.isFinite else {
          throw .positionNotFinite(atom: atom, position: position, place: place)
        }
        throw .positionTooFar(atom: atom, position: position, place: place)
      }
      lowest = pointwiseMin(lowest, coordinates)
      highest = pointwiseMax(highest, coordinates)
      largest = pointwiseMax(largest, pointwiseMax(position, -position))
    }
    largestCoordinate = max(largest.x, largest.y, largest.z)
    for axis in 0..<3 where !lattice.periodic[axis] {
      origin[axis] = positions.isEmpty ? 0 : lowest[axis]
      lengths[axis] = positions.isEmpty ? 0 : highest[axis] - lowest[axis]
    }
  }
}
