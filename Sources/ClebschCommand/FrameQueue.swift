/// Collects frames until there are enough for one evaluation.
struct FrameQueue {
  enum Limit {
    case structures(Int)
    /// The least number of atoms that makes a batch.
    case atoms(Int)
  }

  private let limit: Limit
  private var frames: [LocatedFrame] = []
  private var atomCount = 0

  init(limit: Limit) { self.limit = limit }

  /// Adds a frame and returns the batch that is now complete, or an empty one.
  mutating func add(_ frame: LocatedFrame) -> [LocatedFrame] {
    frames.append(frame)
    atomCount += frame.frame.atomCount
    let isComplete =
      switch limit {
      case .structures(let count): frames.count >= count
      case .atoms(let count): atomCount >= count
      }
    return isComplete ? removeAll() : []
  }

  /// The frames that are waiting.
  mutating func removeAll() -> [LocatedFrame] {
    defer {
      frames = []
      atomCount = 0
    }
    return frames
  }
}
