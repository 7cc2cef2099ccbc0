/// The entries of a zip archive that are stored without compression.
///
/// Only the central directory is believed: writers that stream (PyTorch's does) leave the sizes in
/// the local headers at zero. Of a local header only the lengths of its two variable fields count,
/// for they say where the data begin. Both the classic and the 64-bit records are read.
package struct ZipArchive: Sendable {
  package struct Entry: Sendable {
    package var name: String
    /// The length of the data.
    var count: Int
    var checksum: UInt32
    var method: Int
    var isEncrypted: Bool
    var headerOffset: Int
  }

  let source: ByteSource
  /// In the directory's order.
  package let entries: [Entry]
  private let indexByName: [String: Int]
  /// Where the data of all entries must have ended.
  private let directoryOffset: Int

  package init(_ source: ByteSource) throws {
    self.source = source
    let directory = try ZipDirectory(source)
    directoryOffset = directory.offset
    entries = try directory.entries(of: source)
    var index: [String: Int] = [:]
    for (position, entry) in entries.enumerated() {
      guard index.updateValue(position, forKey: entry.name) == nil else {
        throw FileFormatError(
          kind: .malformed, file: source.name,
          found: "the zip archive has two entries \(quoted(entry.name))",
          expected: "entries with distinct names")
      }
    }
    indexByName = index
  }

  func entry(named name: String) -> Entry? {
    indexByName[name].map { entries[$0] }
  }

  /// The data of an entry, checked against its checksum.
  package func read(_ entry: Entry) throws -> [UInt8] {
    func problem(_ found: String, _ expected: String) -> FileFormatError {
      FileFormatError(
        kind: .malformed, file: source.name, location: .entry(entry.name, byte: nil),
        found: found, expected: expected)
    }
    guard entry.method == 0, !entry.isEncrypted else {
      throw problem(
        entry.isEncrypted
          ? "the entry is encrypted" : "the entry is compressed (zip method \(entry.method))",
        "entries stored as they are, as torch.save writes them")
    }
    guard entry.headerOffset >= 0, entry.headerOffset <= directoryOffset - 30 else {
      throw problem("the entry begins outside the archive", "a whole archive")
    }
    let header = try source.read(entry.headerOffset..<entry.headerOffset + 30)
    guard header.integer(at: 0, bytes: 4) == 0x0403_4B50 else {
      throw problem("no local header at byte \(entry.headerOffset)", "an undamaged archive")
    }
    let start =
      entry.headerOffset + 30 + header.integer(at: 26, bytes: 2) + header.integer(at: 28, bytes: 2)
    guard entry.count >= 0, start <= directoryOffset, entry.count <= directoryOffset - start else {
      throw problem(
        "\(entry.count) bytes from byte \(start) do not fit before the directory at byte "
          + "\(directoryOffset)", "an undamaged archive")
    }
    let bytes = try source.read(start..<start + entry.count)
    guard CRC32.checksum(bytes) == entry.checksum else {
      throw problem("the data do not match their checksum (CRC-32)", "an undamaged archive")
    }
    return bytes
  }
}
