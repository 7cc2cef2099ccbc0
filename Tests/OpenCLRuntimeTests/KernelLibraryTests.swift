import Foundation
import OpenCLRuntime
import Testing

@Suite("Kernels built together")
struct KernelLibraryTests {
  let device: Device
  let folder: TemporaryFolder

  init() throws {
    device = try Device.select()
    folder = try TemporaryFolder()
  }

  private func newContext() throws -> Context {
    try Context(device: device, options: options(cachingIn: folder))
  }

  /// A kernel that stores `value` as the preamble's `real`.
  private func store(_ value: Int, as type: String = "float", name: String? = nil)
    -> KernelDefinition
  {
    let name = name ?? "store_\(value)"
    return KernelDefinition(
      name: name, preamble: "typedef \(type) real;",
      body: "kernel void \(name)(global real* out) { out[0] = \(value); }")
  }

  private func run(_ kernel: Kernel, in context: Context) throws -> Float {
    let out = try context.makeBuffer([0, 0] as [Float], for: "the result")
    try context.enqueue(kernel, [.buffer(out)], global: [1])
    return try out.read(as: Float.self)[0]
  }

  @Test("one program holds all, and the kernels come in the order asked for")
  func together() throws {
    let context = try newContext()
    let kernels = try context.kernels([store(3), store(1), store(2), store(1)])
    #expect(try kernels.map { try run($0, in: context) } == [3, 1, 2, 1])
    #expect(kernels[1] === kernels[3])
    #expect(context.statistics.programsBuilt == 1)
  }

  @Test("only what is missing is built, and the same kernel is given again")
  func growing() throws {
    let context = try newContext()
    let first = try context.kernels([store(1), store(2)])
    let second = try context.kernels([store(2), store(3)])
    #expect(first[1] === second[0])
    #expect(context.statistics.programsBuilt == 2)
  }

  @Test("a later context finds each kernel in whichever program it was built")
  func fromDisk() throws {
    let first = try newContext()
    _ = try first.kernels([store(1), store(2)])
    _ = try first.kernels([store(3), store(4)])
    let second = try newContext()
    let kernels = try second.kernels([store(4), store(2), store(1)])
    #expect(try kernels.map { try run($0, in: second) } == [4, 2, 1])
    #expect(second.statistics.programsBuilt == 0)
    #expect(second.statistics.diskCacheHits == 2)
  }

  @Test("a kernel whose program was removed or damaged is built again", arguments: [true, false])
  func lostProgram(removed: Bool) throws {
    _ = try newContext().kernels([store(1), store(2)])
    for file in try folder.files where !file.hasSuffix(".kernel") {
      if removed {
        try FileManager.default.removeItem(at: folder.url(of: file))
      } else {
        try Data("damage".utf8).write(to: folder.url(of: file))
      }
    }
    let context = try newContext()
    let kernels = try context.kernels([store(1), store(2)])
    #expect(try kernels.map { try run($0, in: context) } == [1, 2])
    #expect(context.statistics.programsBuilt == 1)
  }

  @Test("equal names and other preambles go into programs of their own")
  func separatePrograms() throws {
    let context = try newContext()
    let kernels = try context.kernels([
      store(1, name: "same"), store(2, name: "same"), store(3, as: "int"),
    ])
    #expect(try kernels[..<2].map { try run($0, in: context) } == [1, 2])
    #expect(try run(kernels[2], in: context).bitPattern == 3)
    #expect(context.statistics.programsBuilt == 3)
  }

  @Test("of many kernels the error shows the one that does not build")
  func buildFailure() throws {
    let context = try newContext()
    let broken = KernelDefinition(
      name: "broken", preamble: "typedef float real;",
      body: "kernel void broken(global real* out) {\n  out[0] = missing;\n}")
    let error = #expect(throws: OpenCLError.self) {
      try context.kernels([store(1), broken, store(2)])
    }
    guard case .buildFailed(let program, _, _, let log) = error else {
      Issue.record("an error of another kind: \(String(describing: error))")
      return
    }
    #expect(program == "broken")
    #expect(log.contains("line 4 |   out[0] = missing;"))
    // The others are there all the same.
    #expect(try run(try context.kernels([store(2)])[0], in: context) == 2)
  }

  @Test("no kernels are asked for, none are given")
  func none() throws {
    #expect(try newContext().kernels([]).isEmpty)
  }
}
