import Foundation
import TestSupport
import Testing

/// What `clebsch md` refuses before it writes anything, so that no file and no option is lost.
@Suite("clebsch md, refusals", .serialized)
struct DynamicsRefusalTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(
      """
      2
      Lattice="12 0 0 0 12 0 0 0 12" Properties=species:S:1:pos:R:3
      Ar 0 0 0
      Ar 3.9 0 0

      """, as: "pair.extxyz")
  }

  private func md(_ arguments: String...) throws -> CommandRun {
    try CommandRun(["md", "lj-argon", "pair.extxyz", "--quiet"] + arguments, in: folder.path)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test("no two files of a run are one, and none is the structure")
  func oneFileTwice() throws {
    let before = try text("pair.extxyz")
    expectFailure(
      try md("--steps", "1", "--log", "a", "--trajectory", "a"), status: 64, "--log a",
      "--trajectory")
    expectFailure(
      try md("--steps", "1", "--log", "a", "--checkpoint", "./a"), status: 64, "--checkpoint ./a",
      "--log")
    #expect(!FileManager.default.fileExists(atPath: folder.file("a")))
    expectFailure(
      try md("--steps", "1", "--trajectory", "pair.extxyz", "--overwrite"), status: 64,
      "--trajectory pair.extxyz", "structure")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("pair.extxyz"))
    expectFailure(
      try md("--steps", "1", "--log", "link", "--overwrite"), status: 64, "--log link")
    #expect(try text("pair.extxyz") == before)
    #expect(try md("--steps", "1", "--log", "/dev/null", "--trajectory", "/dev/null").status == 0)
  }

  @Test("a report is not written over what it reports on")
  func report() throws {
    #expect(try md("--steps", "4", "--every", "1", "--trajectory", "t.extxyz").status == 0)
    let before = try text("t.extxyz")
    let run = try CommandRun(["analyse", "t.extxyz", "-o", "t.extxyz"], in: folder.path)
    expectFailure(run, status: 64, "--output t.extxyz", "analysed")
    #expect(try text("t.extxyz") == before)
  }

  @Test("an option that the chosen method does not know is refused")
  func meaningless() throws {
    let nvt = ["--steps", "1", "--ensemble", "nvt", "--temperature", "40"]
    let npt = ["--steps", "1", "--ensemble", "npt", "--temperature", "40"]
    for (arguments, option, choice) in [
      (nvt + ["--friction", "0.1"], "--friction", "csvr"),
      (nvt + ["--thermostat", "nose-hoover", "--friction", "0.1"], "--friction", "nose-hoover"),
      (
        nvt + ["--thermostat", "langevin", "--thermostat-time", "50"], "--thermostat-time",
        "langevin"
      ),
      (npt + ["--barostat", "mtk", "--cell-shape", "full"], "--cell-shape", "mtk"),
      (npt + ["--barostat", "mtk", "--compressibility", "1"], "--compressibility", "mtk"),
      (npt + ["--barostat", "mtk", "--barostat-every", "5"], "--barostat-every", "mtk"),
      (npt + ["--thermostat", "csvr"], "--thermostat", "npt"),
    ] {
      let run = try CommandRun(["md", "lj-argon", "pair.extxyz"] + arguments, in: folder.path)
      expectFailure(run, status: 64, option, choice)
    }
  }

  @Test("numbers below zero are read as numbers")
  func negative() throws {
    for option in ["--steps", "--skin", "--every", "--friction", "--max-drift", "--seed"] {
      let steps = option == "--steps" ? [] : ["--steps", "1"]
      let run = try CommandRun(
        ["md", "lj-argon", "pair.extxyz", option, "-2"] + steps, in: folder.path)
      expectFailure(run, status: 64, option, "-2")
    }
    let run = try CommandRun(["relax", "lj-argon", "pair.extxyz", "--fmax", "-1"], in: folder.path)
    expectFailure(run, status: 64, "--fmax -1")
  }

  @Test(
    "resuming refuses what the run cannot be given any more, and says when there is nothing to do")
  func resuming() throws {
    let run = try md(
      "--steps", "20", "--temperature", "20", "--log", "r.csv", "--checkpoint", "r.state")
    #expect(run.status == 0, "\(run.errors)")
    let log = try text("r.csv")
    func resume(_ arguments: String...) throws -> CommandRun {
      try CommandRun(
        ["md", "lj-argon", "pair.extxyz", "--resume", "r.state"] + arguments, in: folder.path)
    }
    expectFailure(try resume("--steps", "10"), status: 64, "--steps 10", "step 20")
    expectFailure(try resume("--steps", "30", "--fix", "1"), status: 64, "--fix", "checkpoint")
    expectFailure(
      try resume("--steps", "30", "--new-velocities", "--temperature", "20"), status: 64,
      "--new-velocities")
    expectFailure(
      try resume("--steps", "30", "--log", "other.csv"), status: 65, "other.csv", "no such file")
    #expect(try text("r.csv") == log)
    let complete = try resume()
    #expect(complete.status == 0)
    #expect(complete.errors.contains("the run is complete, at step 20"))
    #expect(try resume("--steps", "30").status == 0)
    #expect(try text("r.csv").hasPrefix(log))

    try FileManager.default.removeItem(atPath: folder.file("r.csv"))
    expectFailure(try resume("--steps", "40"), status: 65, "r.csv", "no such file")
  }

  @Test("atoms at rest under a thermostat that scales velocities: what to do is said")
  func atRest() throws {
    expectFailure(
      try md("--steps", "1", "--ensemble", "nvt", "--temperature", "0", "--log", "/dev/null"),
      status: 65, "at rest", "above 0 K")
  }

  @Test("a model that comes with Clebsch is named where its name is misspelt")
  func misspelt() throws {
    let run = try CommandRun(["md", "lj-argn", "pair.extxyz", "--steps", "1"], in: folder.path)
    expectFailure(run, status: 66, "lj-argn", "'lj-argon'")
  }
}
