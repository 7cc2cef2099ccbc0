/// Memory on a device, from the pool of its context and back to it when the last reference goes.
///
/// Its content is undefined until it is written. Reading and writing wait for the work that was
/// enqueued before; enqueueing work on it does not.
public final class Buffer: Sendable {
  /// The length that was asked for, in bytes.
  public let byteCount: Int

  let pool: BufferPool
  let allocation: BufferPool.Allocation

  init(byteCount: Int, for purpose: String, from pool: BufferPool) throws {
    precondition(byteCount >= 0, "a buffer of \(byteCount) bytes, for \(purpose)")
    self.byteCount = byteCount
    self.pool = pool
    allocation = try pool.take(byteCount: byteCount, for: purpose)
  }

  deinit { pool.giveBack(allocation) }

  /// The bytes of `count` elements from element `offset` on; what lies outside is a fault of ours.
  func byteRange<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int?, offset: Int
  ) -> Range<Int> {
    let stride = MemoryLayout<Element>.stride
    let count = count ?? byteCount / stride - offset
    precondition(
      offset >= 0 && count >= 0 && (offset + count) * stride <= byteCount,
      "elements \(offset)..<\(offset + count) of \(type) in a buffer of \(byteCount) bytes")
    return offset * stride..<(offset + count) * stride
  }
}
