/// Reads the frames of an extended XYZ file one after the other; only one need fit in memory.
///
/// ```swift
/// var reader = try ExtendedXYZReader(path: "trajectory.extxyz")
/// while let frame = try reader.next() { … }
/// ```
///
/// The format is the one that ASE writes and reads (https://github.com/libAtoms/extxyz):
/// - a line with the number of atoms; a comment line with `key=value` pairs, among them `Lattice`,
///   `pbc` and `Properties`; then a row an atom with the columns that `Properties` lists.
/// - Without `Properties` (plain XYZ) a row is a symbol and three coordinates. Columns beyond the
///   described ones are ignored, as ASE does.
/// - Where `Properties` has `Z` and no `species`, symbols are made from the atomic numbers.
/// - Without `pbc` a frame with `Lattice` is periodic in three directions, one without in none.
/// - Up to three rows `VEC1 x y z` after the atoms give periodic lattice vectors; the comment is
///   then plain text, kept under the key `comment`.
/// - Line ends may be those of Windows, exponents those of Fortran. `nan` and `inf` are numbers
///   here: whoever computes with a frame decides about them.
/// - Empty lines between frames and at the end are skipped.
public struct ExtendedXYZReader: ~Copyable {
  private var lines: LineReader
  /// The line, counted from 1, on which the latest frame begins, for messages about its contents:
  /// its comment is in the next line, atom i (from 0) in the line `frameLine + 2 + i`.
  public private(set) var frameLine = 0

  /// - Throws: `FileFormatError` if the file cannot be opened.
  public init(path: String) throws {
    lines = try LineReader(path: path)
  }

  /// Reads a file that is in memory already; `name` stands for it in errors.
  public init(data: [UInt8], name: String) {
    lines = LineReader(data, name: name)
  }

  /// The frames of a file, all at once.
  ///
  /// - Throws: `FileFormatError` if the file cannot be read, is malformed or holds no frame.
  public static func frames(contentsOf path: String) throws -> [ExtendedXYZFrame] {
    var reader = try ExtendedXYZReader(path: path)
    var frames: [ExtendedXYZFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    guard !frames.isEmpty else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "the file is empty", expected: "a frame of atoms")
    }
    return frames
  }

  /// The next frame, or nil at the end of the file.
  ///
  /// - Throws: `FileFormatError` with the line at fault. After an error the reader is at no
  ///   particular place.
  public mutating func next() throws -> ExtendedXYZFrame? {
    guard let count = try readAtomCount() else { return nil }
    frameLine = lines.lineNumber
    guard let range = try lines.next() else { throw endOfFile(0, of: count) }
    let comment = Array(lines.buffer[range])
    let header = try locatingProblems { try ExtendedXYZHeader(comment) }
    var rows = ExtendedXYZRows(header.columns)
    for row in 0..<count {
      guard let line = try lines.next() else { throw endOfFile(row, of: count) }
      try locatingProblems { try rows.append(lines.buffer, line) }
    }
    if try lines.nextLineBegins(with: "VEC") {
      return try frameWithVectors(comment: comment, rows: rows)
    }
    return try frame(header, rows)
  }
}

extension ExtendedXYZReader {
  /// Passes over a frame without looking at its contents; false if no whole frame follows.
  ///
  /// - Throws: `FileFormatError` if what follows does not begin as a frame does.
  mutating func skipFrame() throws -> Bool {
    guard let count = try readAtomCount(), lines.isTerminated else { return false }
    for _ in 0...count {
      guard try lines.next() != nil, lines.isTerminated else { return false }
    }
    while try lines.nextLineBegins(with: "VEC") {
      guard try lines.next() != nil, lines.isTerminated else { return false }
    }
    return true
  }

  /// As `skipFrame`, but the last line of the file need not be ended; false at the end of the file.
  ///
  /// - Throws: `FileFormatError` also for a frame that is cut short.
  mutating func passFrame() throws -> Bool {
    guard let count = try readAtomCount() else { return false }
    frameLine = lines.lineNumber
    guard try lines.next() != nil else { throw endOfFile(0, of: count) }
    for row in 0..<count {
      guard try lines.next() != nil else { throw endOfFile(row, of: count) }
    }
    while try lines.nextLineBegins(with: "VEC") { _ = try lines.next() }
    return true
  }

  /// The offset in the file of the next line.
  package var fileOffset: Int { lines.fileOffset }

  private func malformed(_ line: Int, _ found: String, _ expected: String) -> FileFormatError {
    FileFormatError(
      kind: .malformed, file: lines.name, location: .line(line), found: found, expected: expected)
  }

  private func endOfFile(_ row: Int, of count: Int) -> FileFormatError {
    malformed(
      frameLine, "the file ends after \(row) of the \(count) atoms of this frame",
      "a whole frame (is the file truncated?)")
  }

  /// Runs `body` and gives a problem that it throws the place of the latest line.
  private func locatingProblems<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let problem as FormatProblem {
      throw malformed(lines.lineNumber, problem.found, problem.expected)
    }
  }

  /// The number on a frame's first line, past empty lines; nil at the end of the file.
  private mutating func readAtomCount() throws -> Int? {
    while var range = try lines.next() {
      let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
      if lines.lineNumber == 1, lines.buffer[range].starts(with: byteOrderMark) {
        range = range.lowerBound + 3..<range.upperBound
      }
      let words = lines.buffer[range].split(whereSeparator: \.isBlank)
      if words.isEmpty { continue }
      guard words.count == 1, let word = words.first,
        let count = DecimalNumber.integer(lines.buffer, word.indices), count >= 0
      else {
        throw malformed(
          lines.lineNumber, "found \(quoted(bytes: lines.buffer[range]))",
          "the number of atoms of a frame")
      }
      return count
    }
    return nil
  }

  private func frame(
    _ header: ExtendedXYZHeader, _ rows: ExtendedXYZRows
  ) throws -> ExtendedXYZFrame {
    var properties: OrderedFields<ExtendedXYZProperty> = [:]
    for (name, property) in rows.values { properties[name] = property }
    let species = try takeSpecies(from: &properties)
    guard let positions = properties["pos"]?.vectors else {
      preconditionFailure("the columns of a frame include positions")
    }
    properties["pos"] = nil
    return ExtendedXYZFrame(
      species: species, positions: positions, cell: header.cell, periodic: header.periodic,
      info: header.info, properties: properties)
  }

  private func takeSpecies(
    from properties: inout OrderedFields<ExtendedXYZProperty>
  ) throws -> [String] {
    switch (properties["species"]?.values, properties["Z"]?.values) {
    case (.strings(let symbols)?, _):
      properties["species"] = nil
      return symbols.map(Self.capitalised)
    case (_, .integers(let numbers)?):
      properties["Z"] = nil
      return try numbers.enumerated().map { row, number in
        guard let symbol = ChemicalElement.symbol(ofAtomicNumber: number) else {
          throw malformed(
            frameLine + 2 + row, "the atomic number \(number)", "a number from 0 to 118")
        }
        return symbol
      }
    default: preconditionFailure("the columns of a frame include species")
    }
  }

  /// As ASE does: "SI" and "si" are silicon.
  private static func capitalised(_ symbol: String) -> String {
    let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
    let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
    let bytes = symbol.utf8
    if let first = bytes.first, !lower.contains(first),
      !bytes.dropFirst().contains(where: upper.contains)
    {
      return symbol
    }
    let capitalised = bytes.enumerated().map { index, byte in
      index == 0
        ? (lower.contains(byte) ? byte & ~0x20 : byte) : (upper.contains(byte) ? byte | 0x20 : byte)
    }
    return String(decoding: capitalised, as: UTF8.self)
  }

  private mutating func frameWithVectors(
    comment: [UInt8], rows: ExtendedXYZRows
  ) throws -> ExtendedXYZFrame {
    var header = ExtendedXYZHeader(plainComment: comment)
    var cell = [SIMD3<Double>](repeating: .zero, count: 3)
    header.periodic = [false, false, false]
    var count = 0
    while try lines.nextLineBegins(with: "VEC"), let line = try lines.next() {
      let words = lines.buffer[line].split(whereSeparator: \.isBlank)
      let numbers = words.dropFirst().compactMap { DecimalNumber.double(lines.buffer, $0.indices) }
      guard count < 3, words.first?.elementsEqual("VEC\(count + 1)".utf8) == true,
        numbers.count == 3, words.count == 4
      else {
        throw malformed(
          lines.lineNumber, "found \(quoted(bytes: lines.buffer[line]))",
          count < 3 ? "VEC\(count + 1) and three numbers" : "at most three lattice vectors")
      }
      cell[count] = SIMD3(numbers)
      header.periodic?[count] = true
      count += 1
    }
    header.cell = cell
    return try frame(header, rows)
  }
}
