import Foundation
import TestSupport
import Testing

@Suite("The command line's usage", .serialized)
struct UsageTests {
  @Test("without a verb the help is shown")
  func helpWithoutVerb() throws {
    let run = try CommandRun([])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    for verb in ["evaluate", "relax", "md", "explain", "devices", "models"] {
      #expect(run.output.contains(verb))
    }
  }

  @Test(
    "the help of every verb shows an example, and the example runs",
    arguments: ["evaluate", "relax", "md", "explain", "devices", "models", "analyse"])
  func exampleRuns(verb: String) throws {
    let help = try CommandRun([verb, "--help"])
    #expect(help.status == 0)
    let lines = help.outputLines.map { $0.trimmingCharacters(in: .whitespaces) }
    let heading = try #require(lines.firstIndex(of: "Example:"))
    let words = lines[heading + 1].split(separator: " ").map(String.init)
    #expect(words.prefix(2) == ["clebsch", verb])

    // The small model stands in for the published one that the example names.
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createSymbolicLink(
      atPath: folder.file("Examples"), withDestinationPath: Repository.path + "/Examples")
    try files.createDirectory(atPath: folder.file("Models"), withIntermediateDirectories: false)
    try files.copyItem(
      atPath: Repository.smallModel, toPath: folder.file("Models/checkpoint_sevennet_0.pth"))
    let run = try CommandRun(
      Array(words.dropFirst()), environment: ["CLEBSCH_MODELS": ""], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.output.isEmpty)
  }

  @Test("the version is shown")
  func version() throws {
    let run = try CommandRun(["--version"])
    #expect(run.status == 0)
    #expect(run.output.contains("."))
  }

  @Test("an unknown verb names the nearest one")
  func unknownVerb() throws {
    expectFailure(try CommandRun(["evalaute"]), status: 64, "'evalaute'", "'evaluate'")
    expectFailure(try CommandRun(["fly"]), status: 64, "'fly'", "devices", "models")
  }

  @Test("an unknown option names the nearest one")
  func unknownOption() throws {
    expectFailure(
      try CommandRun(["evaluate", "model", "structure", "--precison", "double"]), status: 64,
      "'--precison'", "'--precision'", "clebsch evaluate --help")
  }

  @Test("a value that an option does not take is refused with those that it takes")
  func badOptionValue() throws {
    let arguments = ["evaluate", "model", "structure"]
    expectFailure(
      try CommandRun(arguments + ["--precision", "half"]), status: 64, "'half'", "single", "double")
    expectFailure(
      try CommandRun(arguments + ["--batch", "0"]), status: 64, "--batch 0", "at least 1")
    expectFailure(try CommandRun(arguments + ["--batch", "many"]), status: 64, "'many'")
  }

  @Test("a missing argument is named")
  func missingArgument() throws {
    expectFailure(try CommandRun(["evaluate"]), status: 64, "<model>")
    expectFailure(try CommandRun(["evaluate", "model"]), status: 64, "<structures>")
    expectFailure(try CommandRun(["explain", "model"]), status: 64, "<structure>")
  }
}
