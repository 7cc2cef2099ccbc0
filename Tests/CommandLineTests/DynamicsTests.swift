import Clebsch
import Foundation
import TestSupport
import Testing

/// Solid argon with the potential that comes with Clebsch, so that no model's file is needed.
private func argon(in folder: TemporaryFolder) throws -> String {
  let edge = 5.4
  var rows: [String] = []
  for x in 0..<2 {
    for y in 0..<2 {
      for z in 0..<2 {
        for site in [SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0), SIMD3(0.5, 0, 0.5), SIMD3(0, 0.5, 0.5)] {
          let p = edge * (SIMD3(Double(x), Double(y), Double(z)) + site)
          rows.append("Ar \(p.x) \(p.y) \(p.z)")
        }
      }
    }
  }
  let header = "Lattice=\"10.8 0 0 0 10.8 0 0 0 10.8\" Properties=species:S:1:pos:R:3"
  return try folder.write(
    "32\n\(header)\n" + rows.joined(separator: "\n") + "\n", as: "argon.extxyz")
}

@Suite("clebsch md", .serialized)
struct MolecularDynamicsTests {
  @Test("the log has the columns that scripts rely on, with every digit")
  func log() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      [
        "md", "lj-argon", try argon(in: folder), "--temperature", "40", "--timestep", "2",
        "--steps", "20", "--log-every", "5", "--seed", "3",
      ])
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map(String.init)
    let header =
      "step,time_fs,potential_eV,kinetic_eV,total_eV,conserved_eV,temperature_K,pressure_GPa,volume_A3"
    #expect(lines[0] == header)
    let rows: [[Double]] = lines.dropFirst().map { line in
      line.split(separator: ",").compactMap { Double($0) }
    }
    #expect(rows.map(\.count) == [9, 9, 9, 9, 9])
    #expect(rows.map { $0[0] } == [0, 5, 10, 15, 20])
    #expect(rows.map { $0[1] } == [0, 10, 20, 30, 40])
    #expect(rows.allSatisfy { $0[2] + $0[3] == $0[4] && $0[4] == $0[5] })
    expectClose(rows[0][6], 40, tolerance: 1e-12)
    #expect(run.errors.contains("µs an atom and step"))
  }

  @Test("a molecule has neither pressure nor volume")
  func molecule() throws {
    let run = try CommandRun(
      [
        "md", Repository.smallModel, Repository.example("water"), "--temperature", "100", "--steps",
        "2", "--timestep", "0.5", "--log-every", "1", "--quiet",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    #expect(run.outputLines.first?.hasSuffix("temperature_K") == true)
    #expect(run.outputLines.count == 4)
  }

  @Test("the trajectory holds velocities, forces and time, and goes on where another began")
  func trajectory() throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    let path = folder.file("t.extxyz")
    let common = ["--ensemble", "nve", "--timestep", "2", "--exact", "--quiet", "--every", "4"]
    let first = try CommandRun(
      ["md", "lj-argon", structure, "--temperature", "40", "--steps", "8", "--trajectory", path]
        + common)
    #expect(first.status == 0, "\(first.errors)")
    let frames = try ExtendedXYZReader.frames(contentsOf: path)
    #expect(frames.map { $0.info["time_fs"]?.realValue } == [0, 8, 16])
    #expect(frames.map { $0.info["step"] } == [.integer(0), .integer(4), .integer(8)])
    #expect(frames.allSatisfy { $0.properties["forces"]?.vectors?.count == 32 })

    // From frame 1, whose velocities are taken along, to what frame 2 has.
    let second = try CommandRun(
      [
        "md", "lj-argon", path, "--frame", "1", "--steps", "4", "--trajectory",
        folder.file("u.extxyz"),
      ] + common)
    #expect(second.status == 0, "\(second.errors)")
    let last = try #require(
      try ExtendedXYZReader.frames(contentsOf: folder.file("u.extxyz")).last)
    #expect(last.positions == frames[2].positions)
    #expect(last.properties["velocities"] == frames[2].properties["velocities"])
  }

  @Test("momenta as ASE writes them are velocities")
  func momenta() throws {
    let folder = try TemporaryFolder()
    // 1 Å/fs in ASE's unit of time, times the mass.
    let momentum = 39.948 / 0.09822694788464063 * 0.001
    let input = try folder.write(
      """
      2
      Properties=species:S:1:pos:R:3:momenta:R:3 pbc="F F F"
      Ar 0 0 0 \(momentum) 0 0
      Ar 4 0 0 \(-momentum) 0 0

      """, as: "in.extxyz")
    let output = folder.file("out.extxyz")
    let run = try CommandRun(
      [
        "md", "lj-argon", input, "--steps", "0", "--trajectory", output, "--exact", "--quiet",
      ])
    #expect(run.status == 0, "\(run.errors)")
    let velocities = try #require(
      try ExtendedXYZReader.frames(contentsOf: output).first?.properties["velocities"]?.vectors)
    expectClose(velocities[0].x, 0.001, tolerance: 1e-14)
    expectClose(velocities[1].x, -0.001, tolerance: 1e-14)
  }

  private static func arguments(
    _ structure: String, _ folder: TemporaryFolder, _ name: String, steps: Int,
    trajectoryInterval: Int = 5, logInterval: Int = 2
  ) -> [String] {
    [
      "md", "lj-argon", structure, "--ensemble", "nvt", "--temperature", "40", "--timestep", "4",
      "--steps", "\(steps)", "--seed", "8", "--trajectory", folder.file("\(name).extxyz"),
      "--every", "\(trajectoryInterval)", "--log", folder.file("\(name).csv"), "--log-every",
      "\(logInterval)", "--checkpoint", folder.file("\(name).state"), "--checkpoint-every", "10",
    ]
  }

  @Test(
    "SIGTERM finishes the step and exits with 75; resumed, the run equals an undisturbed one",
    arguments: [SIGTERM, SIGINT])
  func interruption(_ signal: Int32) throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    // Long enough that the signal comes in the middle, and not endless if it did not work.
    let steps = 20_000
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandRun.program)
    process.arguments = Self.arguments(
      structure, folder, "parts", steps: steps, trajectoryInterval: 100, logInterval: 50)
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    // The first row of the log shows that it runs.
    func rows() -> Int {
      let text = try? String(contentsOfFile: folder.file("parts.csv"), encoding: .utf8)
      return text?.split(separator: "\n").count ?? 0
    }
    while process.isRunning, rows() < 4 { usleep(5000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 75, "\(text)")
    #expect(text.contains("--resume"))

    let stopped = try Checkpoint(contentsOf: folder.file("parts.state")).state.step
    #expect(stopped > 0 && stopped < steps)
    let end = stopped + 30
    let resumed = try CommandRun(
      [
        "md", "lj-argon", structure, "--resume", folder.file("parts.state"), "--steps", "\(end)",
      ])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try CommandRun(
      Self.arguments(
        structure, folder, "whole", steps: end, trajectoryInterval: 100, logInterval: 50))
    #expect(whole.status == 0, "\(whole.errors)")
    for suffix in ["extxyz", "csv"] {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder.file("parts.\(suffix)")))
          == Data(contentsOf: URL(fileURLWithPath: folder.file("whole.\(suffix)"))), "\(suffix)")
    }
    #expect(
      try Checkpoint(contentsOf: folder.file("parts.state")).state
        == Checkpoint(contentsOf: folder.file("whole.state")).state)
  }

  @Test("a disk that fills up in the middle ends the run, loses nothing, and the run can go on")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    // The shell's limit on the size of a file stands in for the end of the disk.
    let command = ([CommandRun.program] + Self.arguments(structure, folder, "parts", steps: 60))
      .map { "'\($0)'" }.joined(separator: " ")
    let full = try CommandRun(
      "/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 40; exec \(command)"])
    expectFailure(full, status: 73, "parts.extxyz", "cannot be written", "last checkpoint")
    let frames = try ExtendedXYZReader.frames(contentsOf: folder.file("parts.extxyz"))
    #expect(frames.count > 2)

    let resumed = try CommandRun(
      ["md", "lj-argon", structure, "--resume", folder.file("parts.state")])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try CommandRun(Self.arguments(structure, folder, "whole", steps: 60))
    #expect(whole.status == 0, "\(whole.errors)")
    for suffix in ["extxyz", "csv"] {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder.file("parts.\(suffix)")))
          == Data(contentsOf: URL(fileURLWithPath: folder.file("whole.\(suffix)"))), "\(suffix)")
    }
  }

  @Test("bad input: codes, options and files are named")
  func badInput() throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    func md(_ arguments: String...) throws -> CommandRun {
      try CommandRun(["md", "lj-argon", structure] + arguments)
    }
    expectFailure(try md(), status: 64, "--steps")
    expectFailure(try md("--steps", "1", "--timestep", "0"), status: 64, "--timestep 0", "above 0")
    expectFailure(
      try md("--steps", "1", "--temperature", "-5"), status: 64, "--temperature", "from 0 K")
    expectFailure(
      try md("--steps", "1", "--ensemble", "nvt"), status: 64, "--ensemble nvt", "--temperature")
    expectFailure(
      try md("--steps", "1", "--pressure", "1"), status: 64, "--pressure", "--ensemble nve")
    expectFailure(
      try md("--steps", "1", "--ensemble", "nvt", "--temperature", "9", "--thermostat", "nose"),
      status: 64, "'nose'", "nose-hoover")
    expectFailure(
      try md("--steps", "1", "--pressure", "-0.5"), status: 64, "--pressure", "--ensemble nve")
    expectFailure(try md("--steps", "1", "--fix", "40"), status: 64, "--fix", "no atom 40")
    expectFailure(try md("--steps", "1", "--frame", "2"), status: 64, "--frame 2", "1 frames")
    expectFailure(
      try md("--steps", "1", "--resume", "nowhere.state"), status: 66, "nowhere.state")
    expectFailure(
      try md("--steps", "1", "--resume", structure), status: 65, "argon.extxyz")
    expectFailure(
      try CommandRun(
        [
          "md", "lj-argon", Repository.example("water"), "--steps", "1",
        ]), status: 65, "water.extxyz", "does not know")
    expectFailure(
      try CommandRun(
        [
          "md", Repository.smallModel, Repository.example("water"), "--steps", "1", "--ensemble",
          "npt", "--temperature", "300",
        ]), status: 65, "water.extxyz", "cell")
    expectFailure(
      try md("--steps", "1", "--log", folder.file("no/such/folder.csv")), status: 73, "folder.csv")

    // A full disk.
    expectFailure(try md("--steps", "1", "--log", "/dev/full"), status: 73, "/dev/full")
    let log = folder.file("run.csv")
    #expect(try md("--steps", "1", "--log", log).status == 0)
    expectFailure(try md("--steps", "1", "--log", log), status: 73, "run.csv", "--overwrite")
    #expect(try md("--steps", "1", "--log", log, "--overwrite").status == 0)

    let long = try md("--steps", "1", "--timestep", "50")
    #expect(long.status == 0)
    #expect(long.errors.contains("warning: a time step of 50.0 fs"))
  }

  @Test("a checkpoint of another model, of other settings, or damaged is refused")
  func otherCheckpoint() throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    let state = folder.file("run.state")
    let first = try CommandRun(Self.arguments(structure, folder, "run", steps: 10))
    #expect(first.status == 0, "\(first.errors)")
    func resume(_ arguments: String...) throws -> CommandRun {
      try CommandRun(["md", "lj-argon", structure, "--resume", state] + arguments)
    }
    expectFailure(try resume("--precision", "double"), status: 65, "run.state", "double", "single")
    expectFailure(
      try resume("--ensemble", "nvt", "--temperature", "50"), status: 64, "--resume", "differ")
    // The same options as the run was begun with are no contradiction.
    let same = try CommandRun(
      Self.arguments(structure, folder, "run", steps: 20) + ["--resume", state])
    #expect(same.status == 0, "\(same.errors)")
    #expect(try Checkpoint(contentsOf: state).state.step == 20)

    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: state)))
    bytes[bytes.count - 100] ^= 4
    _ = try folder.write(bytes, as: "run.state")
    expectFailure(try resume(), status: 65, "run.state", "damaged")
  }

  @Test("a run that goes wrong says at which step, and where it can go on")
  func explosion() throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    let run = try CommandRun(
      [
        "md", "lj-argon", structure, "--temperature", "40", "--timestep", "20", "--steps", "5000",
        "--max-drift", "1e-7", "--checkpoint", "c.state", "--log", "l.csv", "--quiet",
      ], in: folder.path)
    expectFailure(run, status: 65, "step", "drifted", "last checkpoint, of step 0, is c.state")
  }

  @Test("--json ends with one object about the run")
  func json() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      [
        "md", "lj-argon", try argon(in: folder), "--ensemble", "npt", "--temperature", "30",
        "--pressure", "0.1", "--steps", "20", "--log", folder.file("l.csv"), "--json", "--quiet",
      ])
    #expect(run.status == 0, "\(run.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["step"] as? Int == 20)
    #expect(object["interrupted"] as? Bool == false)
    #expect(object["degrees_of_freedom"] as? Int == 93)
    for key in ["temperature_K", "pressure_GPa", "volume_A3", "microseconds_per_atom_step"] {
      #expect(object[key] is Double, "\(key)")
    }
  }
}

@Suite("clebsch relax", .serialized)
struct RelaxTests {
  @Test("the table ends with the verdict, and the file holds the relaxed structure")
  func table() throws {
    let folder = try TemporaryFolder()
    let structure = try argon(in: folder)
    let output = folder.file("out.extxyz")
    let run = try CommandRun(
      [
        "relax", "lj-argon", structure, "--cell", "--pressure", "0.1", "--fmax", "0.001", "--smax",
        "0.001", "-o", output, "--precision", "double",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.outputLines.last?.hasPrefix("converged after ") == true)
    let frame = try #require(try ExtendedXYZReader.frames(contentsOf: output).first)
    #expect(frame.info["converged"] == .bool(true))
    let stress = try #require(frame.info["stress"]?.matrixValue)
    expectClose(
      -stress[0].x / DynamicsUnits.gigapascal, 0.1, tolerance: 0.001, relativeTo: 1)
    let edges = try #require(frame.cell)
    #expect(edges[0].x != 10.8)
    expectClose(edges[1].y, edges[0].x, tolerance: 1e-9)
  }

  @Test("a limit of steps that is too small is said, in words and in JSON")
  func notConverged() throws {
    let arguments = [
      "relax", Repository.smallModel, Repository.example("ethanol"), "--max-iterations", "2",
      "--fmax", "1e-9",
    ]
    let run = try CommandRun(arguments)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("NOT converged after 2 steps"))
    let json = try CommandRun(arguments + ["--json", "--quiet"])
    #expect(json.errors.isEmpty)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["converged"] as? Bool == false)
    #expect(object["iterations"] as? Int == 2)
  }

  @Test("bad input")
  func badInput() throws {
    let water = ["relax", Repository.smallModel, Repository.example("water")]
    expectFailure(try CommandRun(water + ["--cell"]), status: 65, "water.extxyz", "cell")
    expectFailure(try CommandRun(water + ["--fmax", "0"]), status: 64, "--fmax 0")
    expectFailure(
      try CommandRun(water + ["--pressure", "1"]), status: 64, "--pressure", "--cell")
    expectFailure(
      try CommandRun(water + ["--optimizer", "newton"]), status: 64, "'newton'", "lbfgs", "fire")
  }
}
