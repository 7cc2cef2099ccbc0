/// The header of a safetensors file, checked.
///
/// The rules are the reference implementation's: the header's length fits the file and is at most
/// 100 MB; the header begins with `{` and repeats no key; every tensor's span has the length that
/// its shape and type ask for; the spans, in order of offset, cover the rest of the file without
/// gap or overlap; `__metadata__` maps text to text.
struct SafetensorsHeader {
  struct Entry {
    var name: String
    var elementType: StoredElementType
    var shape: [Int]
    /// The bytes in the file, counted from its beginning.
    var range: Range<Int>
  }

  static let metadataKey = "__metadata__"
  private static let greatestLength = 100_000_000

  private(set) var metadata: [String: String] = [:]
  /// In order of offset.
  private(set) var entries: [Entry] = []
  private let file: String
  private let dataStart: Int

  init(_ source: ByteSource) throws {
    file = source.name
    guard source.count > 0 else {
      throw FileFormatError(
        kind: .malformed, file: source.name, found: "the file is empty",
        expected: "a safetensors file")
    }
    guard source.count >= 8 else {
      throw FileFormatError(
        kind: .malformed, file: source.name,
        found: "the file has \(source.count) bytes",
        expected: "a safetensors file, which begins with eight bytes of header length")
    }
    let length = try source.read(0..<8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= min(Self.greatestLength, source.count - 8) else {
      throw FileFormatError(
        kind: .malformed, file: source.name, location: .byte(0),
        found: "the header claims \(length) bytes of a file of \(source.count)",
        expected: "a header inside the file and of at most \(Self.greatestLength) bytes")
    }
    dataStart = 8 + Int(length)
    let members = try Self.members(of: try source.read(8..<dataStart), file: source.name)
    for (name, value) in members {
      if name == Self.metadataKey {
        metadata = try readMetadata(value)
      } else {
        entries.append(try readEntry(name, value))
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkThatEntriesTile(dataStart..<source.count)
  }

  private static func members(
    of header: [UInt8], file: String
  ) throws -> [(key: String, value: JSONValue)] {
    guard header.first == UInt8(ascii: "{") else {
      throw FileFormatError(
        kind: .malformed, file: file, location: .byte(8),
        found: "the header begins with \(quoted(bytes: header.prefix(8)))", expected: "'{'")
    }
    let document: JSONValue
    do {
      document = try JSONParser.parse(header)
    } catch let error as JSONError {
      throw FileFormatError(
        kind: .malformed, file: file, location: .byte(8 + error.byte),
        found: "the header is not JSON: \(error.found)", expected: error.expected)
    }
    guard case .object(let members) = document else {
      preconditionFailure("a JSON text that begins with '{' is an object")
    }
    var seen: Set<String> = []
    for (name, _) in members where !seen.insert(name).inserted {
      throw FileFormatError(
        kind: .malformed, file: file, found: "the key \(quoted(name)) occurs twice",
        expected: "distinct keys in the header")
    }
    return members
  }

  private func readMetadata(_ value: JSONValue) throws -> [String: String] {
    guard case .object(let members) = value else {
      throw problem("\(Self.metadataKey) is not an object", expected: "an object of strings")
    }
    var result: [String: String] = [:]
    for (key, value) in members {
      guard case .string(let text) = value, result.updateValue(text, forKey: key) == nil else {
        throw problem(
          "\(Self.metadataKey) has a repeated key or a value that is no string: \(quoted(key))",
          expected: "distinct keys with strings")
      }
    }
    return result
  }

  private func readEntry(_ name: String, _ value: JSONValue) throws -> Entry {
    guard case .object(let members) = value else {
      throw problem("tensor \(quoted(name)) is not described by an object", expected: "{…}")
    }
    func field(_ key: String) throws -> JSONValue {
      let values = members.filter { $0.key == key }
      guard values.count == 1 else {
        throw problem(
          "tensor \(quoted(name)) has '\(key)' \(values.count) times",
          expected: "'dtype', 'shape' and 'data_offsets' once each")
      }
      return values[0].value
    }
    let type = try field("dtype")
    guard case .string(let typeName) = type,
      let elementType = StoredElementType(safetensorsName: typeName)
    else {
      let known = StoredElementType.allCases.map(\.safetensorsName)
      throw problem(
        "tensor \(quoted(name)) has the element type \(quoted(type.text))",
        expected: "one of " + known.joined(separator: " "))
    }
    let shape = try naturalNumbers(field("shape"), of: name, as: "shape")
    let offsets = try naturalNumbers(field("data_offsets"), of: name, as: "data_offsets")
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw problem(
        "tensor \(quoted(name)) has the offsets \(offsets)", expected: "[begin, end], begin ≤ end")
    }
    guard let size = elementType.byteCount(ofShape: shape), size == offsets[1] - offsets[0] else {
      throw problem(
        "tensor \(quoted(name)), \(typeName) of shape \(shape), spans "
          + "\(offsets[1] - offsets[0]) bytes",
        expected: elementType.byteCount(ofShape: shape).map { "\($0) bytes" }
          ?? "a shape whose size can be computed")
    }
    let (end, overflow) = dataStart.addingReportingOverflow(offsets[1])
    guard !overflow else {
      throw problem("tensor \(quoted(name)) ends at \(offsets[1])", expected: "an end in the file")
    }
    return Entry(
      name: name, elementType: elementType, shape: shape, range: (end - size)..<end)
  }

  private func naturalNumbers(
    _ value: JSONValue, of name: String, as key: String
  ) throws -> [Int] {
    guard case .array(let elements) = value else {
      throw problem("tensor \(quoted(name)): '\(key)' is no list", expected: "a list of numbers")
    }
    return try elements.map {
      guard case .integer(let number) = $0, number >= 0 else {
        throw problem(
          "tensor \(quoted(name)): '\(key)' contains \(quoted($0.text))",
          expected: "whole numbers from 0 to 2^63 − 1")
      }
      return number
    }
  }

  private func checkThatEntriesTile(_ data: Range<Int>) throws {
    var position = data.lowerBound
    for entry in entries {
      guard entry.range.lowerBound == position else {
        throw problem(
          "tensor \(quoted(entry.name)) begins at offset \(entry.range.lowerBound - dataStart)",
          expected: "\(position - dataStart), where the tensor before it ends")
      }
      position = entry.range.upperBound
    }
    guard position == data.upperBound else {
      throw problem(
        "the tensors end at offset \(position - dataStart) of \(data.count) bytes of data",
        expected: position > data.upperBound
          ? "a whole file (is this one truncated?)" : "no bytes that belong to no tensor")
    }
  }

  private func problem(_ found: String, expected: String) -> FileFormatError {
    FileFormatError(
      kind: .malformed, file: file, location: .wholeFile, found: found, expected: expected)
  }
}

extension StoredElementType {
  /// The type's name in a safetensors header.
  var safetensorsName: String {
    switch self {
    case .float64: "F64"
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int64: "I64"
    case .int32: "I32"
    case .int16: "I16"
    case .int8: "I8"
    case .uint64: "U64"
    case .uint32: "U32"
    case .uint16: "U16"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }
}
