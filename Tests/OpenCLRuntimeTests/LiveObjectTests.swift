import OpenCLRuntime
import Testing

/// The counts are ours; the context's reference count is the driver's own, and would show an object
/// that we lost count of.
@Suite("Nothing leaks")
struct LiveObjectTests {
  private let empty = LiveObjects()

  private func context(profiling: Bool = false) throws -> Context {
    var options = options()
    options.profiling = profiling
    return try Context(device: Device.select(), options: options)
  }

  @Test(
    "after work, with profiling and without, no object outlives its context",
    arguments: [false, true])
  func work(profiling: Bool) throws {
    var context: Context? = try context(profiling: profiling)
    let counter = try #require(context).queue.liveObjects
    for factor in 2...4 { _ = try context?.scale([1, 2, 3], by: factor) }
    #expect(counter.counts.programs == 3)
    #expect(counter.counts.kernels == 3)
    #expect(counter.counts.buffers == 1)
    #expect((counter.counts.events > 0) == profiling)
    _ = try context?.profile
    #expect(counter.counts.events == 0)
    context = nil
    #expect(counter.counts == empty)
  }

  @Test("an error leaves nothing behind")
  func errors() throws {
    let context = try context()
    let program = try context.program(scaleSource(by: 2), name: "scale")
    let kernel = try program.kernel("scale")
    let references = try context.queue.contextReferenceCount()
    let before = context.statistics.liveObjects
    let tooMuch = context.device.description.maximumAllocationBytes + 1

    for _ in 0..<3 {
      #expect(throws: OpenCLError.self) { try context.program("nonsense", name: "nonsense") }
      #expect(throws: OpenCLError.self) { try program.kernel("shrink") }
      #expect(throws: OpenCLError.self) {
        try context.makeBuffer(byteCount: tooMuch, for: "too much")
      }
      #expect(throws: OpenCLError.self) {
        let buffer = try context.makeBuffer(byteCount: 64, for: "a test")
        try context.enqueue(kernel, [.buffer(buffer)], global: [16], local: [3])
      }
      #expect(throws: OpenCLError.self) { try context.enqueue(kernel, [.int64(1)], global: [1]) }
    }
    context.trim()
    #expect(context.statistics.liveObjects == before)
    #expect(context.statistics.bytesInUse == 0)
    #expect(try context.queue.contextReferenceCount() == references)
  }

  @Test("the driver's own count of references returns to where it was")
  func driverCount() throws {
    let context = try context()
    _ = try context.scale([1, 2, 3], by: 2)
    context.trim()
    let references = try context.queue.contextReferenceCount()
    for _ in 0..<20 { _ = try context.scale([1, 2, 3], by: 2) }
    context.trim()
    #expect(try context.queue.contextReferenceCount() == references)
  }

  @Test("buffers and kernels may outlive their context")
  func outliving() throws {
    var context: Context? = try context()
    let counter = try #require(context).queue.liveObjects
    var buffer = try context?.makeBuffer([1, 2] as [Float], for: "a test")
    var kernel = try context?.program(scaleSource(by: 2), name: "scale").kernel("scale")
    context = nil
    #expect(try buffer?.read(as: Float.self) == [1, 2])
    #expect(kernel?.name == "scale")
    buffer = nil
    kernel = nil
    #expect(counter.counts == empty)
  }
}
