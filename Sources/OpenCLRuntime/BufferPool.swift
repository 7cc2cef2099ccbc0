import COpenCL
import Synchronization

/// Device memory of one context: hands out buffers, and keeps what comes back for the next one.
///
/// Buffers come in size classes, eight to the octave, so that at most an eighth of a buffer (256
/// bytes for the small ones) is waste. Idle memory is bounded; the longest idle goes first. When
/// memory runs short, all idle buffers are released and the request tried once more.
package final class BufferPool: Sendable {
  /// A piece of device memory, a whole class long.
  struct Allocation: Sendable {
    let memory: OwnedHandle
    let capacity: Int
  }

  struct Counts: Sendable {
    var bytesInUse = 0
    var idleBytes = 0
    var highWaterMarkBytes = 0
    var allocations = 0
    var reuses = 0
  }

  private struct State {
    /// Idle buffers in the order in which they came back.
    var idle: [Allocation] = []
    var counts = Counts()
  }

  let queue: CommandQueue
  private let limitBytes: Int
  private let idleLimitBytes: Int
  private let poisonsScratch: Bool
  private let state = Mutex(State())

  init(queue: CommandQueue, options: ContextOptions) {
    self.queue = queue
    limitBytes = options.memoryLimitBytes ?? queue.device.description.globalMemoryBytes
    idleLimitBytes = options.idleLimitBytes ?? limitBytes / 8
    poisonsScratch = options.poisonsScratch
  }

  var counts: Counts { state.withLock { $0.counts } }

  func resetHighWaterMark() {
    state.withLock { $0.counts.highWaterMarkBytes = $0.counts.bytesInUse }
  }

  // MARK: - Handing out and taking back

  func take(byteCount: Int, for purpose: String) throws -> Allocation {
    let largest = queue.device.description.maximumAllocationBytes
    guard byteCount <= largest else { throw shortage(of: byteCount, for: purpose) }
    let capacity = min(Self.capacity(for: byteCount), max(largest, 1))
    let allocation = try reuse(capacity) ?? allocate(capacity, requested: byteCount, for: purpose)
    guard poisonsScratch else { return allocation }
    do {
      try poison(allocation)
      return allocation
    } catch {
      giveBack(allocation)
      throw error
    }
  }

  func giveBack(_ allocation: Allocation) {
    let released = state.withLock { state -> [Allocation] in
      state.counts.bytesInUse -= allocation.capacity
      state.counts.idleBytes += allocation.capacity
      state.idle.append(allocation)
      var released: [Allocation] = []
      while state.counts.idleBytes > idleLimitBytes {
        let oldest = state.idle.removeFirst()
        state.counts.idleBytes -= oldest.capacity
        released.append(oldest)
      }
      return released
    }
    // Released here, outside of the lock: a driver may take its time over it.
    _ = consume released
  }

  /// Releases every idle buffer, and says how many bytes that were.
  @discardableResult
  func trim() -> Int {
    let idle = state.withLock { state -> [Allocation] in
      state.counts.idleBytes = 0
      defer { state.idle = [] }
      return state.idle
    }
    return idle.reduce(0) { $0 + $1.capacity }
  }

  private func reuse(_ capacity: Int) -> Allocation? {
    state.withLock { state in
      guard let place = state.idle.lastIndex(where: { $0.capacity == capacity }) else { return nil }
      state.counts.idleBytes -= capacity
      state.counts.reuses += 1
      state.counts.bytesInUse += capacity
      state.counts.highWaterMarkBytes = max(
        state.counts.highWaterMarkBytes, state.counts.bytesInUse)
      return state.idle.remove(at: place)
    }
  }

  // MARK: - New memory

  private func allocate(_ capacity: Int, requested: Int, for purpose: String) throws -> Allocation {
    try reserve(capacity, requested: requested, for: purpose)
    do {
      let memory = try makeMemory(capacity, requested: requested, for: purpose)
      state.withLock {
        $0.counts.allocations += 1
        $0.counts.highWaterMarkBytes = max($0.counts.highWaterMarkBytes, $0.counts.bytesInUse)
      }
      return Allocation(memory: memory, capacity: capacity)
    } catch {
      state.withLock { $0.counts.bytesInUse -= capacity }
      throw error
    }
  }

  /// Counts as used what is about to be allocated, where the limit allows it.
  ///
  /// Drivers that allocate on first use (PoCL among them) grant far more than there is, and the
  /// process is killed when it touches it.
  private func reserve(_ capacity: Int, requested: Int, for purpose: String) throws {
    let counts = self.counts
    if counts.bytesInUse + counts.idleBytes + capacity > limitBytes { trim() }
    let fits = state.withLock { state in
      guard state.counts.bytesInUse + capacity <= limitBytes else { return false }
      state.counts.bytesInUse += capacity
      return true
    }
    guard fits else { throw shortage(of: requested, for: purpose) }
  }

  private func makeMemory(
    _ capacity: Int, requested: Int, for purpose: String
  ) throws -> OwnedHandle {
    var (memory, status) = create(capacity)
    if status.meansMemoryRanOut {
      // What idle buffers hold is free only when the work that still uses them is done.
      if trim() > 0 { try queue.finish() }
      (memory, status) = create(capacity)
    }
    if status.meansMemoryRanOut || status == .invalidBufferSize {
      throw shortage(of: requested, for: purpose)
    }
    try check(
      status.rawValue, "clCreateBuffer", "allocating \(ByteCount(requested)) for \(purpose)")
    return try queue.own(memory, .buffer, madeBy: "clCreateBuffer")
  }

  private func create(_ capacity: Int) -> (cl_mem?, OpenCLStatus) {
    let device = queue.device.description
    if device.kind == .cpu && capacity >= LargePages.leastByteCount {
      return LargePages.makeBuffer(byteCount: capacity, in: queue.context.pointer)
    }
    var flags = cl_mem_flags(CL_MEM_READ_WRITE)
    if device.sharesMemoryWithHost {
      // Memory that the host can reach, so that mapping it copies nothing.
      flags |= cl_mem_flags(CL_MEM_ALLOC_HOST_PTR)
    }
    var status: Int32 = 0
    let memory = clCreateBuffer(queue.context.pointer, flags, capacity, nil, &status)
    return (memory, OpenCLStatus(rawValue: status))
  }

  /// Fills with bytes of ones, which is NaN in `float` and in `double`.
  private func poison(_ allocation: Allocation) throws {
    var pattern = UInt64.max
    let wholePatterns = allocation.capacity & ~(MemoryLayout<UInt64>.size - 1)
    let status = try queue.submit("poison") { queue, event in
      clEnqueueFillBuffer(
        queue, allocation.memory.pointer, &pattern, MemoryLayout<UInt64>.size, 0, wholePatterns, 0,
        nil, event)
    }
    try check(status.rawValue, "clEnqueueFillBuffer", "poisoning scratch memory")
  }

  func shortage(of byteCount: Int, for purpose: String) -> OpenCLError {
    .outOfMemory(
      OutOfMemory(
        requestedBytes: byteCount, purpose: purpose, bytesInUse: counts.bytesInUse,
        maximumAllocationBytes: queue.device.description.maximumAllocationBytes,
        limitBytes: limitBytes,
        device: queue.device.description.name))
  }

  /// The size class of a request: the next multiple of an eighth of its power of two.
  package static func capacity(for byteCount: Int) -> Int {
    let smallest = 256
    guard byteCount > smallest else { return smallest }
    let octave = 1 << (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount)
    let step = max(smallest, octave / 8)
    return (byteCount + step - 1) / step * step
  }
}
