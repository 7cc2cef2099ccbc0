import Foundation
import OpenCLRuntime
import Synchronization
import TestSupport
import Testing

@Suite("Records of devices")
struct DeviceRecordTests {
  private static let verdict = KernelVerdict(
    agrees: false, finding: "sums are off by 3", sources: "abc", date: "2026-11-24")

  /// Keeps what a context warns of.
  private final class Warnings: Sendable {
    let texts = Mutex<[String]>([])
  }

  private func open(_ folder: TemporaryFolder, _ warnings: Warnings = Warnings()) throws -> Context
  {
    var options = ContextOptions()
    options.recordFolder = folder.path
    options.warn = { text in warnings.texts.withLock { $0.append(text) } }
    return try Context(device: try Device.select(), options: options)
  }

  @Test("what is written is there for contexts that are opened later, and only for them")
  func round() throws {
    let folder = try TemporaryFolder()
    let first = try open(folder)
    #expect(first.updateRecord { $0[.matrixProduct] = Self.verdict })
    #expect(first.updateRecord { $0.parameters = ["a": 1] })
    #expect(first.record == DeviceRecord())
    let second = try open(folder)
    #expect(second.record[.matrixProduct] == Self.verdict)
    #expect(second.record.parameters == ["a": 1])
    #expect(second.recordPath == first.recordPath)
  }

  @Test("a refused family stops with its name and what was found; others pass")
  func refusal() throws {
    let folder = try TemporaryFolder()
    try open(folder).updateRecord { $0[.matrixProduct] = Self.verdict }
    let context = try open(folder)
    try context.requireAgreement(of: [.elementwise, .contraction])
    let error = #expect(throws: OpenCLError.self) {
      try context.requireAgreement(of: [.elementwise, .matrixProduct])
    }
    #expect(error?.description.contains("'matrix-product' kernels are refused") == true)
    #expect(error?.description.contains("sums are off by 3") == true)
  }

  @Test("a damaged file, or one of another version, is ignored with a warning and replaced")
  func damage() throws {
    let folder = try TemporaryFolder()
    let path = try #require(try open(folder).recordPath)
    for content in ["{", "", "{\"version\": 99, \"families\": {}, \"parameters\": {}}"] {
      try Data(content.utf8).write(to: URL(fileURLWithPath: path))
      let warnings = Warnings()
      let context = try open(folder, warnings)
      #expect(context.record == DeviceRecord())
      #expect(warnings.texts.withLock { $0.first?.contains(path) } == true)
      #expect(context.updateRecord { $0.parameters = ["a": 2] })
      #expect(try open(folder).record.parameters == ["a": 2])
    }
  }

  @Test("a folder that cannot be written gives a warning and no error")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/file"
    try Data("in the way".utf8).write(to: URL(fileURLWithPath: file))
    var options = ContextOptions()
    options.recordFolder = file + "/devices"
    let warnings = Warnings()
    options.warn = { text in warnings.texts.withLock { $0.append(text) } }
    let context = try Context(device: try Device.select(), options: options)
    #expect(!context.updateRecord { $0.parameters = ["a": 1] })
    #expect(warnings.texts.withLock { $0.first?.contains("CLEBSCH_CACHE") } == true)
  }
}
