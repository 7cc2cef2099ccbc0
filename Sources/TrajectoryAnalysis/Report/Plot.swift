import Foundation

/// A plot of curves, in terms of what is shown and not of how.
struct Plot {
  /// The page has this many; further curves take them again.
  static let colourCount = 6

  struct Curve {
    let label: String
    /// Which of the page's colours.
    let colour: Int
    var isDashed = false
    let points: [SIMD2<Double>]
    /// Below and above each point, for errors; empty for none.
    var band: [Double] = []
  }

  struct Axis {
    let label: String
    let unit: String
    /// nil takes what the curves need.
    var range: ClosedRange<Double>?
    /// Between ticks; nil takes a round number.
    var step: Double?

    init(
      _ label: String, _ unit: String = "", range: ClosedRange<Double>? = nil, step: Double? = nil
    ) {
      self.label = label
      self.unit = unit
      self.range = range
      self.step = step
    }

    /// "Time / ps": the numbers on the axis are the quantity over its unit.
    var text: String { unit.isEmpty ? label : "\(label) / \(unit)" }
  }

  let title: String
  /// What to know when looking at it.
  var caption = ""
  let x: Axis
  let y: Axis
  var curves: [Curve]
  /// A line across at this ordinate.
  var reference: Double?
}

/// The ticks of an axis: round numbers.
package struct AxisTicks: Equatable {
  package let values: [Double]
  package let range: ClosedRange<Double>
  private let decimals: Int

  /// - Parameters:
  ///   - isTight: whether the axis ends where the data do, and not at the next tick.
  ///   - count: about how many.
  ///   - step: between ticks; nil takes a round number.
  package init(_ range: ClosedRange<Double>, count: Int, isTight: Bool, step: Double? = nil) {
    var (low, high) = (range.lowerBound, range.upperBound)
    if !(high > low) {
      let margin = low == 0 ? 1 : abs(low) * 0.05
      (low, high) = (low - margin, high + margin)
    }
    let raw = (high - low) / Double(max(1, count))
    let power = pow(10, log10(raw).rounded(.down))
    let round = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= raw * (1 - 1e-9) } ?? raw
    let step = step ?? round
    let tolerance = 1e-9 * step
    let first = isTight ? ((low - tolerance) / step).rounded(.up) : (low / step).rounded(.down)
    let last = isTight ? ((high + tolerance) / step).rounded(.down) : (high / step).rounded(.up)
    values = first <= last ? (0...Int(last - first)).map { (first + Double($0)) * step } : []
    self.range = isTight ? low...high : first * step...last * step
    let isHalf = step == 2.5 * power
    decimals = max(0, -Int(log10(step * 1.000001).rounded(.down)) + (isHalf ? 1 : 0))
  }

  package var labels: [String] {
    values.map { value in
      abs(value) >= 1e6
        ? NumberText.significant(value, digits: 3) : NumberText.fixed(value, decimals: decimals)
    }
  }
}

extension [SIMD2<Double>] {
  /// The points of a curve that can be told apart at a resolution: of many in one column the first,
  /// the lowest, the highest and the last.
  package func thinned(columns: Int) -> [SIMD2<Double>] {
    guard count > 4 * columns, let first, let last, last.x > first.x else { return self }
    let scale = Double(columns) / (last.x - first.x)
    var result: [SIMD2<Double>] = []
    var start = startIndex
    while start < endIndex {
      let column = Int((self[start].x - first.x) * scale)
      var end = start
      var (low, high) = (start, start)
      while end < endIndex, Int((self[end].x - first.x) * scale) == column {
        if self[end].y < self[low].y { low = end }
        if self[end].y > self[high].y { high = end }
        end += 1
      }
      for index in Set([start, low, high, end - 1]).sorted() { result.append(self[index]) }
      start = end
    }
    return result
  }
}
