/// What a comment line says about its frame.
struct ExtendedXYZHeader {
  var columns: ExtendedXYZColumns
  var cell: [SIMD3<Double>]?
  var periodic: [Bool]?
  var info: OrderedFields<ExtendedXYZValue> = [:]

  /// - Throws: `FormatProblem`.
  init(_ line: [UInt8]) throws {
    let comment = ExtendedXYZComment(line[...])
    var texts: OrderedFields<String> = [:]
    for (key, text) in comment.pairs { texts[key] = text }
    columns = try texts["Properties"].map { try ExtendedXYZColumns(description: $0) } ?? .plain
    if texts["Properties"] != nil || texts["Lattice"] != nil, comment.hasTextWithoutKey {
      throw FormatProblem(found: "a '=' without a key", expected: "key=value")
    }
    for (key, text) in texts where key != "Properties" {
      guard let value = ExtendedXYZValue(text: text, key: key) else {
        throw FormatProblem(
          found: "the value of \(quoted(key)) is no JSON", expected: "JSON after '_JSON '")
      }
      switch key {
      case "Lattice": cell = try Self.cell(value, text)
      case "pbc": periodic = try Self.periodicity(value, text)
      default: info[key] = value
      }
    }
  }

  init(plainComment line: [UInt8]) {
    columns = .plain
    info["comment"] = .string(
      String(decoding: line, as: UTF8.self).trimmingBlanks())
  }

  private static func cell(_ value: ExtendedXYZValue, _ text: String) throws -> [SIMD3<Double>] {
    guard let values = value.realValues, values.count == 9 else {
      throw FormatProblem(
        found: "Lattice is \(quoted(text))",
        expected: "nine numbers, the lattice vectors one after the other")
    }
    return (0..<3).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
  }

  private static func periodicity(_ value: ExtendedXYZValue, _ text: String) throws -> [Bool] {
    switch value {
    case .bool(let all): return [all, all, all]
    case .bools(let values) where values.count == 3: return values
    case .integers(let values) where values.count == 3: return values.map { $0 != 0 }
    default:
      throw FormatProblem(
        found: "pbc is \(quoted(text))", expected: "three of T and F")
    }
  }
}

extension String {
  fileprivate func trimmingBlanks() -> String {
    let bytes = utf8
    guard let start = bytes.firstIndex(where: { !$0.isBlank }),
      let last = bytes.lastIndex(where: { !$0.isBlank })
    else { return "" }
    return String(self[start...last])
  }
}
