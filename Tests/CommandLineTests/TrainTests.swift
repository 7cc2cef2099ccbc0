import FileFormats
import Foundation
import TestSupport
import Testing

/// `clebsch train` and `clebsch forecast`.
struct TrainTests {
  /// A configuration for the methane of `Examples/training`, small enough to train in a test.
  private func configuration(
    epochs: Int, training: String, extra: String = "", model: String = "num_mp_layers: 1"
  ) -> String {
    """
    output: tiny
    seed: 4
    model:
      architecture: EfficientTrajCast
      species: [C, H]
      settings:
        edge_cutoff: 4.0
        max_rotation_order: 1
        num_hidden_channels: 4
        edge_mlp_kwargs: {n_neurons: [4]}
        vel_mlp_kwargs: {n_neurons: [4]}
        \(model)
    data:
      training: \(training)
      validation: \(training)
      timestep: 7
    optimizer: {algorithm: amsgrad, learning_rate: 0.01, gradient_norm_limit: 0.5}
    training: {epochs: \(epochs), batch_size: 8}
    \(extra)
    """
  }

  /// The first frames of the example's validation set.
  private func frames(_ count: Int, in folder: TemporaryFolder) throws -> String {
    let lines = try String(
      contentsOfFile: Repository.path + "/Examples/training/methane-validation.extxyz",
      encoding: .utf8
    ).split(separator: "\n", omittingEmptySubsequences: false)
    return try folder.write(
      lines.prefix(7 * count).joined(separator: "\n") + "\n", as: "frames.extxyz")
  }

  @Test("a training leaves model, log and curve, resumes to the same bits, and its model forecasts")
  func trainsAndForecasts() throws {
    let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
    for folder in [whole, parts] { _ = try frames(20, in: folder) }
    let short = try parts.write(configuration(epochs: 1, training: "frames.extxyz"), as: "a.yaml")
    let long = try parts.write(configuration(epochs: 2, training: "frames.extxyz"), as: "b.yaml")
    let first = try CommandRun(["train", short], in: parts.path)
    #expect(first.status == 0, "\(first.errors)")
    expectFailure(
      try CommandRun(["train", long], in: parts.path), status: 73, "--resume", "--overwrite")
    let second = try CommandRun(["train", long, "--resume", "--json"], in: parts.path)
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.outputLines.count == 1)
    let copy = try whole.write(configuration(epochs: 2, training: "frames.extxyz"), as: "b.yaml")
    let straight = try CommandRun(["train", copy], in: whole.path)
    #expect(straight.status == 0, "\(straight.errors)")
    for file in ["tiny.safetensors", "tiny.csv", "tiny.svg", "tiny.checkpoint.safetensors"] {
      let bytes = [whole, parts].map { FileManager.default.contents(atPath: $0.file(file)) }
      #expect(bytes[0] != nil && bytes[0] == bytes[1], "\(file)")
    }

    let run = try CommandRun(
      [
        "forecast", "tiny.safetensors", "frames.extxyz", "--steps", "3", "--trajectory",
        "t.extxyz", "--every", "1", "--log", "t.csv", "--log-every", "1", "--max-temperature",
        "1e9", "--min-distance", "0",
      ], in: whole.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try ExtendedXYZReader.frames(contentsOf: whole.file("t.extxyz")).count == 4)
    let log = try String(contentsOfFile: whole.file("t.csv"), encoding: .utf8)
    #expect(log.hasPrefix("step,time_fs,kinetic_eV,temperature_K\n0,0.0,"))
    try expectTrainingForAnotherStep(in: whole)
    expectFailure(
      try CommandRun(
        ["forecast", "tiny.safetensors", "frames.extxyz", "--steps", "3", "--timestep", "1"],
        in: whole.path), status: 64, "time step", "7.0 fs")
    let still = try whole.write("1\n\nC 0 0 0\n", as: "still.extxyz")
    expectFailure(
      try CommandRun(["forecast", "tiny.safetensors", still, "--steps", "3"], in: whole.path),
      status: 65, "velocities", "--temperature")
    let silicon = try whole.write("1\n\nSi 0 0 0\n", as: "silicon.extxyz")
    expectFailure(
      try CommandRun(
        [
          "forecast", "tiny.safetensors", silicon, "--steps", "3", "--temperature", "300",
        ], in: whole.path), status: 65, "Si", "C, H")
  }

  /// `tiny.safetensors`, which makes steps of 7 fs, and `t.extxyz` become a model for 14 fs.
  private func expectTrainingForAnotherStep(in folder: TemporaryFolder) throws {
    func train(_ model: String, timestep: Int = 14) throws -> CommandRun {
      let path = try folder.write(
        """
        output: longer
        seed: 1
        model: {architecture: EfficientTrajCast\(model)}
        data: {training: [t.extxyz], timestep: \(timestep)}
        training: {epochs: 1, batch_size: 1}
        """, as: "longer.yaml")
      return try CommandRun(["train", path, "--overwrite"], in: folder.path)
    }
    let start = ", start: tiny.safetensors"
    expectFailure(try train(start), status: 65, "14.0 fs", "7.0 fs", "start_timestep")
    expectFailure(try train(", start_timestep: 7"), status: 65, "'start'")
    for timestep in [7, 14] {
      expectFailure(
        try train(start + ", start_timestep: 10", timestep: timestep), status: 65, "10.0 fs",
        "7.0 fs")
    }
    let run = try train(start + ", start_timestep: 7")
    #expect(run.status == 0, "\(run.errors)")
    expectFailure(
      try CommandRun(
        ["forecast", "longer.safetensors", "frames.extxyz", "--steps", "1", "--timestep", "7"],
        in: folder.path), status: 64, "time step", "14.0 fs")
  }

  @Test("what a configuration or its data have wrong is named with its place")
  func badInput() throws {
    let folder = try TemporaryFolder()
    _ = try frames(2, in: folder)
    func run(_ text: String) throws -> CommandRun {
      let path = try folder.write(text, as: "bad-\(UInt32.random(in: 0 ... .max)).yaml")
      return try CommandRun(["train", path], in: folder.path)
    }
    expectFailure(
      try run(
        configuration(epochs: 1, training: "frames.extxyz", model: "num_mp_layer: 1")),
      status: 65, "line 12", "unknown key 'model.settings.num_mp_layer'", "'num_mp_layers'")
    expectFailure(
      try run(configuration(epochs: 1, training: "frames.extxyz", extra: "losses: {}")),
      status: 65, "unknown key 'losses'", "'loss'")
    expectFailure(
      try run(configuration(epochs: 0, training: "frames.extxyz")),
      status: 65, "'training.epochs' is '0'", "an integer of at least 1")
    expectFailure(
      try run(configuration(epochs: 1, training: "missing.extxyz")), status: 66, "missing.extxyz")

    let still = "1\ntime_fs=0\nC 0 0 0\n1\ntime_fs=7\nC 0 0 0.1\n"
    _ = try folder.write(still, as: "still.extxyz")
    expectFailure(
      try run(configuration(epochs: 1, training: "still.extxyz")), status: 65,
      "frame 0", "no velocities", "clebsch md")
    let columns = "Properties=species:S:1:pos:R:3:velocities:R:3"
    _ = try folder.write(
      "1\n\(columns) time_fs=0\nC 0 0 0 0 0 1\n"
        + "2\n\(columns) time_fs=7\nC 0 0 0 0 0 1\nC 1 0 0 0 0 1\n", as: "varying.extxyz")
    expectFailure(
      try run(configuration(epochs: 1, training: "varying.extxyz")), status: 65,
      "frame 1", "2 atoms", "frame 0 has 1")
    _ = try folder.write(
      "1\n\(columns) time_fs=0\nC 0 0 0 0 0 1\n1\n\(columns) time_fs=4\nC 0 0 0 0 0 1\n",
      as: "uneven.extxyz")
    expectFailure(
      try run(configuration(epochs: 1, training: "uneven.extxyz")), status: 65,
      "every 4.0 fs", "7.0 fs")
  }
}
