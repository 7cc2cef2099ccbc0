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
  let screening: Screening

  /// The farthest image that a search can name (ten bits an axis).
  static let maximumReach = 511

  /// - Parameter roundoff: of the precision in which the device computes coordinates.
  init(
    for positions: [SIMD3<Double>], in cell: Cell?, cutoff: Double, roundoff: Double,
    at place: StructurePlace
  ) throws(NeighboursError) {
    lattice = Lattice(cell)
    let extent = try Extent(of: positions, in: lattice, at: place)
    guard extent.largestShift(in: lattice, beyond: Self.maximumReach) < Double(Int32.max) else {
      throw .atomsTooFarApart(place: place)
    }
    let periodicSize = zip(lattice.vectors, lattice.periodic).filter(\.1).map(\.0.length)
      .reduce(0, +)
    let largestCoordinate = periodicSize + extent.largestCoordinate
    screening = Screening(cutoff: cutoff, coordinate: largestCoordinate)

    // An atom that rounding puts into the next bin must not lose its neighbours.
    let safeCutoff = cutoff * (1 + 1e-9) + 16 * roundoff * largestCoordinate
    let thicknesses = zip(extent.lengths, lattice.inverse).map { $0 / $1.length }
    origin = extent.origin
    bins = Self.bins(for: thicknesses, cutoff: safeCutoff, atomCount: positions.count)
    var visitsToEachBin = 1
    for axis in 0..<3 where lattice.periodic[axis] || bins[axis] > 1 {
      let width = thicknesses[axis] / Double(bins[axis])
      binsPerUnit[axis] = Double(bins[axis]) / extent.lengths[axis]
      let farthest = (safeCutoff / width).rounded(.up)
      guard farthest < Double(Self.maximumReach * bins[axis]) else {
        throw .cutoffSpansTooManyCells(
          cutoff: cutoff, axis: axis, width: thicknesses[axis], place: place)
      }
      reach[axis] = Int(farthest)
      visitsToEachBin *= (2 * reach[axis] + bins[axis]) / bins[axis]
    }
    // The device counts the edges of an atom in 32 bits.
    let candidates = visitsToEachBin * positions.count
    guard candidates < Int32.max else {
      throw .tooLarge(what: "candidates for the neighbours of one atom\(place)", count: candidates)
    }
    // A cutoff of many cells takes long to find too long.
    if let volume = lattice.volume {
      let count = Double(positions.count)
      let edges = count * count * 4 / 3 * Double.pi * cutoff * cutoff * cutoff / volume
      guard edges < 2 * Double(Int32.max) else {
        throw .tooLarge(what: "edges\(place)", count: Int(min(edges, 1e18)))
      }
    }
  }

  var binCount: Int { bins.reduce(1, *) }

  /// Bins a cutoff wide, along the last axis a sixth of it; wider ones in an empty space, so that
  /// there are not many more bins than atoms.
  private static func bins(
    for thicknesses: [Double], cutoff: Double, atomCount: Int
  ) -> [Int] {
    let most = 1e6
    var bins = zip(thicknesses, [cutoff, cutoff, cutoff / 6]).map { thickness, width in
      max(1, Int(min(thickness / width, most)))
    }
    while bins.reduce(1, *) > max(8, 4 * atomCount) {
      let longest = bins.indices.max { bins[$0] < bins[$1] } ?? 0
      bins[longest] = (bins[longest] + 1) / 2
    }
    return bins
  }
}

/// Up to where distances computed in single precision tell whether atoms are neighbours.
struct Screening {
  /// What seems to be shorter is shorter than the cutoff.
  let near: Double
  /// What seems to be longer is longer than the cutoff.
  let far: Double
  /// What seems to be longer is not zero.
  let apart: Double

  /// - Parameter coordinate: the largest magnitude of a coordinate and of a translation.
  init(cutoff: Double, coordinate: Double) {
    // A component is (x_j - x_i) + t: the rounding of each of the three numbers and of the two
    // results, each at most half a unit in the last place of 2 · coordinate or less; √3 from the
    // three components, and as much again for the products and sums of the square.
    let roundoff = Double(Float.ulpOfOne) / 2
    let error = 3.0.squareRoot() * 5 * roundoff * 2 * (coordinate + cutoff) + 8 * roundoff * cutoff
    near = max(0, cutoff - error)
    far = cutoff + error
    apart = 2 * error + 1e-6 * cutoff
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
  /// The largest magnitude of a coordinate in the lattice.
  private var cellsAway = 0.0

  init(
    of positions: [SIMD3<Double>], in lattice: Lattice, at place: StructurePlace
  ) throws(NeighboursError) {
    let inverse = lattice.inverse
    let rows = (0..<3).map { axis in
      SIMD3(inverse[0][axis], inverse[1][axis], inverse[2][axis])
    }
    var lowest = SIMD3<Double>(repeating: .infinity)
    var highest = SIMD3<Double>(repeating: -.infinity)
    var largest = SIMD3<Double>.zero
    for (atom, position) in positions.enumerated() {
      let coordinates = position.x * rows[0] + position.y * rows[1] + position.z * rows[2]
      guard position.isFinite else {
        throw .positionNotFinite(atom: atom, position: position, place: place)
      }
      lowest = pointwiseMin(lowest, coordinates)
      highest = pointwiseMax(highest, coordinates)
      largest = pointwiseMax(largest, pointwiseMax(position, -position))
    }
    guard !positions.isEmpty else {
      lengths = lattice.periodic.map { $0 ? 1 : 0 }
      return
    }
    largestCoordinate = max(largest.x, largest.y, largest.z)
    for axis in 0..<3 {
      cellsAway = max(cellsAway, -lowest[axis], highest[axis])
      guard !lattice.periodic[axis] else { continue }
      origin[axis] = lowest[axis]
      lengths[axis] = highest[axis] - lowest[axis]
    }
  }

  /// A bound on the shifts between atoms, in vectors of the cell, when edges reach `images` beyond.
  func largestShift(in lattice: Lattice, beyond images: Int) -> Double {
    let sums = (0..<3).map { column in
      lattice.transform.map { abs(Double($0[column])) }.reduce(0, +)
    }
    return (2 * cellsAway + Double(images) + 2) * (sums.max() ?? 1)
  }
}
