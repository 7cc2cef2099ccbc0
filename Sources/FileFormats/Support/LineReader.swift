import Foundation

/// The lines of a file, read in pieces; only one line need fit in memory.
///
/// Lines are handed out as ranges of `buffer`, so that a line costs no allocation.
package struct LineReader: ~Copyable {
  /// No format here has longer lines; a file without line ends must not fill the memory.
  private static let greatestLineLength = 1 << 26
  private static let chunkLength = 1 << 20

  package let name: String
  /// What the latest range of `next()` refers to.
  package private(set) var buffer: [UInt8]
  /// The number of the latest line, from 1.
  package private(set) var lineNumber = 0
  /// Whether the latest line ended with a line feed, and not with the file.
  private(set) var isTerminated = true
  private var handle: FileHandle?
  private var position = 0
  /// Up to where the buffer is known to hold no line feed after `position`.
  private var scanned = 0
  private var bufferOffset = 0

  package init(path: String) throws {
    name = path
    handle = try openForReading(path)
    buffer = []
  }

  init(_ bytes: [UInt8], name: String) {
    self.name = name
    handle = nil
    buffer = bytes
  }

  deinit {
    try? handle?.close()
  }

  /// The offset in the file of the first byte after the latest line.
  var fileOffset: Int { bufferOffset + position }

  /// The next line without its end ("\n" or "\r\n"), or nil at the end of the file.
  ///
  /// The range is valid until the next call.
  package mutating func next() throws -> Range<Int>? {
    guard let end = try findLineEnd() else { return nil }
    let start = position
    lineNumber += 1
    isTerminated = end < buffer.count
    position = isTerminated ? end + 1 : end
    scanned = position
    return start..<(end > start && buffer[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
  }

  /// Whether the next line begins, after blanks, with a word.
  mutating func nextLineBegins(with word: StaticString) throws -> Bool {
    guard let end = try findLineEnd() else { return false }
    var start = position
    while start < end, buffer[start].isBlank { start += 1 }
    return buffer[start..<end].starts(with: word.description.utf8)
  }

  /// Where the line that begins at `position` ends, reading on as far as is needed.
  private mutating func findLineEnd() throws -> Int? {
    while true {
      var index = scanned
      let count = buffer.count
      while index < count, buffer[index] != UInt8(ascii: "\n") { index += 1 }
      scanned = index
      if index < count { return index }
      guard count - position <= Self.greatestLineLength else {
        throw FileFormatError(
          kind: .malformed, file: name, location: .line(lineNumber + 1),
          found: "a line of more than \(Self.greatestLineLength) bytes", expected: "shorter lines")
      }
      guard try fill() else { return position < buffer.count ? buffer.count : nil }
    }
  }

  /// Reads another piece of the file; false at its end.
  private mutating func fill() throws -> Bool {
    guard let handle else { return false }
    let data: Data?
    do {
      data = try handle.read(upToCount: Self.chunkLength)
    } catch {
      throw FileFormatError(
        kind: .unreadable, file: name, location: .line(lineNumber + 1),
        found: "reading failed (\(reason(of: error)))", expected: "")
    }
    guard let data, !data.isEmpty else { return false }
    buffer.removeSubrange(..<position)
    bufferOffset += position
    scanned -= position
    position = 0
    buffer.append(contentsOf: data)
    return true
  }
}

extension UInt8 {
  /// Whether this is a space or a control character that separates words in a line.
  var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
