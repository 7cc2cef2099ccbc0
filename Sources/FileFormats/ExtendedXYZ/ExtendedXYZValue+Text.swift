extension ExtendedXYZValue {
  /// What a text in a comment line means: integers, else reals, else Booleans, several of them
  /// where blanks or commas separate them; JSON after `_JSON `; otherwise the text itself.
  ///
  /// - Returns: nil if the text is marked as JSON and is none.
  init?(text: String, key: String) {
    // ASE keeps these as text, because they may look like numbers.
    if key.lowercased() == "uid" {
      self = .string(text)
      return
    }
    if text.hasPrefix(Self.jsonMark) {
      let json = Array(text.utf8.dropFirst(Self.jsonMark.utf8.count))
      guard let value = try? JSONParser.parse(json, allowsNonFinite: true) else { return nil }
      self = Self.plain(value)
      return
    }
    let bytes = Array(text.utf8)
    if let integers = Self.list(bytes, { DecimalNumber.integer(bytes, $0) }) {
      self = integers.count == 1 ? .integer(integers[0]) : .integers(integers)
    } else if let reals = Self.list(bytes, { Self.real(bytes, $0) }) {
      self = reals.count == 1 ? .real(reals[0]) : .reals(reals)
    } else if let bools = Self.list(bytes, { Self.bool(bytes[$0]) }) {
      self = bools.count == 1 ? .bool(bools[0]) : .bools(bools)
    } else {
      self = .string(text)
    }
    if extendedXYZMatrixKeys.contains(key), let values = realValues, values.count == 9 {
      self = .matrix(
        (0..<3).map { SIMD3(values[$0], values[$0 + 3], values[$0 + 6]) })
    }
  }

  static let jsonMark = "_JSON "

  /// The logical value of a word, in the spellings that ASE and libAtoms use.
  static func bool(_ word: ArraySlice<UInt8>) -> Bool? {
    switch String(decoding: word, as: UTF8.self) {
    case "T", "true", "True", "TRUE": true
    case "F", "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A real number. An exponent after `d` counts only with a point before it: Fortran always
  /// writes one, and "1d2" is as likely a name.
  private static func real(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    let word = bytes[range]
    if word.contains(UInt8(ascii: "d")) || word.contains(UInt8(ascii: "D")) {
      guard word.contains(UInt8(ascii: ".")) else { return nil }
    }
    return DecimalNumber.double(bytes, range)
  }

  /// The values of the words between blanks and commas, if there are words and each has one.
  private static func list<Value>(
    _ bytes: [UInt8], _ convert: (Range<Int>) -> Value?
  ) -> [Value]? {
    var values: [Value] = []
    var position = 0
    while true {
      while position < bytes.count, isSeparator(bytes[position]) { position += 1 }
      guard position < bytes.count else { return values.isEmpty ? nil : values }
      let start = position
      while position < bytes.count, !isSeparator(bytes[position]) { position += 1 }
      guard let value = convert(start..<position) else { return nil }
      values.append(value)
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte.isBlank || byte == UInt8(ascii: ",")
  }

  /// The simplest case that holds a JSON value.
  private static func plain(_ value: JSONValue) -> ExtendedXYZValue {
    switch value {
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .real(let value): return .real(value)
    case .string(let value): return .string(value)
    case .array(let elements) where !elements.isEmpty:
      if let values = collect(elements, { if case .integer(let v) = $0 { v } else { nil } }) {
        return .integers(values)
      }
      if let values = collect(elements, number) { return .reals(values) }
      if let values = collect(elements, { if case .bool(let v) = $0 { v } else { nil } }) {
        return .bools(values)
      }
      if let values = collect(elements, { if case .string(let v) = $0 { v } else { nil } }) {
        return .strings(values)
      }
      if elements.count == 3, let rows = collect(elements, row) { return .matrix(rows) }
      return .json(value.text)
    default: return .json(value.text)
    }
  }

  private static func collect<Value>(
    _ elements: [JSONValue], _ convert: (JSONValue) -> Value?
  ) -> [Value]? {
    let values = elements.compactMap(convert)
    return values.count == elements.count ? values : nil
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  private static func row(_ value: JSONValue) -> SIMD3<Double>? {
    guard case .array(let elements) = value, elements.count == 3,
      let numbers = collect(elements, number)
    else { return nil }
    return SIMD3(numbers)
  }
}
