extension Irreps {
  /// Reads e3nn's notation.
  ///
  /// Groups are separated by `+`; a group is `128x0e` or, for multiplicity 1, `0e`; blanks may
  /// stand around every part; the empty text is the empty sum. The parity letter is `e`, `o`, or
  /// `y` for (−1)^l.
  ///
  /// A literal in source code needs no `try`: it goes through `init(stringLiteral:)`.
  ///
  /// - Throws: `IrrepsParsingError`, also when the dimension does not fit an `Int32`, the index
  ///   type of the kernels.
  public init(_ text: String) throws(IrrepsParsingError) {
    var parser = IrrepsParser(text)
    try self.init(parser.parseSum())
  }
}

extension Irrep {
  /// Reads one irrep in e3nn's notation: `1o`, `2e`, `3y`, blanks around it allowed.
  ///
  /// - Throws: `IrrepsParsingError`.
  public init(_ text: String) throws(IrrepsParsingError) {
    var parser = IrrepsParser(text)
    self = try parser.parseSingleIrrep()
  }
}

extension Irreps: ExpressibleByStringLiteral {
  /// Irreps written in source code. A literal that cannot be read is a programmer's error and
  /// stops the program; text from a user goes through the throwing `init(_: String)`, which the
  /// compiler chooses for everything but a literal.
  public init(stringLiteral text: String) {
    do throws(IrrepsParsingError) {
      self = try Irreps.init(_:)(text)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

extension Irrep: ExpressibleByStringLiteral {
  /// An irrep written in source code; see `Irreps.init(stringLiteral:)`.
  public init(stringLiteral text: String) {
    do throws(IrrepsParsingError) {
      self = try Irrep.init(_:)(text)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

/// A reader of e3nn's notation that knows at which character it stands.
private struct IrrepsParser {
  private let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func parseSum() throws(IrrepsParsingError) -> [MultipliedIrrep] {
    skipBlanks()
    if isAtEnd { return [] }
    var groups: [MultipliedIrrep] = []
    var dimension = 0
    while true {
      skipBlanks()
      let start = position
      let group = try parseGroup()
      let size = group.multiplicity.multipliedReportingOverflow(by: group.irrep.dimension)
      let sum = dimension.addingReportingOverflow(size.partialValue)
      guard !size.overflow, !sum.overflow, sum.partialValue <= Int(Int32.max) else {
        throw error(at: start, expected: "a total dimension of at most \(Int32.max)")
      }
      dimension = sum.partialValue
      groups.append(group)
      skipBlanks()
      if isAtEnd { return groups }
      guard take("+") else { throw error(at: position, expected: "\"+\" or the end") }
    }
  }

  mutating func parseSingleIrrep() throws(IrrepsParsingError) -> Irrep {
    skipBlanks()
    let start = position
    let irrep = try parseParity(degree: parseNumber(expecting: "an irrep such as \"1o\""), start)
    skipBlanks()
    guard isAtEnd else { throw error(at: position, expected: "the end") }
    return irrep
  }

  private mutating func parseGroup() throws(IrrepsParsingError) -> MultipliedIrrep {
    let first = position
    let number = try parseNumber(expecting: "a group such as \"64x1o\" or \"1o\"")
    skipBlanks()
    guard take("x") else {
      return try MultipliedIrrep(1, parseParity(degree: number, first))
    }
    skipBlanks()
    let second = position
    let degree = try parseNumber(expecting: "an irrep such as \"1o\"")
    return try MultipliedIrrep(number, parseParity(degree: degree, second))
  }

  /// Reads the letter after a degree; `start` is where the degree stands.
  private mutating func parseParity(
    degree: Int, _ start: Int
  ) throws(IrrepsParsingError) -> Irrep {
    guard degree <= Int(Int16.max) else {
      throw error(at: start, expected: "a degree of at most \(Int16.max)")
    }
    if take("e") { return Irrep(degree: degree, parity: .even) }
    if take("o") { return Irrep(degree: degree, parity: .odd) }
    if take("y") { return .sphericalHarmonic(degree: degree) }
    throw error(at: position, expected: "a parity, \"e\", \"o\" or \"y\"")
  }

  private mutating func parseNumber(
    expecting expected: String
  ) throws(IrrepsParsingError) -> Int {
    let start = position
    while !isAtEnd, characters[position].isASCII, characters[position].isNumber { position += 1 }
    guard position > start else { throw error(at: start, expected: expected) }
    guard let number = Int(String(characters[start..<position])) else {
      throw error(at: start, expected: "a number of at most \(Int.max)")
    }
    return number
  }

  private var isAtEnd: Bool { position == characters.count }

  private mutating func skipBlanks() {
    while !isAtEnd, characters[position].isWhitespace { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard !isAtEnd, characters[position] == character else { return false }
    position += 1
    return true
  }

  /// An error that quotes the rest of the group at a position, or the one character if it is no
  /// part of a word.
  private func error(at place: Int, expected: String) -> IrrepsParsingError {
    let word = characters[place...].prefix { !$0.isWhitespace && $0 != "+" }
    let found = word.isEmpty ? characters[place...].prefix(1) : word.prefix(32)
    return IrrepsParsingError(
      text: text, column: place + 1, found: String(found), expected: expected)
  }
}
