/// The mean of a series of correlated samples and its standard error, by blocking.
///
/// The series is averaged in pairs again and again; the standard error computed as if the averages
/// were independent grows until they are (Flyvbjerg & Petersen, J. Chem. Phys. 91, 461, 1989). The
/// largest of these errors counts, from levels with at least 16 averages, so that it is itself
/// known to some 20 %.
///
/// - The error is nil for fewer than two samples.
/// - Where the series is shorter than some 16 correlation times, the error is too small.
public struct BlockAverage: Sendable, Equatable {
  public let mean: Double
  public let error: Double?

  private static let leastBlockCount = 16

  public init(_ samples: [Double]) {
    mean = samples.isEmpty ? .nan : samples.reduce(0, +) / Double(samples.count)
    guard samples.count > 1 else {
      error = nil
      return
    }
    var blocks = samples
    var largest = Self.standardError(blocks)
    while blocks.count / 2 >= Self.leastBlockCount {
      blocks = (0..<blocks.count / 2).map { block -> Double in
        0.5 * (blocks[2 * block] + blocks[2 * block + 1])
      }
      largest = max(largest, Self.standardError(blocks))
    }
    error = largest
  }

  init(mean: Double, error: Double?) {
    self.mean = mean
    self.error = error
  }

  /// The standard error of the mean of independent samples; 0 for one.
  static func standardError(_ samples: [Double]) -> Double {
    let count = Double(samples.count)
    guard count > 1 else { return 0 }
    let mean = samples.reduce(0, +) / count
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / (count - 1) / count).squareRoot()
  }
}
