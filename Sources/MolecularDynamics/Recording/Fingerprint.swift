import FileFormats
import Potentials

/// FNV-1a (Fowler, Noll and Vo) of 64 bits: tells apart what differs by accident. It is no
/// protection against forgery.
package struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  package mutating func combine(_ number: Int) {
    combine((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }

  /// Sixteen hexadecimal digits.
  package var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension AtomicStructure {
  /// What stays the same in a run: the elements in their order, and which directions repeat.
  package var identity: String {
    var fingerprint = Fingerprint()
    for number in atomicNumbers { fingerprint.combine(number) }
    for periodic in cell?.periodic ?? [false, false, false] {
      fingerprint.combine(periodic ? 1 : 0)
    }
    return "\(count) atoms, \(fingerprint)"
  }
}
