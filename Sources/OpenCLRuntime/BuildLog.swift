/// What a driver's compiler wrote, which names lines of a source that the reader does not see.
package struct BuildLog {
  let text: String

  package init(text: String) { self.text = text }

  /// How many lines of a log are shown; a broken header easily makes thousands.
  private static let lineLimit = 40

  /// The log with the source line below each message that names one.
  package func annotated(with source: String) -> String {
    guard !text.isEmpty else { return "the driver gave no build log" }
    let sourceLines = source.split(separator: "\n", omittingEmptySubsequences: false)
    var shown: [String] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines.prefix(Self.lineLimit) {
      shown.append(String(line))
      guard let number = Self.lineNumber(in: line), sourceLines.indices.contains(number - 1) else {
        continue
      }
      shown.append("  line \(number) | \(sourceLines[number - 1])")
    }
    if lines.count > Self.lineLimit {
      shown.append("… and \(lines.count - Self.lineLimit) more lines")
    }
    return shown.joined(separator: "\n")
  }

  /// The line that a message points at: compilers write `file:line:column:` or `file:line:`.
  static func lineNumber(in message: Substring) -> Int? {
    guard
      let severity = ["error", "warning", "note"].lazy.compactMap({ message.range(of: $0) }).first
    else { return nil }
    // Some put the place before the severity, some (PoCL among them) behind it.
    let head = message[..<severity.lowerBound]
    let tail = message[severity.upperBound...]
    return place(in: head) ?? place(in: tail)
  }

  private static func place(in text: Substring) -> Int? {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    for (field, next) in zip(fields, fields.dropFirst()) where !field.isEmpty {
      if let number = Int(next), number > 0 { return number }
    }
    return nil
  }
}

extension Substring {
  fileprivate func range(of word: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(word) {
        return start..<index(start, offsetBy: word.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
