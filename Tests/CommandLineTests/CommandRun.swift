import Foundation
import TestSupport
import Testing

/// What a run of the program `clebsch` left behind.
struct CommandRun {
  let status: Int32
  /// Whether a signal ended it, as a crash does.
  let wasKilled: Bool
  let output: String
  let errors: String

  var outputLines: [Substring] { output.split(separator: "\n") }

  /// Runs the program that was built beside these tests.
  ///
  /// - Parameters:
  ///   - environment: Added to that of the tests.
  ///   - folder: Where it runs; a new empty folder where none is given.
  init(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
  ) throws {
    try self.init(
      Self.program, arguments, environment: environment, in: folder)
  }

  /// Runs any program. Its output goes through files, so that no pipe can fill up.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: String? = nil
  ) throws {
    let scratch = try TemporaryFolder()
    let work = try TemporaryFolder()
    let outputPath = try scratch.write("", as: "output")
    let errorPath = try scratch.write("", as: "errors")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder ?? work.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    wasKilled = process.terminationReason == .uncaughtSignal
    output = try String(contentsOfFile: outputPath, encoding: .utf8)
    errors = try String(contentsOfFile: errorPath, encoding: .utf8)
  }

  static let program: String = {
    let folder = Bundle.main.executableURL?.deletingLastPathComponent()
    return folder?.appendingPathComponent("clebsch").path ?? "clebsch"
  }()
}

/// Files of this package that the tests read.
enum Repository {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// A model with random weights that knows carbon, hydrogen and oxygen; its cutoff is 3.5 Å.
  static let smallModel = path + "/Tests/PotentialsTests/Fixtures/small.pth"

  static func example(_ name: String) -> String { "\(path)/Examples/structures/\(name).extxyz" }

  static func checkpoint(_ name: String) -> String {
    "\(path)/Tests/FileFormatsTests/Fixtures/torch/\(name)"
  }
}

/// Expects one or two lines on standard error that hold all of `phrases`, and this exit status.
func expectFailure(
  _ run: CommandRun, status: Int32, _ phrases: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(!run.wasKilled, "killed by signal \(run.status)", sourceLocation: sourceLocation)
  #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
  #expect(run.errors.hasPrefix("clebsch: "), sourceLocation: sourceLocation)
  #expect(
    (1...2).contains(run.errors.split(separator: "\n").count), "\(run.errors)",
    sourceLocation: sourceLocation)
  for phrase in phrases {
    #expect(run.errors.contains(phrase), "\(run.errors)", sourceLocation: sourceLocation)
  }
}
