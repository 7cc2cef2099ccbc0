/// A value of a configuration file, YAML or JSON, with its place for messages.
///
/// Scalars stay text until somebody asks for a number, so that a message can show what was written.
package struct ConfigurationNode: Sendable {
  package enum Content: Sendable {
    case null
    /// `isQuoted` where the file says that this is text, whatever it looks like.
    case scalar(String, isQuoted: Bool)
    case sequence([ConfigurationNode])
    /// Entries in their order in the file.
    case mapping([(key: String, value: ConfigurationNode)])
  }

  package var content: Content
  /// The file's name as it was given.
  package var file: String
  /// Counted from 1; nil where the format keeps no lines.
  package var line: Int?
  /// The keys that lead here, such as `model.layers[2]`; empty for the whole file.
  package var path: String

  package init(_ content: Content, file: String, line: Int?, path: String) {
    self.content = content
    self.file = file
    self.line = line
    self.path = path
  }

  package var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// The entry under a key, if this is a mapping that has it.
  package subscript(key: String) -> ConfigurationNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The value as a phrase that can follow "found".
  package var phrase: String {
    switch content {
    case .null: "nothing"
    case .scalar(let text, _): quoted(text)
    case .sequence(let values): "a list of \(values.count)"
    case .mapping(let entries): "a section of \(entries.count) keys"
    }
  }

  /// An error about this value.
  package func mismatch(expected: String) -> FileFormatError {
    problem("'\(path)' is \(phrase)", expected: expected)
  }

  package func problem(_ found: String, expected: String) -> FileFormatError {
    FileFormatError(
      kind: .malformed, file: file, location: line.map { .line($0) } ?? .wholeFile, found: found,
      expected: expected)
  }
}

extension ConfigurationNode {
  /// The value of a JSON text.
  package init(_ json: JSONValue, file: String, path: String = "") {
    func child(_ value: JSONValue, _ step: String) -> ConfigurationNode {
      ConfigurationNode(value, file: file, path: path + step)
    }
    let content: Content =
      switch json {
      case .null: .null
      case .bool(let value): .scalar(value ? "true" : "false", isQuoted: false)
      case .integer(let value): .scalar(String(value), isQuoted: false)
      case .real(let value): .scalar(String(value), isQuoted: false)
      case .string(let value): .scalar(value, isQuoted: true)
      case .array(let values):
        .sequence(values.enumerated().map { child($1, "[\($0)]") })
      case .object(let members):
        .mapping(
          members.map { ($0.key, child($0.value, path.isEmpty ? $0.key : ".\($0.key)")) })
      }
    self.init(content, file: file, line: nil, path: path)
  }

  /// The value as JSON, numbers as numbers.
  package var json: JSONValue {
    switch content {
    case .null: return .null
    case .scalar(let text, isQuoted: true): return .string(text)
    case .scalar(let text, isQuoted: false):
      if let value = Int(text) { return .integer(value) }
      if let value = Double(text) { return .real(value) }
      switch text.lowercased() {
      case "true": return .bool(true)
      case "false": return .bool(false)
      default: return .string(text)
      }
    case .sequence(let values): return .array(values.map(\.json))
    case .mapping(let entries): return .object(entries.map { ($0.key, $0.value.json) })
    }
  }
}

extension ConfigurationNode {
  package func text() throws -> String {
    guard case .scalar(let text, _) = content else { throw mismatch(expected: "a text") }
    return text
  }

  package func integer(_ range: ClosedRange<Int>? = nil) throws -> Int {
    let expected = "an integer" + (range.map { Self.bounds($0.lowerBound, $0.upperBound) } ?? "")
    guard case .scalar(let text, isQuoted: false) = content, let value = Int(text),
      range?.contains(value) ?? true
    else { throw mismatch(expected: expected) }
    return value
  }

  /// - Parameter lower: what the number has to be greater than.
  package func number(above lower: Double? = nil, atLeast least: Double? = nil) throws -> Double {
    let expected =
      "a number" + (lower.map { " above \($0)" } ?? least.map { " of at least \($0)" } ?? "")
    guard case .scalar(let text, isQuoted: false) = content, let value = Double(text),
      value.isFinite, lower.map({ value > $0 }) ?? true, least.map({ value >= $0 }) ?? true
    else { throw mismatch(expected: expected) }
    return value
  }

  package func boolean() throws -> Bool {
    guard case .scalar(let text, isQuoted: false) = content else {
      throw mismatch(expected: "true or false")
    }
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw mismatch(expected: "true or false")
    }
  }

  package func list() throws -> [ConfigurationNode] {
    guard case .sequence(let values) = content else { throw mismatch(expected: "a list") }
    return values
  }

  /// One of a closed set of words.
  package func choice(of words: [String]) throws -> String {
    let word = try text()
    if words.contains(word) { return word }
    let hint = nearest(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
    throw mismatch(expected: words.map { "'\($0)'" }.joined(separator: ", ") + hint)
  }

  private static func bounds(_ lower: Int, _ upper: Int) -> String {
    upper == .max ? " of at least \(lower)" : " from \(lower) to \(upper)"
  }
}
