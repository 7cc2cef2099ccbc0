/// Writes frames to an extended XYZ file that ASE and this module read back.
///
/// ```swift
/// var writer = try ExtendedXYZWriter(path: "out.extxyz")
/// try writer.write(frame)
/// try writer.finish()
/// ```
public struct ExtendedXYZWriter: ~Copyable {
  /// What becomes of the file's name and its former contents.
  public enum Mode: Sendable {
    /// The file appears, or replaces an older one, when `finish` succeeds; until then, and if it
    /// is never called, nothing changes.
    case replacing
    /// Each frame is added to the file as soon as it is written, as a whole or not at all. Half a
    /// frame at the end of the file, from a process that was killed while the operating system
    /// copied it, is removed first.
    case appending
  }

  private enum Output {
    case whole(AtomicFile)
    case appended(AppendedFile)
  }

  private let output: Output
  private let numbers: ExtendedXYZNumberFormat
  /// Frames of a whole file that are not on their way yet.
  private var pending: [UInt8] = []
  private static let greatestPendingCount = 1 << 20

  /// - Parameter numbers: how real numbers of atoms are written; those of the comment line are
  ///   always exact.
  /// - Throws: `FileFormatError` if the file cannot be written or, appending, is no extended XYZ
  ///   file.
  public init(
    path: String, mode: Mode = .replacing, numbers: ExtendedXYZNumberFormat = .eightDecimals
  ) throws {
    self.numbers = numbers
    output =
      switch mode {
      case .replacing: .whole(try AtomicFile(path: path))
      case .appending:
        .appended(
          try AppendedFile(
            path: path, completeCount: try ExtendedXYZReader.completeByteCount(of: path)))
      }
  }

  /// The bytes of half a frame that were removed from the end of the file when it was opened for
  /// appending.
  public var removedByteCount: Int {
    if case .appended(let file) = output { file.removedByteCount } else { 0 }
  }

  /// Writes a frame.
  ///
  /// - Precondition: the counts of species, positions and properties agree; names and words can
  ///   stand in the format (see `ExtendedXYZFrame.encoded`).
  /// - Throws: `FileFormatError` if the file cannot be written.
  public mutating func write(_ frame: ExtendedXYZFrame) throws {
    let bytes = frame.encoded(numbers)
    switch output {
    case .appended(let file):
      try file.append(bytes)
    case .whole(let file):
      pending += bytes
      if pending.count >= Self.greatestPendingCount {
        try file.write(pending)
        pending.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Completes the file; with `Mode.replacing` it takes its name now.
  ///
  /// - Throws: `FileFormatError` if the file cannot be written.
  public consuming func finish() throws {
    switch output {
    case .whole(let file):
      try file.write(pending)
      try file.commit()
    case .appended(let file):
      try file.close()
    }
  }

  /// Writes frames to a file that appears whole or not at all.
  ///
  /// - Throws: `FileFormatError` if the file cannot be written.
  public static func write(
    _ frames: some Sequence<ExtendedXYZFrame>, to path: String,
    numbers: ExtendedXYZNumberFormat = .eightDecimals
  ) throws {
    var writer = try ExtendedXYZWriter(path: path, numbers: numbers)
    for frame in frames { try writer.write(frame) }
    try writer.finish()
  }
}

/// How the real numbers of atoms are written.
public enum ExtendedXYZNumberFormat: Sendable {
  /// Eight decimals in sixteen columns, as ASE writes them.
  case eightDecimals
  /// As many digits as it takes (up to 17) for the same number to be read back.
  case exact
}
