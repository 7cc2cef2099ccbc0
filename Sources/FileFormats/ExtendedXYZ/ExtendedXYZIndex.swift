/// The frames of an extended XYZ file in any order: where each begins is found once, and a frame is
/// read when it is asked for. Files may be larger than memory.
public struct ExtendedXYZIndex: Sendable {
  private let source: ByteSource
  /// The byte at which each frame begins, then the end of the last.
  private let offsets: [Int]

  /// Reads the file once, looking at lines only.
  ///
  /// - Throws: `FileFormatError` if it cannot be read, holds something else than frames, or holds
  ///   none.
  public init(path: String) throws {
    source = try ByteSource(contentsOf: path)
    var reader = try ExtendedXYZReader(path: path)
    var offsets = [0]
    while try reader.passFrame() { offsets.append(reader.fileOffset) }
    guard offsets.count > 1 else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "the file is empty", expected: "a frame of atoms")
    }
    self.offsets = offsets
  }

  /// The file's name as it was given.
  public var path: String { source.name }

  /// The number of frames.
  public var count: Int { offsets.count - 1 }

  /// A frame, counted from 0.
  ///
  /// - Throws: `FileFormatError`; lines in it are counted from the first of the frame.
  public func frame(at index: Int) throws -> ExtendedXYZFrame {
    let bytes = try source.read(offsets[index]..<offsets[index + 1])
    var reader = ExtendedXYZReader(data: bytes, name: "\(path), frame \(index)")
    guard let frame = try reader.next() else {
      throw FileFormatError(
        kind: .unreadable, file: path, found: "frame \(index) is not there any more",
        expected: "a file at rest")
    }
    return frame
  }
}
