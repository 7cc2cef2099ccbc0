import Foundation

/// A picture of how training and validation loss went, as SVG: epochs to the right, the logarithm
/// of the loss upwards.
public enum LossCurve {
  private static let (width, height) = (720.0, 420.0)
  private static let (left, right, top, bottom) = (80.0, 20.0, 30.0, 50.0)

  public static func svg(_ history: [EpochRecord], title: String) -> String {
    let training = history.map { (Double($0.epoch), $0.trainingLoss) }
    let validation = history.compactMap { record in
      record.validationLoss.map { (Double(record.epoch), $0) }
    }
    let losses = (training + validation).map(\.1).filter { $0 > 0 && $0.isFinite }
    let lowest = floor(log10(losses.min() ?? 0.1))
    let highest = max(ceil(log10(losses.max() ?? 1)), lowest + 1)
    let last = max(Double(history.last?.epoch ?? 1), 2)

    func x(_ epoch: Double) -> Double {
      left + (epoch - 1) / (last - 1) * (width - left - right)
    }
    func y(_ exponent: Double) -> Double {
      top + (highest - exponent) / (highest - lowest) * (height - top - bottom)
    }
    func text(_ x: Double, _ y: Double, _ anchor: String, _ content: String) -> String {
      "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\">\(content)</text>"
    }
    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
      "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" "
        + "stroke=\"#ddd\"/>"
    }
    func curve(_ points: [(Double, Double)], _ colour: String) -> String {
      let places = points.filter { $0.1 > 0 && $0.1.isFinite }
        .map { "\(short(x($0.0))),\(short(y(log10($0.1))))" }
      return "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\" "
        + "points=\"\(places.joined(separator: " "))\"/>"
    }

    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(short(width)) \(short(height))\" "
        + "font-family=\"sans-serif\" font-size=\"13\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      text(width / 2, 18, "middle", escaped(title)),
    ]
    for exponent in Int(lowest)...Int(highest) {
      parts.append(line(left, y(Double(exponent)), width - right, y(Double(exponent))))
      parts.append(text(left - 8, y(Double(exponent)) + 4, "end", "1e\(exponent)"))
    }
    let stride = max(1, Int((last / 8).rounded(.up)))
    for epoch in Swift.stride(from: 1, through: Int(last), by: stride) {
      parts.append(line(x(Double(epoch)), top, x(Double(epoch)), height - bottom))
      parts.append(text(x(Double(epoch)), height - bottom + 18, "middle", "\(epoch)"))
    }
    parts += [
      text((left + width - right) / 2, height - 10, "middle", "epoch"),
      curve(training, "#1f6fb4"), curve(validation, "#d9541e"),
      "<g fill=\"#1f6fb4\">\(text(width - right - 8, top + 16, "end", "training"))</g>",
      "<g fill=\"#d9541e\">\(text(width - right - 8, top + 34, "end", "validation"))</g>",
      "</svg>",
    ]
    return parts.joined(separator: "\n") + "\n"
  }

  private static func short(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }
}
