import Foundation

/// What is wrong with a file, in words a user can act on.
///
/// Everything that a file, its name or the disk can cause is thrown as this one type; no reader of
/// this module ends the process because of what it read. `description` is one or two lines: the
/// file and the place in it, what was found, then what was expected.
public struct FileFormatError: Error, Sendable, Equatable {
  /// The class of a failure, coarse enough to choose an exit status by.
  public enum Kind: Sendable, Equatable {
    /// No file of that name exists.
    case notFound
    /// The file exists and cannot be read: it is a folder, access is denied, the disk fails.
    case unreadable
    /// The file was read and its contents break the rules of its format, or use a part of the
    /// format that is refused.
    case malformed
    /// The file cannot be created, written or renamed into place.
    case cannotWrite
  }

  /// The place in a file that a failure is about.
  public enum Location: Sendable, Equatable {
    case wholeFile
    /// A line, counted from 1.
    case line(Int)
    /// A byte, counted from 0.
    case byte(Int)
    /// A byte, counted from 0, of a named entry of an archive.
    case entry(String, byte: Int?)
  }

  public var kind: Kind
  /// The file's name as the user gave it.
  public var file: String
  public var location: Location
  /// What was met, as a phrase that can follow "found".
  public var found: String
  /// What the reader could have used instead, as a phrase that can follow "expected"; empty where
  /// nothing helpful can be said.
  public var expected: String

  public init(
    kind: Kind, file: String, location: Location = .wholeFile, found: String, expected: String
  ) {
    self.kind = kind
    self.file = file
    self.location = location
    self.found = found
    self.expected = expected
  }
}

extension FileFormatError: LocalizedError {
  public var errorDescription: String? { description }
}

extension FileFormatError: CustomStringConvertible {
  public var description: String {
    let place: String =
      switch location {
      case .wholeFile: file
      case .line(let line): "\(file), line \(line)"
      case .byte(let byte): "\(file), byte \(byte)"
      case .entry(let entry, let byte):
        "\(file), entry \(quoted(entry))" + (byte.map { ", byte \($0)" } ?? "")
      }
    let first = "\(place): \(found)"
    return expected.isEmpty ? first : "\(first)\n  expected \(expected)"
  }
}

/// What is wrong, found by code that does not know the file or the place in it.
struct FormatProblem: Error {
  var found: String
  var expected: String
}

/// Text from a file as it may stand in a message: in quotes, on one line, at most 60 characters.
///
/// Files are not trusted, so control characters (which could drive a terminal) are escaped.
func quoted(_ text: some StringProtocol) -> String {
  var result = "'"
  for scalar in text.unicodeScalars.prefix(60) {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 32 || (127..<160).contains(scalar.value):
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + (text.unicodeScalars.dropFirst(60).isEmpty ? "'" : "…'")
}

/// `quoted` for bytes that need not be UTF-8.
func quoted(bytes: some Sequence<UInt8>) -> String {
  quoted(String(decoding: Array(bytes.prefix(241)), as: UTF8.self))
}
