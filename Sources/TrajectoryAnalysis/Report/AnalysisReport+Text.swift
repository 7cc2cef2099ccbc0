extension AnalysisReport {
  /// The numbers as a table for a terminal.
  public var text: String {
    var lines: [String] = []
    for trajectory in trajectories {
      lines.append(
        "\(trajectory.name): \(trajectory.formula), \(trajectory.atomCount.counted("atom")), "
          + trajectory.frameCount.counted("frame"))
      lines += Self.rows(trajectory.keyNumbers)
    }
    for (name, numbers) in comparisons {
      lines.append("\(name) compared with \(trajectories[0].name)")
      lines += Self.rows(numbers)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func rows(_ numbers: [KeyNumber]) -> [String] {
    let cells = numbers.map { number -> (label: String, value: String, unit: String) in
      let text = QuantityText.of(number.quantity)
      let subject = number.subject.map { $0 == "all" ? "" : " \($0)" } ?? ""
      return (text.name + subject, text.text(of: number), text.unit)
    }
    let widths = (
      label: cells.map(\.label.count).max() ?? 0, value: cells.map(\.value.count).max() ?? 0
    )
    return cells.map { cell in
      let padding = widths.label - cell.label.count + widths.value - cell.value.count
      return
        "  \(cell.label)\(String(repeating: " ", count: padding + 2))\(cell.value) \(cell.unit)"
        .trimmingSuffix(while: \.isWhitespace)
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var result = self
    while let last = result.last, predicate(last) { result.removeLast() }
    return result
  }
}
