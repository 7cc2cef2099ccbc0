/// The bins into which the atoms of one structure are sorted, and how far a search must look.
///
/// Space is sliced along each axis of a lattice into slabs at least a cutoff thick, along the last
/// axis a sixth of it. Bins along the last axis stand next to each other in memory, so that a search
/// reads few, long ranges of atoms.
///
/// In a wide empty space there would be many more slabs than atoms. Then slabs share bins: slab `k`
/// uses bin `k mod bins`. A search looks at no more neighbouring slabs than there are bins, so it
/// visits a bin once, and what is there from another slab is too far away to be a neighbour. Hence
/// the number of bins is bounded by that of atoms, and atoms may be anywhere.
struct SearchGrid {
  let lattice: Lattice
  /// The number of bins along each axis.
  private(set) var bins = [1, 1, 1]
  /// The number of slabs in a cell along each axis that repeats, a multiple of the bins; else 0.
  private(set) var slabs = [0, 0, 0]
  /// Slabs in one unit of the coordinate.
  private(set) var slabsPerUnit = [0.0, 0.0, 0.0]
  /// How many slabs away along each axis a neighbour may be.
  private(set) var reach = [0, 0, 0]
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

    // An atom that rounding puts into the next slab must not lose its neighbours.
    let safeCutoff = cutoff * (1 + 1e-9) + 16 * roundoff * largestCoordinate
    let thicknesses = lattice.inverse.map { 1 / $0.length }
    var spaces: [Int] = []
    for (axis, share) in [1.0, 1, 6].enumerated() {
      // Slabs are counted in 32 bits.
      let width = max(safeCutoff / share, 1e-8 * max(thicknesses[axis], largestCoordinate))
      if lattice.periodic[axis] {
        slabs[axis] = max(1, Int(thicknesses[axis] / width))
        slabsPerUnit[axis] = Double(slabs[axis])
        let farthest = (safeCutoff * slabsPerUnit[axis] / thicknesses[axis]).rounded(.up)
        guard farthest < Double(Self.maximumReach * slabs[axis]) else {
          throw .cutoffSpansTooManyCells(
            cutoff: cutoff, axis: axis, width: thicknesses[axis], place: place)
        }
        reach[axis] = Int(farthest)
        spaces.append(slabs[axis])
      } else {
        slabsPerUnit[axis] = 1 / width
        reach[axis] = Int((safeCutoff / width).rounded(.up))
        // Empty slabs at the end, so that a search beyond the last one meets nothing.
        spaces.append(Int(extent.lengths[axis] / width) + 2 + reach[axis])
      }
    }
    share(spaces, among: positions.count)
    try check(atomCount: positions.count, cutoff: cutoff, at: place)
  }

  var binCount: Int { bins.reduce(1, *) }

  /// Chooses bins for that many slabs along the axes: as many, unless that is too many.
  private mutating func share(_ spaces: [Int], among atomCount: Int) {
    let fewest = reach.map { 2 * $0 + 1 }
    bins = (0..<3).map { lattice.periodic[$0] ? spaces[$0] : max(spaces[$0], fewest[$0]) }
    func isTooMany() -> Bool {
      bins.reduce(1.0) { $0 * Double($1) } > Double(4 * atomCount)
    }
    while isTooMany(),
      let axis = (0..<3).filter({ bins[$0] > fewest[$0] }).max(by: { bins[$0] < bins[$1] })
    {
      bins[axis] = max(fewest[axis], (bins[axis] + 1) / 2)
    }
    for axis in 0..<3 where lattice.periodic[axis] {
      slabs[axis] -= slabs[axis] % bins[axis]
      slabsPerUnit[axis] = Double(slabs[axis])
    }
  }

  /// Refuses what the device could not count.
  private func check(
    atomCount: Int, cutoff: Double, at place: StructurePlace
  ) throws(NeighboursError) {
    let visitsToEachBin = (0..<3).reduce(1) { visits, axis in
      visits * ((2 * reach[axis] + bins[axis]) / bins[axis])
    }
    let candidates = visitsToEachBin * atomCount
    guard candidates < Int32.max else {
      throw .tooLarge(what: "candidates for the neighbours of one atom\(place)", count: candidates)
    }
    // A cutoff of many cells takes long to find too long.
    if let volume = lattice.volume {
      let ball = 4 / 3 * Double.pi * cutoff * cutoff * cutoff
      let edges = Double(atomCount) * Double(atomCount) * ball / volume
      guard edges < 2 * Double(Int32.max) else {
        throw .tooLarge(what: "edges\(place)", count: Int(min(edges, 1e18)))
      }
    }
  }
}
