/// The bytes of the i-PI protocol: headers of twelve characters, little-endian numbers.
enum WireFormat {
  static let headerLength = 12

  /// A word, padded with blanks.
  static func header(_ word: String) -> [UInt8] {
    precondition(word.utf8.count <= headerLength, "\(word) does not fit into a header")
    return Array(word.utf8) + [UInt8](repeating: 0x20, count: headerLength - word.utf8.count)
  }

  /// The word of a header; what is not a printable character is shown as a question mark.
  static func word(_ header: [UInt8]) -> String {
    let text = header.map { byte -> Character in
      (0x20..<0x7f).contains(byte) ? Character(Unicode.Scalar(byte)) : "?"
    }
    return String(text).split(separator: " ").joined(separator: " ")
  }

  static func integer(_ bytes: [UInt8]) -> Int {
    var bits: UInt32 = 0
    for index in 0..<4 { bits |= UInt32(bytes[index]) << (8 * UInt32(index)) }
    return Int(Int32(bitPattern: bits))
  }

  static func bytes(_ integer: Int) -> [UInt8] {
    let bits = UInt32(bitPattern: Int32(integer))
    return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
  }

  static func doubles(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count - 7, by: 8).map { start in
      var bits: UInt64 = 0
      for index in 0..<8 { bits |= UInt64(bytes[start + index]) << (8 * UInt64(index)) }
      return Double(bitPattern: bits)
    }
  }

  static func bytes(_ numbers: [Double]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
    }
  }
}
