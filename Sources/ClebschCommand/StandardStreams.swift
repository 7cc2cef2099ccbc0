import Clebsch
import Foundation

/// Where results go.
enum StandardOutput {
  /// Writes at once, and tells when that fails: a full disk behind `>` must not look like success.
  static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      let reason =
        ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError) ?? error as NSError
      throw Failure(.cannotWrite, "standard output cannot be written (\(reason.posixText))")
    }
  }

  /// Writes a JSON object on a line of its own.
  static func write(_ object: JSONObject) throws {
    try write(object.line() + "\n")
  }
}

/// Where progress, warnings and errors go.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes as far as that is possible: nobody is left to tell.
  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

extension NSError {
  /// The operating system's word for this failure, where it is one of the system's.
  fileprivate var posixText: String {
    domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(code))) : localizedDescription
  }
}
