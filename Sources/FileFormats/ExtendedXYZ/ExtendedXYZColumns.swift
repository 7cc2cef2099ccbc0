/// The columns of a frame's rows, as the key `Properties` describes them:
/// `name:kind:number` again and again, the kind being S, R, I or L.
struct ExtendedXYZColumns {
  enum Kind: UInt8 {
    case string, real, integer, bool

    init?(letter: some StringProtocol) {
      switch letter {
      case "S": self = .string
      case "R": self = .real
      case "I": self = .integer
      case "L": self = .bool
      default: return nil
      }
    }

    var letter: String {
      switch self {
      case .string: "S"
      case .real: "R"
      case .integer: "I"
      case .bool: "L"
      }
    }
  }

  struct Property {
    var name: String
    var kind: Kind
    /// The number of columns.
    var count: Int
  }

  var properties: [Property]

  /// Rows of a plain XYZ file; further columns are ignored.
  static let plain = ExtendedXYZColumns(properties: [
    Property(name: "species", kind: .string, count: 1),
    Property(name: "pos", kind: .real, count: 3),
  ])

  /// More columns than any file has, few enough to list their kinds.
  private static let greatestCount = 1 << 20
}

extension ExtendedXYZColumns {
  /// - Throws: `FormatProblem`.
  init(description: String) throws {
    let fields = description.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count % 3 == 0 else {
      throw FormatProblem(
        found: "Properties has \(fields.count) fields",
        expected: "name:kind:columns, again and again")
    }
    properties = []
    var names: Set<String> = []
    var total = 0
    for start in stride(from: 0, to: fields.count, by: 3) {
      let name = Self.standardName(String(fields[start]))
      guard !name.isEmpty, names.insert(name).inserted else {
        throw FormatProblem(
          found: "Properties has the name \(quoted(name)) twice, or an empty one",
          expected: "distinct names")
      }
      guard let kind = Kind(letter: fields[start + 1]) else {
        throw FormatProblem(
          found: "property \(quoted(name)) has the kind \(quoted(fields[start + 1]))",
          expected: "S, R, I or L")
      }
      guard let count = Int(fields[start + 2]), count >= 1, count <= Self.greatestCount - total
      else {
        throw FormatProblem(
          found: "property \(quoted(name)) has \(quoted(fields[start + 2])) columns",
          expected: "a number from 1, and at most \(Self.greatestCount) columns in all")
      }
      total += count
      properties.append(Property(name: name, kind: kind, count: count))
    }
    try check("pos", .real, 3)
    if names.contains("species") {
      try check("species", .string, 1)
    } else if names.contains("Z") {
      try check("Z", .integer, 1)
    } else {
      throw FormatProblem(
        found: "Properties has neither species nor Z", expected: "species:S:1, or Z:I:1")
    }
  }

  /// Names under which ASE knows a column of the standard set.
  private static func standardName(_ name: String) -> String {
    switch name {
    case "symbols": "species"
    case "positions": "pos"
    case "numbers": "Z"
    default: name
    }
  }

  private func check(_ name: String, _ kind: Kind, _ count: Int) throws {
    let expected = "\(name):\(kind.letter):\(count)"
    guard let property = properties.first(where: { $0.name == name }) else {
      throw FormatProblem(found: "Properties has no \(name)", expected: expected)
    }
    guard property.kind == kind, property.count == count else {
      throw FormatProblem(
        found: "Properties has \(name):\(property.kind.letter):\(property.count)",
        expected: expected)
    }
  }
}
