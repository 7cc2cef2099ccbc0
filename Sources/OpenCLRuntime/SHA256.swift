/// SHA-256, by which cache entries are named and checked, and models told apart.
///
/// A name decides which machine code runs, so that two sources must never share one: a short or a
/// weak hash will not do. These lines stand in place of a dependency of cryptographic size.
///
/// Source: FIPS 180-4, sections 5.1.1, 5.3.3 and 6.2.2.
package enum SHA256 {
  private static let blockSize = 64

  /// The hash of `message`: 32 bytes.
  package static func hash(_ message: [UInt8]) -> [UInt8] {
    var state = initialState
    message.withUnsafeBytes { bytes in
      let wholeBytes = bytes.count / blockSize * blockSize
      compress(UnsafeRawBufferPointer(rebasing: bytes[..<wholeBytes]), into: &state)
      let ending = padded(bytes[wholeBytes...], messageLength: bytes.count)
      ending.withUnsafeBytes { compress($0, into: &state) }
    }
    return (0..<8).flatMap { bigEndianBytes(of: state[$0]) }
  }

  /// The hash of `message` as 64 hexadecimal digits.
  package static func hexadecimal(of message: [UInt8]) -> String {
    hash(message).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The last, incomplete block, with the one, the zeros and the length in bits that end a message.
  private static func padded(
    _ rest: Slice<UnsafeRawBufferPointer>, messageLength: Int
  ) -> [UInt8] {
    let blocks = rest.count + 9 <= blockSize ? 1 : 2
    let zeros = blocks * blockSize - rest.count - 9
    return Array(rest) + [0x80] + [UInt8](repeating: 0, count: zeros)
      + bigEndianBytes(of: UInt64(messageLength) * 8)
  }

  private static func bigEndianBytes(of value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian, Array.init)
  }

  private static func compress(
    _ blocks: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: roundConstants.count) { schedule in
      for start in stride(from: 0, to: blocks.count, by: blockSize) {
        expand(blocks, from: start, into: schedule)
        state &+= rounds(of: state, schedule)
      }
    }
  }

  private static func expand(
    _ blocks: UnsafeRawBufferPointer, from start: Int,
    into schedule: UnsafeMutableBufferPointer<UInt32>
  ) {
    for word in 0..<16 {
      schedule[word] = UInt32(
        bigEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * word, as: UInt32.self))
    }
    for word in 16..<64 {
      let early = schedule[word - 15]
      let late = schedule[word - 2]
      let earlyMix = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3)
      let lateMix = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10)
      schedule[word] = schedule[word - 16] &+ earlyMix &+ schedule[word - 7] &+ lateMix
    }
  }

  /// The working variables after 64 rounds, in the standard's names.
  private static func rounds(
    of state: SIMD8<UInt32>, _ schedule: UnsafeMutableBufferPointer<UInt32>
  ) -> SIMD8<UInt32> {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    roundConstants.withUnsafeBufferPointer { constants in
      for round in 0..<64 {
        let choice = (e & f) ^ (~e & g)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        let first =
          h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ constants[round]
          &+ schedule[round]
        let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ second)
      }
    }
    return SIMD8(a, b, c, d, e, f, g, h)
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    (word &>> count) | (word &<< (32 &- count))
  }

  private static let initialState = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19)

  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1,
    0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
    0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786,
    0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147,
    0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
    0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a,
    0x5b9c_ca4f, 0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
    0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
