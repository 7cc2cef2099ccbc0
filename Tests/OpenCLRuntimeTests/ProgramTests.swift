import OpenCLRuntime
import Testing

@Suite("Programs")
struct ProgramTests {
  let context: Context

  init() throws { context = try Context(device: Device.select(), options: options()) }

  @Test("a build failure names the program and shows the log with the source line")
  func buildFailure() throws {
    let source = """
      kernel void broken(global float* out) {
        out[0] = 1.0f;
        out[1] = undeclared_name;
      }
      """
    let error = #expect(throws: OpenCLError.self) {
      try context.program(source, name: "the broken one")
    }
    guard case .buildFailed(let program, let device, _, let log) = error else {
      Issue.record("an error of another kind: \(String(describing: error))")
      return
    }
    #expect(program == "the broken one")
    #expect(device == context.device.description.name)
    #expect(log.contains("undeclared_name"))
    #expect(log.contains("line 3 |   out[1] = undeclared_name;"))
  }

  @Test("a program that failed to build can be asked for again, and fails again")
  func repeatedFailure() {
    for _ in 0..<2 {
      #expect(throws: OpenCLError.self) { try context.program("nonsense", name: "nonsense") }
    }
  }

  @Test("a missing kernel is refused with the names of those that there are")
  func missingKernel() throws {
    let program = try context.program(scaleSource(by: 2), name: "scale")
    let error = #expect(throws: OpenCLError.self) { try program.kernel("shrink") }
    #expect(
      error == .unknownKernel(name: "shrink", program: "scale", available: ["scale"]))
  }

  @Test("a program and its kernels are made once")
  func memoryCache() throws {
    let first = try context.program(scaleSource(by: 2), name: "scale")
    let second = try context.program(scaleSource(by: 2), name: "scale")
    #expect(first === second)
    #expect(try first.kernel("scale") === second.kernel("scale"))
    #expect(context.statistics.programsBuilt == 1)
    #expect(context.statistics.memoryCacheHits == 1)
  }

  @Test("the options are part of what a program is")
  func buildOptions() throws {
    let source = "kernel void keep(global int* out) { out[0] = WIDTH; }"
    for width in [4, 8] {
      let kernel = try context.program(source, options: ["-DWIDTH=\(width)"], name: "keep")
        .kernel("keep")
      let out = try context.makeBuffer(byteCount: 4, for: "the result")
      try context.enqueue(kernel, [.buffer(out)], global: [1])
      #expect(try out.read(as: Int32.self) == [Int32(width)])
    }
  }

  @Test(
    "threads that ask for one program get the same, built once", .enabled(if: try bearsThreads()))
  func concurrentRequests() async throws {
    let context = context
    let programs = try await withThrowingTaskGroup(of: Program.self) { group in
      for _ in 0..<8 {
        group.addTask { try context.program(scaleSource(by: 5), name: "scale") }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(programs.allSatisfy { $0 === programs[0] })
    #expect(context.statistics.programsBuilt == 1)
  }

  @Test(
    "the source line follows the message, in the form of each compiler",
    arguments: [
      "error: /tmp/kcache/tempfile_ab12.cl:2:7: use of undeclared identifier 'x'",
      "<kernel>:2:7: error: use of undeclared identifier 'x'",
      "1:2:7: error: use of undeclared identifier 'x'",
      "<program source>:2:7: error: use of undeclared identifier 'x'",
    ])
  func logForms(message: String) {
    let log = BuildLog(text: message).annotated(with: "first\nsecond\nthird")
    #expect(log == message + "\n  line 2 | second")
  }

  @Test("a log without places, and an empty one, are shown as they are")
  func plainLogs() {
    #expect(BuildLog(text: "ptxas fatal").annotated(with: "a") == "ptxas fatal")
    #expect(BuildLog(text: "").annotated(with: "a") == "the driver gave no build log")
  }

  @Test("a very long log is cut")
  func longLog() {
    let text = [String](repeating: "message", count: 100).joined(separator: "\n")
    #expect(BuildLog(text: text).annotated(with: "").hasSuffix("… and 60 more lines"))
  }
}
