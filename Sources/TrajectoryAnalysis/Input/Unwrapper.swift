/// Follows atoms through the faces of the cell.
///
/// From frame to frame an atom is taken to have moved the short way; positions that were never
/// wrapped stay as they are, as long as atoms move less than half the cell between frames.
struct Unwrapper {
  private var previous: [SIMD3<Double>] = []
  private(set) var positions: [SIMD3<Double>] = []
  /// The longest component of a step along an axis, relative to the cell's width along it; near
  /// one half the short way need not be the true one.
  private(set) var largestRelativeStep = 0.0

  mutating func add(_ frame: TrajectoryFrame) {
    defer { previous = frame.positions }
    guard !previous.isEmpty else {
      positions = frame.positions
      return
    }
    for atom in positions.indices {
      var step = frame.positions[atom] - previous[atom]
      if let box = frame.box {
        step = box.unwrapped(step)
        let fractional = box.fractional(step)
        for axis in 0..<3 where box.periodic[axis] {
          largestRelativeStep = max(largestRelativeStep, abs(fractional[axis]))
        }
      }
      positions[atom] += step
    }
  }
}
