/// Some frames of a trajectory, evenly spaced over it, whatever its length: whenever too many have
/// gathered, every other one goes.
struct FrameSample {
  struct Frame: Sendable {
    /// The index among the frames that were looked at.
    let index: Int
    /// In fs.
    let time: Double?
    /// As in the file, in Å.
    let positions: [SIMD3<Double>]
    let box: PeriodicBox?
  }

  private(set) var frames: [Frame] = []
  private let capacity: Int
  private var stride = 1
  private var count = 0

  /// The sample holds at most this many frames, and about this many positions.
  private static let greatestFrameCount = 120
  private static let greatestPositionCount = 400_000

  init(atomCount: Int) {
    let fitting = Self.greatestPositionCount / max(1, atomCount)
    capacity = min(Self.greatestFrameCount, max(2, fitting)) & ~1
  }

  mutating func add(_ frame: @autoclosure () -> Frame) {
    defer { count += 1 }
    guard count % stride == 0 else { return }
    if frames.count == capacity {
      frames = Swift.stride(from: 0, to: frames.count, by: 2).map { frames[$0] }
      stride *= 2
      guard count % stride == 0 else { return }
    }
    frames.append(frame())
  }
}
