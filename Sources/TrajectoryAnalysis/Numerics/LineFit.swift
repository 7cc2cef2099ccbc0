/// A straight line through points, by least squares with equal weights.
public struct LineFit: Sendable, Equatable {
  public let slope: Double
  /// The value at x = 0.
  public let intercept: Double
  /// The standard error of the slope from the scatter about the line; nil for two points.
  public let slopeError: Double?
  /// The root mean square of the deviations from the line.
  public let deviation: Double

  /// - Returns: nil for fewer than two different x.
  public init?(_ x: [Double], _ y: [Double]) {
    precondition(x.count == y.count, "\(x.count) abscissae and \(y.count) ordinates")
    let count = Double(x.count)
    guard count >= 2 else { return nil }
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (xx, xy) = (0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - meanX) * (a - meanX)
      xy += (a - meanX) * (b - meanY)
    }
    guard xx > 0 else { return nil }
    let slope = xy / xx
    let residual = zip(x, y).reduce(0) { sum, point in
      let difference = point.1 - meanY - slope * (point.0 - meanX)
      return sum + difference * difference
    }
    self.slope = slope
    intercept = meanY - slope * meanX
    slopeError = count > 2 ? (residual / (count - 2) / xx).squareRoot() : nil
    deviation = (residual / count).squareRoot()
  }

  /// A line through the means of some 16 blocks of a correlated series, which are nearly
  /// independent, so that the error of the slope is an honest one.
  public init?(blocksOf x: [Double], _ y: [Double], count: Int = 16) {
    guard x.count >= 2 * count else {
      self.init(x, y)
      return
    }
    func means(_ values: [Double]) -> [Double] {
      (0..<count).map { block in
        let range = block * values.count / count..<(block + 1) * values.count / count
        return values[range].reduce(0, +) / Double(range.count)
      }
    }
    self.init(means(x), means(y))
  }
}
