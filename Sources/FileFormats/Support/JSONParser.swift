/// What is wrong with a JSON text, and at which of its bytes.
package struct JSONError: Error, Equatable {
  package var byte: Int
  package var found: String
  package var expected: String
}

/// A strict parser of JSON (RFC 8259) with bounds on nesting and on the number of values.
package struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var valueCount = 0
  private let allowsNonFinite: Bool

  /// Deep enough for any sensible document, shallow enough for the smallest thread's stack.
  private static let greatestDepth = 64
  /// Values take more room in memory than in text; a document of many megabytes may have few.
  private static let greatestValueCount = 1 << 22
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  /// Parses a document that fills `bytes` but for white space around it.
  ///
  /// - Parameter allowsNonFinite: whether `NaN`, `Infinity` and `-Infinity`, which Python writes,
  ///   are read as numbers.
  /// - Throws: `JSONError`.
  package static func parse(_ bytes: [UInt8], allowsNonFinite: Bool = false) throws -> JSONValue {
    var parser = JSONParser(bytes: bytes, allowsNonFinite: allowsNonFinite)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("the end of the text") }
    return value
  }

  private init(bytes: [UInt8], allowsNonFinite: Bool) {
    self.bytes = bytes
    self.allowsNonFinite = allowsNonFinite
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ expected: String) -> JSONError {
    let found = next == nil ? "the end of the text" : quoted(bytes: bytes[position...].prefix(16))
    return JSONError(byte: position, found: "found \(found)", expected: expected)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value() throws -> JSONValue {
    skipSpace()
    valueCount += 1
    guard valueCount <= Self.greatestValueCount else {
      throw JSONError(
        byte: position, found: "there are too many values",
        expected: "at most \(Self.greatestValueCount)")
    }
    switch next {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte):
      return try number()
    default: return try word()
    }
  }

  private mutating func nested(
    _ parse: (inout JSONParser) throws -> JSONValue
  ) throws -> JSONValue {
    guard depth < Self.greatestDepth else {
      throw JSONError(
        byte: position, found: "lists and objects are nested too deeply",
        expected: "at most \(Self.greatestDepth) levels")
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try parse(&self)
  }

  private mutating func object() throws -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a key in double quotes") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw error("':' after a key") }
      members.append((key, try value()))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw error("',' or '}' after a member") }
    }
  }

  private mutating func array() throws -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value())
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw error("',' or ']' after an element") }
    }
  }

  private mutating func word() throws -> JSONValue {
    var words: [(String, JSONValue)] = [
      ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
    ]
    if allowsNonFinite { words += [("NaN", .real(.nan)), ("Infinity", .real(.infinity))] }
    for (word, value) in words where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("a JSON value")
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    let isNegative = take("-")
    if isNegative, allowsNonFinite, bytes[position...].starts(with: "Infinity".utf8) {
      position += 8
      return .real(-.infinity)
    }
    let firstDigit = next
    guard skipDigits() else { throw error("a digit") }
    guard firstDigit != UInt8(ascii: "0") || position == start + (isNegative ? 2 : 1) else {
      throw JSONError(
        byte: start, found: "found a number that begins with 0", expected: "no leading zeros")
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard skipDigits() else { throw error("a digit after '.'") }
    }
    if take("e") || take("E") {
      isInteger = false
      _ = take("+") || take("-")
      guard skipDigits() else { throw error("a digit in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // Minus zero is a real number; the integers have none.
    if isInteger, text != "-0", let integer = Int(text) { return .integer(integer) }
    guard let real = Double(text) else { throw error("a number") }
    return .real(real)
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while let byte = next, Self.digits.contains(byte) { position += 1 }
    return position > start
  }

  private mutating func string() throws -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONError(
            byte: position, found: "a string is not valid UTF-8", expected: "UTF-8 text")
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        text += try escape()
      case 0..<0x20:
        throw error("no control character inside a string")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw error("'\"' at the end of a string")
  }

  private mutating func escape() throws -> [UInt8] {
    guard let byte = next else { throw error("a character after '\\'") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), take("\\"), take("u") { units.append(try codeUnit()) }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw error("a pair of surrogates")
      }
      return Array(text.utf8)
    default:
      position -= 1
      throw error("one of \" \\ / b f n r t u after '\\'")
    }
  }

  private mutating func codeUnit() throws -> UInt16 {
    guard position + 4 <= bytes.count else { throw error("four hexadecimal digits") }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      let digit = bytes[position]
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue, digit < 0x80 else {
        throw error("a hexadecimal digit")
      }
      unit = unit << 4 | UInt16(value)
      position += 1
    }
    return unit
  }
}
