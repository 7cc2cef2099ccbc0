import Glibc

/// The process's environment variables; an empty one counts as not set.
enum Environment {
  static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Sets a variable that the user has left unset.
  static func setDefault(_ name: String, to value: String) {
    setenv(name, value, 0)
  }
}
