import OpenCLRuntime
import Testing

@Suite("The buffer pool")
struct BufferPoolTests {
  let device: Device

  init() throws { device = try Device.select() }

  @Test("the memory of a dropped buffer serves the next one of its size")
  func reuse() throws {
    let context = try Context(device: device, options: options())
    for _ in 0..<10 { _ = try context.makeBuffer(byteCount: 10_000, for: "a test") }
    #expect(context.statistics.allocations == 1)
    #expect(context.statistics.reuses == 9)
    #expect(context.statistics.bytesInUse == 0)
    #expect(context.statistics.liveObjects.buffers == 1)
  }

  @Test("the high-water mark is the most that was in use at one time")
  func highWaterMark() throws {
    let context = try Context(device: device, options: options())
    let size = 1 << 20
    do {
      let three = try (0..<3).map { _ in try context.makeBuffer(byteCount: size, for: "a test") }
      #expect(three.count == 3)
    }
    let one = try context.makeBuffer(byteCount: size, for: "a test")
    #expect(context.statistics.highWaterMarkBytes == 3 * size)
    #expect(context.statistics.bytesInUse == size)
    #expect(context.statistics.idleBytes == 2 * size)
    context.resetHighWaterMark()
    #expect(context.statistics.highWaterMarkBytes == one.byteCount)
  }

  @Test("idle memory stays within its limit, and trimming releases it")
  func idleLimit() throws {
    var options = options()
    options.idleLimitBytes = 3 << 20
    let context = try Context(device: device, options: options)
    do {
      let buffers = try (1...6).map { try context.makeBuffer(byteCount: $0 << 20, for: "a test") }
      #expect(context.statistics.liveObjects.buffers == buffers.count)
    }
    #expect(context.statistics.idleBytes <= 3 << 20)
    context.trim()
    #expect(context.statistics.idleBytes == 0)
    #expect(context.statistics.liveObjects.buffers == 0)
  }

  /// A simulator, which keeps notes on every byte, is spared four gigabytes.
  @Test("the memory of large buffers goes back to the system", .enabled(if: try bearsThreads()))
  func largeBuffersAreFreed() throws {
    var options = options()
    options.idleLimitBytes = 0
    let context = try Context(device: device, options: options)
    let (byteCount, repetitions) = (64 << 20, 64)
    let before = try residentByteCount()
    for _ in 0..<repetitions {
      let buffer = try context.makeBuffer(byteCount: byteCount, for: "a test")
      try context.fill(buffer, with: 1)
    }
    try context.finish()
    // Tests beside this one take memory as well, but not half of what would be left here.
    #expect(try residentByteCount() - before < byteCount * repetitions / 2)
  }

  @Test("a size class holds the request and wastes an eighth of it at most, or 256 bytes")
  func sizeClasses() {
    var generator = SystemRandomNumberGenerator()
    let random = (0..<10_000).map { _ in Int.random(in: 1...(1 << 40), using: &generator) }
    for byteCount in Array(0...5000) + random {
      let capacity = BufferPool.capacity(for: byteCount)
      #expect(capacity >= byteCount)
      #expect(capacity - byteCount <= max(256, byteCount / 8))
      #expect(capacity % 256 == 0)
      #expect(BufferPool.capacity(for: capacity) == capacity)
    }
  }

  @Test("a request beyond the largest buffer says what was asked for, what there is, and for what")
  func outOfMemory() throws {
    let context = try Context(device: device, options: options())
    let limit = device.description.maximumAllocationBytes
    let error = #expect(throws: OpenCLError.self) {
      try context.makeBuffer(byteCount: limit + 1, for: "the edge weights")
    }
    guard case .outOfMemory(let shortage) = error else {
      Issue.record("an error of another kind: \(String(describing: error))")
      return
    }
    #expect(shortage.requestedBytes == limit + 1)
    #expect(shortage.maximumAllocationBytes == limit)
    #expect(shortage.description.contains("the edge weights"))
    #expect(shortage.description.contains(device.description.name))
    #expect(context.statistics.liveObjects.buffers == 0)
    #expect(context.statistics.bytesInUse == 0)
  }

  @Test("when memory is full idle buffers make room, and what is in use is named in the error")
  func memoryLimit() throws {
    var options = options()
    options.memoryLimitBytes = 10 << 20
    options.idleLimitBytes = 10 << 20
    let context = try Context(device: device, options: options)
    do { _ = try context.makeBuffer(byteCount: 8 << 20, for: "what is dropped") }
    #expect(context.statistics.idleBytes == 8 << 20)
    let kept = try context.makeBuffer(byteCount: 4 << 20, for: "what is kept")
    #expect(context.statistics.idleBytes == 0)

    let error = #expect(throws: OpenCLError.self) {
      try context.makeBuffer(byteCount: 7 << 20, for: "the edge weights")
    }
    #expect(
      error
        == .outOfMemory(
          OutOfMemory(
            requestedBytes: 7 << 20, purpose: "the edge weights", bytesInUse: kept.byteCount,
            maximumAllocationBytes: device.description.maximumAllocationBytes,
            limitBytes: 10 << 20, device: device.description.name)))
    #expect(context.statistics.bytesInUse == kept.byteCount)
    #expect(context.statistics.highWaterMarkBytes == 8 << 20)
    _ = try context.makeBuffer(byteCount: 6 << 20, for: "what fits")
  }

  @Test("poisoned memory reads as NaN until it is written, first hand and second hand")
  func poison() throws {
    var options = options()
    options.poisonsScratch = true
    let context = try Context(device: device, options: options)
    for byteCount in [4096, 4096, 24] {
      let buffer = try context.makeBuffer(byteCount: byteCount, for: "a test")
      #expect(try buffer.read(as: Float.self).allSatisfy { $0.isNaN })
      #expect(try buffer.read(as: Double.self).allSatisfy { $0.isNaN })
      try buffer.write([1] as [Float])
    }
    #expect(context.statistics.reuses == 1)
    #expect(
      try context.makeBuffer([1, 2] as [Float], for: "a test").read(as: Float.self) == [1, 2])
  }

  @Test(
    "memory handed on between threads is never used by two buffers at once",
    .enabled(if: try bearsThreads()))
  func threads() async throws {
    let context = try Context(device: device, options: options())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 1...8 {
        group.addTask {
          for round in 0..<50 {
            let values = (0..<512).map { Float($0 + round) }
            // Two programs for eight tasks, so that kernels are shared as well.
            let factor = 2 + task % 2
            let scaled = try context.scale(values, by: factor)
            #expect(scaled == values.map { $0 * Float(factor) })
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(context.statistics.bytesInUse == 0)
    #expect(context.statistics.allocations <= 8)
  }
}
