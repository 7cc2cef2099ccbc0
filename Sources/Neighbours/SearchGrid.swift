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
  /// Bins in one unit of the coordinate.
  private(set) var binsPerUnit = [1.0, 1.0, 1.0]

  /// The farthest bin, and so image, that a search can name (ten bits an axis).
  static let maximumReach = 511

  /// - Parameter roundoff: of the precision in which the device computes coordinates.
  init(
    for positions: [SIMD3<Double>], in cell: Cell?, cutoff: Double, roundoff: Double,
    at place: StructurePlace
  ) throws(NeighboursError) {
    lattice = Lattice(cell)
    let inverse = lattice.inverse
    var extent = [0.0, 0.0, 0.0]
    var size = 0.0
    var lowest = [Double](repeating: .infinity, count: 3)
    var highest = [Double](repeating: -.infinity, count: 3)
    for (atom, position) in positions.enumerated() {
      guard position.isFinite else {
        throw .positionNotFinite(atom: atom, position: position, place: place)
      }
      for axis in 0..<3 {
        let coordinate = inverse[axis].dot(position)
        lowest[axis] = min(lowest[axis], coordinate)
        highest[axis] = max(highest[axis], coordinate)
        if lattice.periodic[axis], !(abs(coordinate) < 1e9) {
          throw .positionTooFar(atom: atom, position: position, place: place)
        }
      }
      size = max(size, abs(position.x), abs(position.y), abs(position.z))
    }
    for axis in 0..<3 {
      if lattice.periodic[axis] {
        extent[axis] = 1
      } else if lowest[axis] < highest[axis] {
        origin[axis] = lowest[axis]
        extent[axis] = highest[axis] - lowest[axis]
      }
    }

    // A coordinate that rounding puts into the next bin must not lose its neighbours.
    let safeCutoff = cutoff * (1 + 1e-9) + 16 * roundoff * size
    let widths = [safeCutoff, safeCutoff, safeCutoff / 4]
    for axis in 0..<3 {
      let thickness = extent[axis] / inverse[axis].length
      bins[axis] = max(1, Int(min(thickness / widths[axis], 1e6)))
    }
    let mostBins = max(8, 4 * positions.count)
    while bins.reduce(1, *) > mostBins {
      let widest = bins.indices.max { bins[$0] < bins[$1] } ?? 0
      bins[widest] = (bins[widest] + 1) / 2
    }
    for axis in 0..<3 where extent[axis] > 0 {
      let width = extent[axis] / inverse[axis].length / Double(bins[axis])
      let images = (safeCutoff / width).rounded(.up)
      binsPerUnit[axis] = Double(bins[axis]) / extent[axis]
      reach[axis] = lattice.periodic[axis] ? Int(min(images, 1e9)) : Int(min(images, 1e6))
      guard !lattice.periodic[axis] || reach[axis] / bins[axis] < Self.maximumReach else {
        throw .cutoffSpansTooManyCells(
          cutoff: cutoff, axis: axis, images: reach[axis] / bins[axis], place: place)
      }
    }
  }

  var binCount: Int { bins.reduce(1, *) }
}
