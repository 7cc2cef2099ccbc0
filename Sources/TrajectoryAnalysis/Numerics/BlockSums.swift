/// Means of vectors over a stream of samples whose length is not known beforehand, with standard
/// errors from blocks of successive samples.
///
/// It keeps between 16 and 32 blocks, whatever the number of samples: when there are 32, each two
/// become one.
struct BlockSums {
  let width: Int
  private(set) var sampleCount = 0
  private var blocks: [[Double]] = []
  private var samplesPerBlock = 1
  private var current: [Double]
  private var currentCount = 0

  private static let greatestBlockCount = 32

  init(width: Int) {
    self.width = width
    current = [Double](repeating: 0, count: width)
  }

  mutating func add(_ sample: [Double]) {
    precondition(sample.count == width, "a sample of \(sample.count), expected \(width)")
    for index in sample.indices { current[index] += sample[index] }
    sampleCount += 1
    currentCount += 1
    guard currentCount == samplesPerBlock else { return }
    blocks.append(current)
    current = [Double](repeating: 0, count: width)
    currentCount = 0
    if blocks.count == Self.greatestBlockCount {
      blocks = stride(from: 0, to: blocks.count, by: 2).map { first in
        zip(blocks[first], blocks[first + 1]).map { $0 + $1 }
      }
      samplesPerBlock *= 2
    }
  }

  /// The mean over all samples.
  var means: [Double] {
    var sum = current
    for block in blocks {
      for index in sum.indices { sum[index] += block[index] }
    }
    return sum.map { $0 / Double(sampleCount) }
  }

  /// The means over the whole blocks.
  var blockMeans: [[Double]] {
    blocks.map { block in block.map { $0 / Double(samplesPerBlock) } }
  }
}
