/// The rows of a frame while they are read: all elements of one kind lie in one array, row after
/// row, until `values` takes a property's columns out.
struct ExtendedXYZRows {
  private let properties: [ExtendedXYZColumns.Property]
  /// The kind of each column.
  private let kinds: [ExtendedXYZColumns.Kind]
  /// How many columns of the same kind precede each property.
  private let offsets: [Int]
  /// The number of columns of each kind.
  private let widths: [ExtendedXYZColumns.Kind: Int]
  private var strings: [String] = []
  private var reals: [Double] = []
  private var integers: [Int] = []
  private var bools: [Bool] = []
  private(set) var count = 0
  private var names = NameCache()

  init(_ columns: ExtendedXYZColumns) {
    properties = columns.properties
    kinds = columns.properties.flatMap {
      [ExtendedXYZColumns.Kind](repeating: $0.kind, count: $0.count)
    }
    var widths: [ExtendedXYZColumns.Kind: Int] = [:]
    offsets = columns.properties.map { property in
      defer { widths[property.kind, default: 0] += property.count }
      return widths[property.kind, default: 0]
    }
    self.widths = widths
  }

  /// Appends the row that a range of bytes holds. Words beyond the last column are ignored.
  ///
  /// - Throws: `FormatProblem`; afterwards the rows are of no use.
  mutating func append(_ bytes: [UInt8], _ line: Range<Int>) throws {
    var position = line.lowerBound
    let end = line.upperBound
    for column in kinds.indices {
      while position < end, bytes[position].isBlank { position += 1 }
      let start = position
      while position < end, !bytes[position].isBlank { position += 1 }
      guard start < position else {
        throw FormatProblem(
          found: "the row has \(column) columns", expected: "\(kinds.count): " + description)
      }
      let word = start..<position
      switch kinds[column] {
      case .real:
        guard let value = DecimalNumber.double(bytes, word) else {
          throw problem(bytes, word, column, "a real number")
        }
        reals.append(value)
      case .string:
        strings.append(names.string(bytes, word))
      case .integer:
        guard let value = DecimalNumber.integer(bytes, word) else {
          throw problem(bytes, word, column, "an integer")
        }
        integers.append(value)
      case .bool:
        guard let value = ExtendedXYZValue.bool(bytes[word]) else {
          throw problem(bytes, word, column, "T or F")
        }
        bools.append(value)
      }
    }
    count += 1
  }

  /// The properties that were read, in the order of their columns.
  var values: [(name: String, property: ExtendedXYZProperty)] {
    properties.indices.map { (properties[$0].name, values(ofProperty: $0)) }
  }

  private func values(ofProperty index: Int) -> ExtendedXYZProperty {
    let property = properties[index]
    let width = widths[property.kind, default: 0]
    func columns<Value>(_ values: [Value]) -> [Value] {
      if width == property.count { return values }
      var result: [Value] = []
      result.reserveCapacity(count * property.count)
      for row in 0..<count {
        let start = row * width + offsets[index]
        result += values[start..<start + property.count]
      }
      return result
    }
    let values: ExtendedXYZProperty.Values =
      switch property.kind {
      case .string: .strings(columns(strings))
      case .real: .reals(columns(reals))
      case .integer: .integers(columns(integers))
      case .bool: .bools(columns(bools))
      }
    return ExtendedXYZProperty(columns: property.count, values: values)
  }

  private var description: String {
    properties.map { "\($0.name):\($0.kind.letter):\($0.count)" }.joined(separator: ":")
  }

  private func problem(
    _ bytes: [UInt8], _ word: Range<Int>, _ column: Int, _ expected: String
  ) -> FormatProblem {
    var first = 0
    for property in properties {
      if column < first + property.count {
        let place = property.count == 1 ? "" : " \(column - first + 1)"
        return FormatProblem(
          found: "\(quoted(bytes: bytes[word])) in column\(place) of '\(property.name)'",
          expected: expected)
      }
      first += property.count
    }
    return FormatProblem(found: quoted(bytes: bytes[word]), expected: expected)
  }
}

/// Strings made once for words of up to eight bytes, such as the symbols of a frame's few species.
private struct NameCache {
  private var keys: [UInt64] = []
  private var strings: [String] = []

  mutating func string(_ bytes: [UInt8], _ word: Range<Int>) -> String {
    guard word.count <= 8 else { return String(decoding: bytes[word], as: UTF8.self) }
    var key: UInt64 = 0
    for index in word { key = key << 8 | UInt64(bytes[index]) }
    if let index = keys.firstIndex(of: key) { return strings[index] }
    let string = String(decoding: bytes[word], as: UTF8.self)
    // A few species are worth remembering; labels that differ in every row are not.
    if keys.count < 16, bytes[word.lowerBound] != 0 {
      keys.append(key)
      strings.append(string)
    }
    return string
  }
}
