import Foundation

extension Plot {
  private static let size = (width: 460.0, height: 280.0)
  private static let margin = (left: 66.0, right: 14.0, top: 12.0, bottom: 46.0)

  /// The plot as a figure of the page: title, legend, picture, caption.
  var figure: String {
    let legend = Self.legend(of: curves)
    return """
      <figure class="plot">
      <figcaption><h3>\(title.escaped)</h3>\(legend)</figcaption>
      \(picture)
      \(caption.isEmpty ? "" : "<p>\(caption.escaped)</p>\n")</figure>
      """
  }

  private static func legend(of curves: [Curve]) -> String {
    var seen: Set<String> = []
    let items = curves.filter { !$0.label.isEmpty && seen.insert($0.label).inserted }
    guard items.count > 1 else { return "" }
    return "<ul class=\"legend\">"
      + items.map { curve in
        "<li class=\"c\(curve.colour % Self.colourCount)\"><svg viewBox=\"0 0 22 8\"><path d=\"M1 4h20\""
          + (curve.isDashed ? " class=\"dashed\"" : "") + "/></svg>\(curve.label.escaped)</li>"
      }.joined() + "</ul>"
  }

  private var picture: String {
    let xTicks = AxisTicks(xRange, count: 6, isTight: true, step: x.step)
    let yTicks = AxisTicks(yRange, count: 5, isTight: y.range != nil)
    let frame = Frame(x: xTicks.range, y: yTicks.range)
    var parts = [
      "<svg class=\"chart\" viewBox=\"0 0 460 280\" role=\"img\" aria-label=\"\(title.escaped)\" "
        + "data-x=\"\(x.unit.escaped)\" data-frame=\"\(frame.description)\">"
    ]
    parts.append("<g class=\"grid\">")
    for value in yTicks.values { parts.append(frame.horizontal(value)) }
    parts.append("</g>")
    if let reference, yTicks.range.contains(reference) {
      parts.append("<g class=\"reference\">\(frame.horizontal(reference))</g>")
    }
    parts.append("<g class=\"axis\">")
    parts.append(frame.axisLines(xTicks.values))
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      parts.append(
        "<text x=\"\(frame.px(value))\" y=\"\(text(frame.bottom + 18))\" "
          + "text-anchor=\"middle\">\(label)</text>")
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      parts.append(
        "<text x=\"\(text(frame.left - 8))\" y=\"\(frame.py(value))\" dy=\".35em\" "
          + "text-anchor=\"end\">\(label)</text>")
    }
    parts.append("</g>")
    let middle = (x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2)
    parts.append(
      "<text class=\"label\" x=\"\(text(middle.x))\" y=\"\(text(Self.size.height - 8))\" "
        + "text-anchor=\"middle\">\(x.text.escaped)</text>")
    parts.append(
      "<text class=\"label\" transform=\"translate(12 \(text(middle.y))) rotate(-90)\" "
        + "text-anchor=\"middle\">\(y.text.escaped)</text>")
    for curve in curves where !curve.band.isEmpty { parts.append(frame.band(curve)) }
    for curve in curves { parts.append(frame.line(curve)) }
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  private var xRange: ClosedRange<Double> {
    x.range ?? Self.range(of: curves.flatMap { $0.points.map(\.x) })
  }

  private var yRange: ClosedRange<Double> {
    let visible = xRange
    return y.range
      ?? Self.range(
        of: curves.flatMap { curve in
          curve.points.filter { visible.contains($0.x) }.map(\.y)
        })
  }

  private static func range(of values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    // The ripple of a window about zero is not worth half an axis.
    return (low < 0 && -low < 0.03 * high ? 0 : low)...high
  }

  /// Where the numbers are in the picture.
  private struct Frame: CustomStringConvertible {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    let left = Plot.margin.left
    let right = Plot.size.width - Plot.margin.right
    let top = Plot.margin.top
    let bottom = Plot.size.height - Plot.margin.bottom

    /// What the page's script needs to read values back.
    var description: String {
      [left, right, top, bottom, x.lowerBound, x.upperBound, y.lowerBound, y.upperBound]
        .map { String(format: "%.9g", $0) }.joined(separator: " ")
    }

    func px(_ value: Double) -> String {
      text(left + (value - x.lowerBound) / (x.upperBound - x.lowerBound) * (right - left))
    }

    func py(_ value: Double) -> String {
      text(bottom - (value - y.lowerBound) / (y.upperBound - y.lowerBound) * (bottom - top))
    }

    func horizontal(_ value: Double) -> String {
      "<path d=\"M\(text(left)) \(py(value))H\(text(right))\"/>"
    }

    func axisLines(_ ticks: [Double]) -> String {
      let marks = ticks.map { "M\(px($0)) \(text(bottom))v4" }.joined()
      return "<path d=\"M\(text(left)) \(text(bottom))H\(text(right))\(marks)\"/>"
    }

    /// What lies outside is cut off at a point beyond the frame's edge.
    private func clamped(_ point: SIMD2<Double>) -> SIMD2<Double> {
      SIMD2(point.x, min(max(point.y, y.lowerBound), y.upperBound))
    }

    private func path(_ points: [SIMD2<Double>]) -> String {
      points.map { "\(px($0.x)),\(py(clamped($0).y))" }.joined(separator: " ")
    }

    func line(_ curve: Curve) -> String {
      let visible = curve.points.filter { x.contains($0.x) && $0.y.isFinite }
      return
        "<polyline class=\"c\(curve.colour % Plot.colourCount)\(curve.isDashed ? " dashed" : "")\" "
        + "data-label=\"\(curve.label.escaped)\" points=\"\(path(visible.thinned(columns: 380)))\"/>"
    }

    func band(_ curve: Curve) -> String {
      let points = zip(curve.points, curve.band).filter { x.contains($0.0.x) }
      let upper = points.map { SIMD2($0.x, $0.y + $1) }.thinned(columns: 190)
      let lower = points.map { SIMD2($0.x, $0.y - $1) }.thinned(columns: 190)
      return
        "<polygon class=\"c\(curve.colour % Plot.colourCount)\" points=\"\(path(upper + lower.reversed()))\"/>"
    }
  }
}

/// A coordinate of a picture, to a hundredth.
private func text(_ value: Double) -> String {
  let rounded = (value * 100).rounded() / 100
  return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}

extension String {
  /// The text as it may stand in a page, in quotes too.
  var escaped: String {
    var result = ""
    for character in self {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }
}
