import Foundation
import OpenCLRuntime
import Synchronization
import Testing

@Suite("The program cache")
struct ProgramCacheTests {
  let device: Device
  let folder: TemporaryFolder

  init() throws {
    device = try Device.select()
    folder = try TemporaryFolder()
  }

  /// A context like one of a new process: nothing in memory, the same folder.
  private func newContext() throws -> Context {
    try Context(device: device, options: options(cachingIn: folder))
  }

  @Test("a program built once is loaded by the next context, and runs")
  func hit() throws {
    let first = try newContext()
    #expect(try first.scale([1, 2], by: 3) == [3, 6])
    #expect(first.statistics.programsBuilt == 1)
    #expect(try folder.files.count == 1)

    let second = try newContext()
    #expect(try second.scale([1, 2], by: 3) == [3, 6])
    #expect(second.statistics.programsBuilt == 0)
    #expect(second.statistics.diskCacheHits == 1)
    #expect(try folder.files.count == 1)
  }

  @Test("a loaded program knows its kernels")
  func loadedProgram() throws {
    for _ in 0..<2 {
      let program = try newContext().program(scaleSource(by: 3), name: "scale")
      #expect(program.kernelNames == ["scale"])
      #expect(throws: OpenCLError.self) { try program.kernel("shrink") }
    }
  }

  @Test("another source and other options are other entries")
  func keys() throws {
    let context = try newContext()
    for (factor, options) in [(2, []), (3, []), (3, ["-DA"]), (3, ["-DA", "-DB"]), (3, ["-DAB"])] {
      _ = try context.program(scaleSource(by: factor), options: options, name: "scale")
    }
    #expect(try folder.files.count == 5)
  }

  @Test(
    "a damaged entry is rebuilt and replaced", arguments: ["cut", "emptied", "flipped", "foreign"])
  func damage(kind: String) throws {
    #expect(try newContext().scale([1, 2], by: 3) == [3, 6])
    let file = folder.url(of: try #require(try folder.files.first))
    let whole = try Data(contentsOf: file)
    var damaged = whole
    switch kind {
    case "cut": damaged = whole.prefix(whole.count / 2)
    case "emptied": damaged = Data()
    case "flipped": damaged[damaged.count - 100] ^= 0x10
    default: damaged = Data("something else altogether".utf8)
    }
    try damaged.write(to: file)

    let rebuilding = try newContext()
    #expect(try rebuilding.scale([1, 2], by: 3) == [3, 6])
    #expect(rebuilding.statistics.programsBuilt == 1)
    let loading = try newContext()
    #expect(try loading.scale([1, 2], by: 3) == [3, 6])
    #expect(loading.statistics.diskCacheHits == 1)
  }

  @Test("an entry that is whole but that the driver refuses is rebuilt")
  func refusedBinary() throws {
    #expect(try newContext().scale([1, 2], by: 3) == [3, 6])
    let name = try #require(try folder.files.first)
    ProgramCache(folder: folder.path, limitBytes: 1 << 20, warn: { _ in })
      .store(Array("no binary of any driver".utf8), named: name)
    let context = try newContext()
    #expect(try context.scale([1, 2], by: 3) == [3, 6])
    #expect(context.statistics.programsBuilt == 1)
    #expect(context.statistics.liveObjects.programs == 1)
  }

  @Test(
    "contexts that build the same programs at once leave whole entries",
    .enabled(if: try bearsThreads()))
  func concurrentContexts() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        let context = try newContext()
        group.addTask {
          for factor in [2, 3] {
            let scaled = try context.scale([1], by: factor)
            #expect(scaled == [Float(factor)])
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try folder.files.count == 2)
    let context = try newContext()
    for factor in [2, 3] { #expect(try context.scale([1], by: factor) == [Float(factor)]) }
    #expect(context.statistics.programsBuilt == 0)
  }

  @Test("processes that build the same program at once leave one whole entry")
  func concurrentProcesses() throws {
    let children = try (0..<3).map { _ in try Process.runningTest("buildInChildProcess", folder) }
    for child in children {
      child.waitUntilExit()
      #expect(child.terminationStatus == 0)
    }
    #expect(try folder.files.count == 1)
    let context = try newContext()
    #expect(try context.scale([1], by: 9) == [9])
    #expect(context.statistics.diskCacheHits == 1)
  }

  @Test("a child of the test above", .enabled(if: TemporaryFolder.ofParentProcess != nil))
  func buildInChildProcess() throws {
    var options = options()
    options.programCacheFolder = TemporaryFolder.ofParentProcess
    #expect(try Context(device: device, options: options).scale([1], by: 9) == [9])
  }

  @Test("readers never see a half-written entry")
  func atomicWrites() async throws {
    let path = folder.path
    let versions = (1...4).map { [UInt8](repeating: UInt8($0), count: 200_000) }
    await withTaskGroup(of: Void.self) { group in
      for version in versions {
        group.addTask {
          let cache = ProgramCache(folder: path, limitBytes: 1 << 30, warn: { _ in })
          for _ in 0..<50 {
            cache.store(version, named: "entry")
            // A reader that finds a damaged entry removes it, so that nil would show one.
            #expect(cache.binary(named: "entry").map(versions.contains) == true)
          }
        }
      }
    }
    #expect(try folder.files == ["entry"])
  }

  @Test("the folder stays within its limit, and what was used last stays")
  func boundedSize() throws {
    let limit = 100_000
    let cache = ProgramCache(folder: folder.path, limitBytes: limit, warn: { _ in })
    for number in 0..<40 {
      cache.store([UInt8](repeating: 7, count: 10_000), named: "entry-\(number)")
      // Used after each write, so it is never the oldest, though it was written first.
      let past = Date(timeIntervalSinceNow: -1000 + Double(number))
      try FileManager.default.setAttributes(
        [.modificationDate: past], ofItemAtPath: folder.url(of: "entry-\(number)").path)
      #expect(cache.binary(named: "entry-0") != nil)
      #expect(try folder.byteCount <= limit)
    }
    #expect(try folder.files.contains("entry-39"))
    #expect(try folder.files.contains("entry-1") == false)
  }

  @Test("what a killed process left behind is cleared away, what one is writing now is not")
  func leftovers() throws {
    for (name, age) in [("old.unfinished", 7200.0), ("new.unfinished", 10)] {
      try Data("half".utf8).write(to: folder.url(of: name))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)],
        ofItemAtPath: folder.url(of: name).path)
    }
    ProgramCache(folder: folder.path, limitBytes: 1000, warn: { _ in }).store([1], named: "entry")
    #expect(try folder.files == ["entry", "new.unfinished"])
  }

  @Test("where the folder cannot be written, work goes on and says so once")
  func unwritableFolder() throws {
    // A file where the folder should be stops even a superuser.
    try Data().write(to: folder.url(of: "file"))
    let messages = WarningLog()
    var options = options()
    options.programCacheFolder = folder.url(of: "file/kernels").path
    options.warn = { messages.append($0) }
    let context = try Context(device: device, options: options)
    for factor in [2, 3] { #expect(try context.scale([1], by: factor) == [Float(factor)]) }
    #expect(messages.texts.count == 1)
    let text = try #require(messages.texts.first)
    #expect(text.contains("file/kernels"))
    #expect(text.contains("CLEBSCH_CACHE"))
    #expect(text.split(separator: "\n").count == 2)
  }

  private final class WarningLog: Sendable {
    private let stored = Mutex<[String]>([])
    var texts: [String] { stored.withLock { $0 } }
    func append(_ text: String) { stored.withLock { $0.append(text) } }
  }
}
