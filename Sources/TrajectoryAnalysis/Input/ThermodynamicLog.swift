import FileFormats

/// The log of a run: columns of numbers under a line of names, separated by commas.
///
/// `time_fs` has to be there; `potential_eV`, `kinetic_eV`, `total_eV`, `conserved_eV`,
/// `temperature_K`, `pressure_GPa` and `volume_A3` are used where they are, and others ignored.
package struct ThermodynamicLog: Sendable {
  /// In fs, growing.
  package private(set) var times: [Double]
  private var columns: [String: [Double]]

  package static let columnNames = [
    "potential_eV", "kinetic_eV", "total_eV", "conserved_eV", "temperature_K", "pressure_GPa",
    "volume_A3",
  ]

  /// The column of a name, or nil if the log has none.
  package subscript(name: String) -> [Double]? { columns[name] }

  /// - Throws: `FileFormatError` if the file cannot be read, has no column `time_fs`, or holds a
  ///   row that is not as many finite numbers as there are names.
  package init(contentsOf path: String) throws {
    var lines = try LineReader(path: path)
    guard let header = try lines.next() else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "the file is empty",
        expected: "a line of names with time_fs, then rows of numbers")
    }
    let names = String(decoding: lines.buffer[header], as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false).map {
        String($0.trimmingPrefix(while: \.isWhitespace))
      }
    guard let timeColumn = names.firstIndex(of: "time_fs") else {
      throw FileFormatError(
        kind: .malformed, file: path, location: .line(1),
        found: "there is no column time_fs",
        expected: "names such as step,time_fs,potential_eV,temperature_K")
    }
    let wanted = names.indices.filter { Self.columnNames.contains(names[$0]) }
    times = []
    var values = [[Double]](repeating: [], count: names.count)
    while let range = try lines.next() {
      guard !range.isEmpty else { continue }
      let row = try Self.row(
        lines.buffer, range, count: names.count, file: path, line: lines.lineNumber)
      if let last = times.last, row[timeColumn] <= last {
        throw FileFormatError(
          kind: .malformed, file: path, location: .line(lines.lineNumber),
          found: "the time \(row[timeColumn]) fs comes after \(last) fs",
          expected: "times that grow")
      }
      times.append(row[timeColumn])
      for column in wanted { values[column].append(row[column]) }
    }
    guard !times.isEmpty else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "there are no rows", expected: "at least one")
    }
    columns = [:]
    for column in wanted { columns[names[column]] = values[column] }
  }

  /// The log without what lies before a time.
  package func from(_ time: Double) -> ThermodynamicLog {
    guard let first = times.firstIndex(where: { $0 >= time }) else { return self }
    var log = self
    log.times = Array(times[first...])
    log.columns = columns.mapValues { Array($0[first...]) }
    return log
  }

  private static func row(
    _ bytes: [UInt8], _ range: Range<Int>, count: Int, file: String, line: Int
  ) throws -> [Double] {
    let fields = bytes[range].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let numbers = fields.compactMap { field in
      DecimalNumber.double(bytes, trimmed(field).indices).flatMap { $0.isFinite ? $0 : nil }
    }
    guard numbers.count == count, fields.count == count else {
      throw FileFormatError(
        kind: .malformed, file: file, location: .line(line),
        found: "\(numbers.count) finite numbers in \(fields.count) fields",
        expected: "\(count) numbers, one for each name in line 1")
    }
    return numbers
  }

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let start = field.drop(while: isBlank)
    return start[..<(start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex)]
  }
}
