import Foundation

/// A file, or bytes in memory under a name, of which ranges can be read.
///
/// A file is opened anew for each range: ranges are few and large, and a value that holds only a
/// name can be copied and sent between threads.
package struct ByteSource: Sendable {
  private enum Storage: Sendable {
    case file
    case bytes([UInt8])
  }

  /// The file's name as the user gave it.
  let name: String
  /// The number of bytes.
  let count: Int
  private let storage: Storage

  init(contentsOf path: String) throws {
    let handle = try openForReading(path)
    defer { try? handle.close() }
    do {
      count = Int(clamping: try handle.seekToEnd())
    } catch {
      throw FileFormatError(
        kind: .unreadable, file: path,
        found: "the file cannot be read from the middle (\(reason(of: error)))",
        expected: "a file on a disk, not a pipe or device")
    }
    name = path
    storage = .file
  }

  package init(_ bytes: [UInt8], name: String) {
    self.name = name
    count = bytes.count
    storage = .bytes(bytes)
  }

  /// The bytes of a range that lies inside the file.
  ///
  /// - Precondition: `range` lies in `0..<count`; whoever takes offsets from a file checks them
  ///   first, so that a declared size is never allocated before it is known to exist.
  func read(_ range: Range<Int>) throws -> [UInt8] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "byte range \(range) outside a file of \(count) bytes")
    switch storage {
    case .bytes(let bytes):
      return Array(bytes[range])
    case .file:
      let handle = try openForReading(name)
      defer { try? handle.close() }
      let data: Data
      do {
        try handle.seek(toOffset: UInt64(range.lowerBound))
        data = try handle.read(upToCount: range.count) ?? Data()
      } catch {
        throw FileFormatError(
          kind: .unreadable, file: name, location: .byte(range.lowerBound),
          found: "reading failed (\(reason(of: error)))", expected: "")
      }
      guard data.count == range.count else {
        throw FileFormatError(
          kind: .unreadable, file: name, location: .byte(range.lowerBound),
          found: "the file became shorter while it was read", expected: "a file at rest")
      }
      return Array(data)
    }
  }
}

/// Opens a file, telling apart the ways in which that fails.
func openForReading(_ path: String) throws -> FileHandle {
  var isFolder = ObjCBool(false)
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
    throw FileFormatError(
      kind: .notFound, file: path, found: "there is no such file", expected: "")
  }
  guard !isFolder.boolValue else {
    throw FileFormatError(
      kind: .unreadable, file: path, found: "this is a folder", expected: "a file")
  }
  do {
    return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  } catch {
    throw FileFormatError(
      kind: .unreadable, file: path, found: "the file cannot be opened (\(reason(of: error)))",
      expected: "a file that you may read")
  }
}

/// The operating system's word for a failure of Foundation's.
func reason(of error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  guard underlying.domain == NSPOSIXErrorDomain, let code = Int32(exactly: underlying.code) else {
    return quoted(underlying.localizedDescription)
  }
  return String(cString: strerror(code))
}
