/// Texts as files.
package enum TextFile {
  /// Writes a text to a file that appears, or replaces an older one, when it is complete.
  ///
  /// - Throws: `FileFormatError` if it cannot be written.
  package static func write(_ text: String, to path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path)
  }
}
