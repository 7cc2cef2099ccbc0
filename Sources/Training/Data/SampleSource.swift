/// Samples to learn from, by number. They may lie in files and be read when they are asked for.
public protocol SampleSource<Sample>: Sendable {
  associatedtype Sample: Sendable

  var count: Int { get }

  /// - Throws: an error that names the sample.
  func sample(at index: Int) throws -> Sample

  /// What a message calls the sample, such as "train.extxyz frame 12".
  func name(at index: Int) -> String
}

/// Samples that are in memory.
public struct SampleArray<Sample: Sendable>: SampleSource {
  private let samples: [Sample]
  private let label: String

  public init(_ samples: [Sample], label: String = "sample") {
    self.samples = samples
    self.label = label
  }

  public var count: Int { samples.count }
  public func sample(at index: Int) -> Sample { samples[index] }
  public func name(at index: Int) -> String { "\(label) \(index)" }
}

/// The order of samples in an epoch.
enum Shuffle {
  /// All numbers below `count`, in an order that depends on the seed and the epoch alone, so that
  /// a training that is resumed in the middle of an epoch sees the rest of it.
  static func order(of count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var generator = SplitMix64(state: seed ^ (UInt64(epoch) &* 0xD6E8_FEB8_6659_FD93))
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(generator.next(below: UInt64(last + 1))))
    }
    return order
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014), with a draw below a bound that is the same with every
/// version of the standard library.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The high half of a product: uneven by at most `bound`/2⁶⁴.
  mutating func next(below bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }
}
