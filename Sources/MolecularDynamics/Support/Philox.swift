/// Philox-4×32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011): 128 random bits that depend on a counter and a key alone.
///
/// There is no state to save: a run that is resumed draws the numbers that it would have drawn.
package struct Philox: Sendable, Hashable {
  package var key: UInt64

  package init(key: UInt64) { self.key = key }

  package func bits(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var key = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) * UInt64(x[0])
      let second = UInt64(0xCD9E_8D57) * UInt64(x[2])
      x = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ x[1] ^ key[0],
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ x[3] ^ key[1],
        UInt32(truncatingIfNeeded: first))
      key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return x
  }
}
