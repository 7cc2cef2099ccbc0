import OpenCLRuntime
import Testing

@Suite("Profiling")
struct ProfilerTests {
  @Test("each kernel's runs are counted and timed")
  func counts() throws {
    var options = options()
    options.profiling = true
    let context = try Context(device: Device.select(), options: options)
    for _ in 0..<5 { _ = try context.scale([1, 2, 3], by: 2) }
    let profile = try #require(try context.profile.first { $0.name == "scale" })
    #expect(profile.count == 5)
    #expect(profile.minimumSeconds > 0)
    #expect(profile.minimumSeconds <= profile.medianSeconds)
    // The smallest of five, the median twice, and what lies above it.
    #expect(
      profile.totalSeconds >= 2 * profile.minimumSeconds + 3 * profile.medianSeconds - 1e-12)
    #expect(try Set(context.profile.map(\.name)) == ["scale", "read", "write"])
    try context.resetProfile()
    #expect(try context.profile.isEmpty)
  }

  @Test("more commands than events are kept for lose none")
  func manyCommands() throws {
    var options = options()
    options.profiling = true
    let context = try Context(device: Device.select(), options: options)
    let kernel = try context.program(scaleSource(by: 1), name: "scale").kernel("scale")
    let buffer = try context.makeBuffer([1] as [Float], for: "a test")
    for _ in 0..<9000 { try context.enqueue(kernel, [.buffer(buffer)], global: [1]) }
    #expect(context.statistics.liveObjects.events <= 4096)
    #expect(try context.profile.first { $0.name == "scale" }?.count == 9000)
  }

  @Test("without profiling there are no times and no events")
  func off() throws {
    let context = try Context(device: Device.select(), options: options())
    _ = try context.scale([1], by: 2)
    #expect(try context.profile.isEmpty)
    #expect(context.statistics.liveObjects.events == 0)
  }
}
