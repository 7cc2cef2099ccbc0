/// The form of one file of the program cache.
///
/// Eight bytes of magic, the format's version (32 bits), the binary's length (64 bits), its SHA-256,
/// then the binary itself. Numbers are little-endian.
enum ProgramCacheEntry {
  private static let magic: [UInt8] = Array("CLEBSCHK".utf8)
  static let version: UInt32 = 1
  private static let headerLength = 8 + 4 + 8 + 32

  static func bytes(holding binary: [UInt8]) -> [UInt8] {
    header(for: binary) + binary
  }

  /// The binary of an entry; nil where a byte of it is not as it was written.
  static func payload(of entry: [UInt8]) -> [UInt8]? {
    guard entry.count > headerLength else { return nil }
    let binary = Array(entry[headerLength...])
    return header(for: binary).elementsEqual(entry[..<headerLength]) ? binary : nil
  }

  private static func header(for binary: [UInt8]) -> [UInt8] {
    magic + littleEndianBytes(of: version) + littleEndianBytes(of: UInt64(binary.count))
      + SHA256.hash(binary)
  }

  private static func littleEndianBytes(of value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
