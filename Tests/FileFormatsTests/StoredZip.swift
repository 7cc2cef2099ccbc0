import FileFormats

/// Builds zip archives of stored entries, right ones and wrong ones, for tests of the reader.
struct StoredZip {
  struct Entry {
    var name: String
    var data: [UInt8]
    var method = 0
    var flags = 0
    /// Added to the true value.
    var checksumError: UInt32 = 0
    /// What the directory claims; nil tells the truth.
    var claimedCount: Int?
    var claimedOffset: Int?
  }

  var entries: [Entry]
  /// Whether offsets and sizes stand in 64-bit records, as for archives beyond 4 GB.
  var isZip64 = false
  var comment: [UInt8] = []
  var claimedDirectoryOffset: Int?

  /// A checkpoint whose pickle has these bytes, with the given storages.
  static func checkpoint(_ pickle: [UInt8], storages: [[UInt8]] = []) -> [UInt8] {
    var entries = [Entry(name: "x/data.pkl", data: pickle)]
    for (index, storage) in storages.enumerated() {
      entries.append(Entry(name: "x/data/\(index)", data: storage))
    }
    return StoredZip(entries: entries).bytes
  }

  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let checksum = Int(Self.checksum(entry.data) &+ entry.checksumError)
      let count = entry.claimedCount ?? entry.data.count
      let offset = entry.claimedOffset ?? file.count
      let extra =
        isZip64
        ? little(1, 2) + little(24, 2) + little(count, 8) + little(count, 8) + little(offset, 8)
        : []
      directory += little(0x0201_4B50, 4) + little(0, 4) + little(entry.flags, 2)
      directory += little(entry.method, 2) + little(0, 4) + little(checksum, 4)
      directory += isZip64 ? little(0xFFFF_FFFF, 4) : little(count, 4)
      directory += isZip64 ? little(0xFFFF_FFFF, 4) : little(count, 4)
      directory += little(name.count, 2) + little(extra.count, 2) + little(0, 10)
      directory += (isZip64 ? little(0xFFFF_FFFF, 4) : little(offset, 4)) + name + extra
      // The local header of a streaming writer: no sizes, some padding.
      file += little(0x0403_4B50, 4) + little(0, 22) + little(name.count, 2) + little(3, 2)
      file += name + [0, 0, 0] + entry.data
    }
    let start = claimedDirectoryOffset ?? file.count
    file += directory
    if isZip64 {
      let record = file.count
      file += little(0x0606_4B50, 4) + little(44, 8) + little(0, 28)
      file += little(directory.count, 8) + little(start, 8)
      file += little(0x0706_4B50, 4) + little(0, 4) + little(record, 8) + little(1, 4)
    }
    file += little(0x0605_4B50, 4) + little(0, 8)
    file += isZip64 ? little(0xFFFF_FFFF, 4) : little(directory.count, 4)
    file += isZip64 ? little(0xFFFF_FFFF, 4) : little(start, 4)
    return file + little(comment.count, 2) + comment
  }

  /// Bit by bit, unlike the reader's.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = .max
    for byte in bytes {
      for bit in 0..<8 {
        let feedback = (crc ^ UInt32(byte >> bit)) & 1
        crc = (crc >> 1) ^ (feedback * 0xEDB8_8320)
      }
    }
    return ~crc
  }
}

/// The little-endian bytes of a number.
func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
}
