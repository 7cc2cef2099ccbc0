/// The coordinates of some atoms at all times.
struct CoordinateSeries {
  let atoms: Range<Int>
  private var values: [Double] = []
  private(set) var frameCount = 0

  init(atoms: Range<Int>) { self.atoms = atoms }

  mutating func add(_ vectors: [SIMD3<Double>], relativeTo origin: SIMD3<Double>) {
    for vector in vectors[atoms] {
      let relative = vector - origin
      values.append(relative.x)
      values.append(relative.y)
      values.append(relative.z)
    }
    frameCount += 1
  }

  /// One coordinate of an atom, in order of time.
  func series(ofAtom atom: Int, axis: Int) -> [Double] {
    let row = 3 * atoms.count
    let first = 3 * (atom - atoms.lowerBound) + axis
    return (0..<frameCount).map { values[$0 * row + first] }
  }
}
