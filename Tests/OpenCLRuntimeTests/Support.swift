import Foundation
import OpenCLRuntime

/// Options for a context that keeps its programs in a folder of the test's own, or nowhere.
func options(cachingIn folder: TemporaryFolder? = nil) -> ContextOptions {
  var options = ContextOptions()
  options.programCacheFolder = folder?.path
  options.poisonsScratch = false
  return options
}

/// Whether the device's implementation bears calls from several threads, as OpenCL asks; Oclgrind, which
/// runs kernels to find their faults, does not. Its run takes `swift test --no-parallel`.
func bearsThreads() throws -> Bool {
  try Device.select().description.platformName != "Oclgrind"
}

/// The memory that this process holds now.
func residentByteCount() throws -> Int {
  let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
  return (pages.count > 1 ? Int(pages[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
}

/// A folder that goes when the last reference to it goes.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/clebsch-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  func url(of file: String) -> URL { URL(fileURLWithPath: path + "/" + file) }

  var byteCount: Int {
    get throws { try files.reduce(0) { $0 + (try Data(contentsOf: url(of: $1)).count) } }
  }
}

/// A program whose one kernel, `scale`, multiplies by `factor`; a source of its own a factor.
func scaleSource(by factor: Int) -> String {
  """
  kernel void scale(global float* values) {
    values[get_global_id(0)] *= \(factor).0f;
  }
  """
}

extension Context {
  /// Runs `scaleSource`, and says what becomes of `values`.
  func scale(_ values: [Float], by factor: Int) throws -> [Float] {
    let kernel = try program(scaleSource(by: factor), name: "scale \(factor)").kernel("scale")
    let buffer = try makeBuffer(values, for: "the values to scale")
    try enqueue(kernel, [.buffer(buffer)], global: [values.count])
    return try buffer.read(as: Float.self)
  }
}

extension TemporaryFolder {
  private static let variable = "CLEBSCH_TEST_FOLDER"

  /// The folder that the process that started this one works in; nil in the first process.
  static var ofParentProcess: String? { ProcessInfo.processInfo.environment[variable] }

  var environment: [String: String] {
    ProcessInfo.processInfo.environment.merging([Self.variable: path]) { $1 }
  }
}

extension Process {
  /// Starts this test program anew, to run the test function of this name alone.
  static func runningTest(_ name: String, _ folder: TemporaryFolder) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["--testing-library", "swift-testing", "--filter", name]
    process.environment = folder.environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
