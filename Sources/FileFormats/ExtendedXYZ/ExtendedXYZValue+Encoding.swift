extension ExtendedXYZValue {
  /// The value as the text after `key=`.
  ///
  /// What ASE would take for something else (the text "12", a matrix under an ordinary key) is
  /// written as JSON, which it reads as what it is.
  func text(key: String) -> String {
    switch self {
    case .bool(let value): value ? "T" : "F"
    case .integer(let value): String(value)
    case .real(let value): value.extendedXYZText
    case .string(let value): Self.text(ofString: value, key: key)
    case .bools(let values): Self.list(values, { $0 ? "T" : "F" }, { .bool($0) })
    case .integers(let values): Self.list(values, { String($0) }, { .integer($0) })
    case .reals(let values): Self.list(values, \.extendedXYZText, { .real($0) })
    case .strings(let values): Self.json(JSONValue.array(values.map { .string($0) }).text)
    case .matrix(let rows): Self.text(ofMatrix: rows, key: key)
    case .json(let text): Self.json(text)
    }
  }

  /// A key or text in quotes where it could not stand alone.
  static func quotedIfNeeded(_ text: String, isKey: Bool = false) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      !byte.isBlank && !"\"'{}[]\\".utf8.contains(byte) && !(isKey && byte == UInt8(ascii: "="))
    }
    if isPlain, !text.isEmpty { return text }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func text(ofString value: String, key: String) -> String {
    // Only a plain string survives as it is; anything else would be read as a number, a list or
    // the truth, or would end the line.
    let isOneLine = !value.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
    if isOneLine, !value.isEmpty, ExtendedXYZValue(text: value, key: key) == .string(value) {
      return quotedIfNeeded(value)
    }
    return json(JSONValue.string(value).text)
  }

  private static func json(_ text: String) -> String {
    quotedIfNeeded(jsonMark + text)
  }

  private static func list<Element>(
    _ values: [Element], _ text: (Element) -> String, _ json: (Element) -> JSONValue
  ) -> String {
    // A list of one would be read as a number.
    guard values.count > 1 else { return self.json(JSONValue.array(values.map(json)).text) }
    return "\"" + values.map(text).joined(separator: " ") + "\""
  }

  private static func text(ofMatrix rows: [SIMD3<Double>], key: String) -> String {
    precondition(rows.count == 3, "a 3×3 matrix has \(rows.count) rows")
    guard extendedXYZMatrixKeys.contains(key) else {
      let lists = rows.map { row in JSONValue.array((0..<3).map { .real(row[$0]) }) }
      return json(JSONValue.array(lists).text)
    }
    let columns = (0..<3).flatMap { column in rows.map { $0[column].extendedXYZText } }
    return "\"" + columns.joined(separator: " ") + "\""
  }
}
