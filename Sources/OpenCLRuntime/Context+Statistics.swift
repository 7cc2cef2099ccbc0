/// What a context holds and has done. Sizes are in bytes.
public struct ContextStatistics: Sendable {
  /// OpenCL objects that are alive, buffers that lie idle in the pool included.
  public let liveObjects: LiveObjects
  /// Memory handed out and not yet returned.
  public let bytesInUse: Int
  /// Memory that lies in the pool for the next buffer.
  public let idleBytes: Int
  /// The most that was handed out at one time.
  public let highWaterMarkBytes: Int
  /// Buffers that the device allocated.
  public let allocations: Int
  /// Buffers that came from the pool.
  public let reuses: Int
  /// Programs built from source.
  public let programsBuilt: Int
  /// Programs found in memory.
  public let memoryCacheHits: Int
  /// Programs loaded from disk.
  public let diskCacheHits: Int
}

extension Context {
  public var statistics: ContextStatistics {
    let memory = pool.counts
    let programs = programs.counts
    return ContextStatistics(
      liveObjects: queue.liveObjects.counts, bytesInUse: memory.bytesInUse,
      idleBytes: memory.idleBytes, highWaterMarkBytes: memory.highWaterMarkBytes,
      allocations: memory.allocations, reuses: memory.reuses, programsBuilt: programs.built,
      memoryCacheHits: programs.memoryHits, diskCacheHits: programs.diskHits)
  }

  /// Starts the high-water mark anew from what is in use now.
  public func resetHighWaterMark() { pool.resetHighWaterMark() }

  /// Releases the memory that lies idle in the pool.
  public func trim() { pool.trim() }

  /// The time of each kernel, copy and fill so far, the longest in total first; empty without
  /// profiling. Waits for the work that was enqueued.
  public var profile: [KernelProfile] {
    get throws {
      guard let profiler = queue.profiler else { return [] }
      try finish()
      try profiler.collect()
      return profiler.profiles
    }
  }

  /// Forgets the times so far.
  public func resetProfile() throws {
    guard let profiler = queue.profiler else { return }
    try finish()
    try profiler.collect()
    profiler.reset()
  }
}
