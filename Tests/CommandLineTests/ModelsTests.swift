import Foundation
import TestSupport
import Testing

@Suite("clebsch models and the look-up of models", .serialized)
struct ModelsTests {
  @Test("a model in CLEBSCH_MODELS is described, with the checksum of its file")
  func description() throws {
    let folder = try folderWithModel(named: "checkpoint_sevennet_0.pth")
    let run = try CommandRun(["models", "--json"], environment: ["CLEBSCH_MODELS": folder.path])
    #expect(run.status == 0, "\(run.errors)")
    let objects = try run.outputLines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      objects.map { $0["name"] as? String }
        == [
          "7net-0", "7net-0_22may2024", "7net-l3i5", "7net-mf-0", "silicon", "silicon-10fs",
          "silicon-20fs",
        ])
    let model = objects[0]
    #expect(model["path"] as? String == folder.file("checkpoint_sevennet_0.pth"))
    #expect(model["cutoff_A"] as? Double == 3.5)
    #expect(model["layers"] as? Int == 3)
    #expect(model["elements"] as? [String] == ["C", "H", "O"])
    // From sha256sum.
    #expect(
      model["sha256"] as? String
        == "4193f324025b7e491df4d6f8a6a392c1e7ae09f4ac12f55fee4f91c6acb55f7d")
    #expect(objects[1]["path"] is NSNull)
    #expect(objects[1]["sha256"] is NSNull)
  }

  @Test("models that come with Clebsch are listed, with licence and origin, and need no folder")
  func shipped() throws {
    let environment = ["CLEBSCH_MODELS": "/nonexistent"]
    let list = try CommandRun(["models"], environment: environment)
    #expect(list.output.contains("comes with Clebsch, Apache-2.0"))
    #expect(list.output.contains("SevenNet-0"))
    let crystal = Repository.example("silicon-64")
    for arguments in [
      ["evaluate", "silicon", crystal],
      ["md", "silicon", crystal, "--temperature", "300", "--steps", "2"],
      ["forecast", "silicon-10fs", crystal, "--temperature", "300", "--steps", "2"],
      [
        "forecast", "silicon-20fs", crystal, "--temperature", "300", "--friction", "0.001",
        "--steps", "2",
      ],
    ] {
      let run = try CommandRun(arguments + ["--quiet"], environment: environment)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.outputLines.count >= 2)
    }
    expectFailure(
      try CommandRun(["md", "silicon-10fs", crystal, "--steps", "1"]), status: 65, "forecaster")
    expectFailure(
      try CommandRun(["forecast", "silicon", crystal, "--steps", "1", "--temperature", "300"]),
      status: 65, "potential")
    expectFailure(
      try CommandRun(["forecast", "silicon-1fs", crystal, "--steps", "1", "--temperature", "300"]),
      status: 64, "'silicon-10fs'")
    for (options, expected) in [
      (["--friction", "0.001"], "'--friction' needs '--temperature'"),
      (["--friction", "0", "--temperature", "300"], "'--friction 0.0'"),
      (["--friction", "0.01", "--thermostat", "50", "--temperature", "300"], "give one"),
    ] {
      expectFailure(
        try CommandRun(["forecast", "silicon-10fs", crystal, "--steps", "1"] + options), status: 64,
        expected)
    }
    expectFailure(
      try CommandRun(["evaluate", "silicon", crystal, "--modality", "PBE"]), status: 64, "PBE")
  }

  @Test("a published model is found by its name, in any case, and by its file's name")
  func lookUp() throws {
    let folder = try folderWithModel(named: "checkpoint_l3i5.pth")
    for name in ["7net-l3i5", "7NET-L3I5", "checkpoint_l3i5.pth"] {
      let run = try CommandRun(
        ["evaluate", name, Repository.example("benzene"), "--quiet"],
        environment: ["CLEBSCH_MODELS": folder.path])
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test("a model that is not here says where it was looked for and how to get it")
  func notFetched() throws {
    let arguments = ["evaluate", "7net-0", Repository.example("benzene")]
    expectFailure(
      try CommandRun(arguments, environment: ["CLEBSCH_MODELS": "/nonexistent"]), status: 66,
      "'7net-0'", "checkpoint_sevennet_0.pth", "/nonexistent/", "make models")
    expectFailure(
      try CommandRun(arguments, environment: ["CLEBSCH_MODELS": "", "HOME": "/nonexistent"]),
      status: 66, "Models/", "/nonexistent/.local/share/clebsch/models/", "make models")
  }

  @Test("a misspelt name names the nearest known one")
  func misspelt() throws {
    expectFailure(
      try CommandRun(["evaluate", "7nt-l3i5", Repository.example("benzene")]), status: 66,
      "'7nt-l3i5'", "did you mean '7net-l3i5'?")
    expectFailure(
      try CommandRun(["evaluate", "alignn", Repository.example("benzene")]), status: 66,
      "'alignn'", "7net-0")
  }

  private func folderWithModel(named name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Repository.smallModel, toPath: folder.file(name))
    return folder
  }
}
