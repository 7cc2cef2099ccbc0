import FileFormats
import Foundation
import MolecularDynamics
import Potentials
import TestSupport
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  static let ensembles: [Ensemble] = [
    .constantEnergy,
    .constantTemperature(80, .langevin(friction: 0.01)),
    .constantTemperature(80, .velocityRescaling(time: 100)),
    .constantTemperature(80, .noseHooverChain(time: 100)),
    .constantPressure(0.001, temperature: 80, .cellRescaling(CellRescaling(interval: 3))),
    .constantPressure(
      0.001, temperature: 80, .cellRescaling(CellRescaling(shape: .full, interval: 3))),
    .constantPressure(
      0.001, temperature: 80, .martynaTobiasKlein(thermostatTime: 100, barostatTime: 500)),
  ]

  private static func simulation(_ ensemble: Ensemble) throws -> Simulation {
    try Simulation(
      of: Argon().structure("baoab"), with: Argon.potential(.single),
      DynamicsSettings(ensemble, timestep: 4, seed: 9), velocities: .thermal(80),
      fixedAtoms: ensemble == .constantEnergy ? [3, 7] : [])
  }

  @Test(
    "a resumed run equals an undisturbed one, bit for bit, in state, log and trajectory",
    arguments: ensembles)
  func resume(_ ensemble: Ensemble) throws {
    let folder = try TemporaryFolder()
    func outputs(_ name: String) -> DynamicsOutputs {
      DynamicsOutputs(
        trajectory: folder.file("\(name).extxyz"), trajectoryInterval: 2,
        log: folder.file("\(name).csv"), logInterval: 1,
        checkpoint: folder.file("\(name).state"), checkpointInterval: 5)
    }
    var whole = try Self.simulation(ensemble)
    var recorder = try DynamicsRecorder(beginning: whole, outputs("whole"), model: "m")
    try recorder.record(whole)
    for _ in 0..<14 {
      try whole.advance()
      try recorder.record(whole)
    }
    try recorder.finish(whole)

    // Killed after step 8: the last checkpoint is that of step 5, and the files go beyond it, with
    // half a record at the end.
    var first = try Self.simulation(ensemble)
    var interrupted = try DynamicsRecorder(beginning: first, outputs("parts"), model: "m")
    try interrupted.record(first)
    for _ in 0..<8 {
      try first.advance()
      try interrupted.record(first)
    }
    for name in ["parts.extxyz", "parts.csv"] {
      let handle = try #require(FileHandle(forWritingAtPath: folder.file(name)))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("32\nhalf a rec".utf8))
      try handle.close()
    }

    let checkpoint = try Checkpoint(contentsOf: folder.file("parts.state"))
    #expect(checkpoint.state.step == 5)
    var second = try checkpoint.simulation(with: Argon.potential(.single))
    var resumed = try DynamicsRecorder(
      resuming: checkpoint, from: "parts.state", outputs("parts"))
    for _ in 0..<9 {
      try second.advance()
      try resumed.record(second)
    }
    try resumed.finish(second)

    #expect(second.state == whole.state)
    for suffix in ["extxyz", "csv"] {
      let expected = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.\(suffix)")))
      let found = try Data(contentsOf: URL(fileURLWithPath: folder.file("parts.\(suffix)")))
      #expect(found == expected, "\(suffix)")
      #expect(!expected.isEmpty)
    }
    #expect(
      try Checkpoint(contentsOf: folder.file("parts.state")).state
        == Checkpoint(contentsOf: folder.file("whole.state")).state)
  }

  private func written(_ folder: TemporaryFolder) throws -> (path: String, checkpoint: Checkpoint) {
    var simulation = try Self.simulation(Self.ensembles[3])
    try simulation.advance(by: 2)
    let path = folder.file("run.state")
    let checkpoint = Checkpoint(of: simulation, model: "some model", notes: ["a": "b\n\"c\""])
    try checkpoint.write(to: path)
    return (path, checkpoint)
  }

  @Test("what is read is what was written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let (path, checkpoint) = try written(folder)
    let read = try Checkpoint(contentsOf: path)
    #expect(read.state == checkpoint.state)
    #expect(read.settings == checkpoint.settings)
    #expect(read.masses == checkpoint.masses)
    #expect(read.fixedAtoms == checkpoint.fixedAtoms)
    #expect(read.notes == checkpoint.notes)
    #expect(read.model == "some model")
  }

  @Test("a damaged checkpoint is refused, wherever a bit is wrong")
  func damage() throws {
    let folder = try TemporaryFolder()
    let (path, _) = try written(folder)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<300 {
      var damaged = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      // Blanks that pad the header carry nothing.
      guard bytes[place] != UInt8(ascii: " ") else { continue }
      let other = try folder.write(damaged, as: "damaged.state")
      #expect(throws: FileFormatError.self, "byte \(place)") { try Checkpoint(contentsOf: other) }
    }
    for count in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
      let other = try folder.write(Array(bytes.prefix(count)), as: "short.state")
      #expect(throws: FileFormatError.self) { try Checkpoint(contentsOf: other) }
    }
  }

  @Test("a checkpoint of another model or structure is refused")
  func others() throws {
    let folder = try TemporaryFolder()
    let (path, checkpoint) = try written(folder)
    var structure = checkpoint.state.structure
    try checkpoint.check(file: path, model: "some model", structure: structure)
    #expect(throws: CheckpointError.self) {
      try checkpoint.check(file: path, model: "another", structure: structure)
    }
    structure.atomicNumbers[0] = 10
    #expect(throws: CheckpointError.self) {
      try checkpoint.check(file: path, model: "some model", structure: structure)
    }
  }

  @Test("files that exist are not replaced unasked, and files that were changed are not cut")
  func files() throws {
    let folder = try TemporaryFolder()
    let simulation = try Self.simulation(.constantEnergy)
    let outputs = DynamicsOutputs(
      log: folder.file("run.csv"), checkpoint: folder.file("run.state"))
    var recorder = try DynamicsRecorder(beginning: simulation, outputs, model: "m")
    try recorder.record(simulation)
    try recorder.finish(simulation)
    do {
      _ = try DynamicsRecorder(beginning: simulation, outputs, model: "m")
      Issue.record("an existing log was accepted")
    } catch let error as FileFormatError {
      #expect(error.kind == .cannotWrite)
      #expect(error.description.contains("--overwrite"))
    }
    let checkpoint = try Checkpoint(contentsOf: folder.file("run.state"))
    _ = try folder.write("step,time_fs\nsomething else\n", as: "run.csv")
    do {
      _ = try DynamicsRecorder(resuming: checkpoint, from: "run.state", outputs)
      Issue.record("another log was accepted")
    } catch let error as CheckpointError {
      #expect(error.description.contains("run.csv"))
    }
  }
}
