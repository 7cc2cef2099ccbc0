/// The cyclic redundancy check of zip archives (polynomial 0xEDB88320, reflected).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in (crc >> 1) ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table = table
    var crc: UInt32 = .max
    for byte in bytes {
      crc = table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8)
    }
    return ~crc
  }
}
