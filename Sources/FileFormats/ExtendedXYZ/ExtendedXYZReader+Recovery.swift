extension ExtendedXYZReader {
  /// The bytes of a file up to the end of its last whole frame; 0 if there is no such file.
  ///
  /// Only the number of lines counts, and that the last of them is ended: one that is not may have
  /// been cut inside a number.
  ///
  /// - Throws: `FileFormatError` if the file holds something else than frames.
  static func completeByteCount(of path: String) throws -> Int {
    guard isRegularFile(path) else { return 0 }
    var reader = try ExtendedXYZReader(path: path)
    var complete = 0
    while try reader.skipFrame() { complete = reader.fileOffset }
    return complete
  }
}
