/// What of space the atoms of a structure take up.
struct Extent {
  /// The difference between the largest and the smallest coordinate in a lattice, along each axis.
  private(set) var lengths = [0.0, 0.0, 0.0]
  /// The largest magnitude of a Cartesian coordinate.
  private(set) var largestCoordinate = 0.0
  /// The largest magnitude of a coordinate in the lattice.
  private var cellsAway = 0.0

  init(
    of positions: [SIMD3<Double>], in lattice: Lattice, at place: StructurePlace
  ) throws(NeighboursError) {
    guard !positions.isEmpty else { return }
    let inverse = lattice.inverse
    let columns = (0..<3).map { axis in
      SIMD3(inverse[0][axis], inverse[1][axis], inverse[2][axis])
    }
    var lowest = SIMD3<Double>(repeating: .infinity)
    var highest = SIMD3<Double>(repeating: -.infinity)
    var largest = SIMD3<Double>.zero
    for (atom, position) in positions.enumerated() {
      guard position.isFinite else {
        throw .positionNotFinite(atom: atom, position: position, place: place)
      }
      let coordinates = position.x * columns[0] + position.y * columns[1] + position.z * columns[2]
      lowest = pointwiseMin(lowest, coordinates)
      highest = pointwiseMax(highest, coordinates)
      largest = pointwiseMax(largest, pointwiseMax(position, -position))
    }
    largestCoordinate = max(largest.x, largest.y, largest.z)
    for axis in 0..<3 {
      cellsAway = max(cellsAway, -lowest[axis], highest[axis])
      lengths[axis] = highest[axis] - lowest[axis]
    }
  }

  /// A bound on the shifts between atoms, in vectors of the cell, when edges reach `images` beyond;
  /// and, along axes that do not repeat, on distances.
  func largestShift(in lattice: Lattice, beyond images: Int) -> Double {
    let sums = (0..<3).map { column in
      lattice.transform.map { abs(Double($0[column])) }.reduce(0, +)
    }
    return (2 * cellsAway + Double(images) + 2) * (sums.max() ?? 1)
  }
}
