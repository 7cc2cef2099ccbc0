import Glibc

/// An open file of the system.
struct FileDescriptor {
  static let standardError = FileDescriptor(number: 2)

  private let number: Int32

  /// Writes a file that appears whole or not at all, by way of a temporary one beside it.
  static func writeFile(
    _ bytes: [UInt8], to path: String, by temporaryPath: String
  ) throws(FileError) {
    let number = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard number >= 0 else { throw FileError(code: errno) }
    do throws(FileError) {
      try FileDescriptor(number: number).write(bytes)
    } catch {
      close(number)
      unlink(temporaryPath)
      throw error
    }
    guard close(number) == 0, rename(temporaryPath, path) == 0 else {
      let error = FileError(code: errno)
      unlink(temporaryPath)
      throw error
    }
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { memory in
        Glibc.write(number, memory.baseAddress?.advanced(by: written), bytes.count - written)
      }
      guard count >= 0 || errno == EINTR else { throw FileError(code: errno) }
      written += max(count, 0)
    }
  }
}

/// Why a file could not be written, in the system's words.
struct FileError: Error, CustomStringConvertible {
  let code: Int32

  var description: String { String(cString: strerror(code)) }
}
