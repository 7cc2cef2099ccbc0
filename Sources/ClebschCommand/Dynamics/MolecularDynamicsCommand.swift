import ArgumentParser
import Clebsch
import Foundation

/// `clebsch md`: molecular dynamics.
struct MolecularDynamicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "md",
    abstract: "Runs molecular dynamics: trajectory, log, checkpoints, resume.",
    discussion: """
      Example:
        clebsch md 7net-0 Examples/structures/water.extxyz --steps 50 --timestep 0.5

      In earnest:
        clebsch md 7net-0 Examples/structures/quartz.extxyz --steps 10000
          --ensemble nvt --temperature 300 --log quartz.csv
          --trajectory quartz.extxyz --checkpoint quartz.state

      Times are in fs, temperatures in K, pressures in GPa, velocities in Å/fs. Without --log the log \
      goes to standard output. Ctrl-C finishes the step at work, writes what is due and a checkpoint, \
      and ends with exit code 75; 'clebsch md MODEL STRUCTURE --resume CHECKPOINT' then goes on as if \
      nothing had happened, with the settings of the run.

      Two models come with Clebsch, for trying things out: 'silicon', a network, and 'lj-argon', \
      Lennard-Jones.
      """)

  @Argument(help: "A checkpoint, or the name of a published model (see 'clebsch models').")
  var model: String

  @Argument(help: "An extended XYZ file; 'velocities' or 'momenta' in it are taken along.")
  var structure: String

  @OptionGroup(title: "What is run") var runOptions: RunOptions
  @OptionGroup(title: "Thermostat and barostat") var ensembleOptions: EnsembleOptions
  @OptionGroup(title: "What is written") var record: RecordOptions
  @OptionGroup(title: "When to stop") var watch: WatchOptions
  @OptionGroup var options: ModelOptions

  @Flag(help: "Print one JSON object about the run on standard output at its end.")
  var json = false

  @Flag(help: "No progress, warnings or timing on standard error.")
  var quiet = false

  func validate() throws {
    try runOptions.validate(isResuming: record.resume != nil)
    try ensembleOptions.validate()
    try record.validate()
    if json, record.log == nil, record.resume == nil {
      throw ValidationError("'--json' needs '--log FILE': both would go to standard output.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let start = ContinuousClock.now
    let located = try StructureFile(structure).located(frame: runOptions.frame)
    let loaded = try options.loadForceField(model)
    let prepared = try prepare(located, loaded)
    if !quiet {
      for warning in prepared.simulation.settings.warnings(masses: prepared.simulation.masses) {
        StandardError.write("clebsch: warning: \(warning)\n")
      }
      if let note = prepared.completionNote { StandardError.write(note) }
    }
    try prepared.outputs.requireOwnFiles(structure: structure, model: model)
    let recorder = try recorder(of: prepared)
    let loading = start.duration(to: .now)
    let evaluatingBefore = prepared.forces.duration
    let session = DynamicsSession(
      prepared.simulation, recorder, prepared.outputs, lastStep: prepared.lastStep)
    let result = try session.run(interruption, isQuiet: quiet)
    let summary = RunSummary(
      simulation: result.simulation, steps: result.steps, running: result.duration,
      evaluating: prepared.forces.duration - evaluatingBefore,
      loading: loading, cutoff: loaded.potential.cutoff, skin: prepared.skin,
      precision: options.precision.rawValue,
      device: loaded.context.device.description.label, isInterrupted: result.interrupted != nil)
    if json { try StandardOutput.write(summary.record) }
    if !quiet { StandardError.write(summary.text) }
    if let interrupted = result.interrupted {
      throw resumableFailure(prepared, result.simulation) ?? interrupted
    }
  }
}

// MARK: - Beginning and resuming

extension MolecularDynamicsCommand {
  /// A simulation that is ready to run.
  private struct Prepared {
    var simulation: Simulation
    var forces: TimedForces
    var outputs: DynamicsOutputs
    var lastStep: Int
    /// Å.
    var skin: Double
    var model: String
    /// What the run goes on from.
    var checkpoint: Checkpoint?

    /// What to do about a run that has nothing left to do; nil for others.
    var completionNote: String? {
      guard let step = checkpoint?.state.step, step >= lastStep else { return nil }
      return
        "clebsch: the run is complete, at step \(step); --steps N beyond that makes it longer\n"
    }
  }

  private func prepare(_ located: LocatedFrame, _ loaded: LoadedModel) throws -> Prepared {
    do {
      return try record.resume.map { try resumed(from: $0, located, loaded) }
        ?? begun(located, loaded)
    } catch let error as ValidationError {
      throw error
    } catch {
      throw Failure(error, at: located.place) ?? error
    }
  }

  private func settings() throws -> DynamicsSettings {
    DynamicsSettings(
      try ensembleOptions.ensemble(
        runOptions.ensemble ?? .nve, temperature: runOptions.temperature),
      timestep: runOptions.timestep ?? 1, seed: runOptions.seed ?? 0,
      momentumRemovalInterval: runOptions.removeDriftEvery ?? 0, watch: watch.limits)
  }

  private func begin(
    _ located: LocatedFrame, _ forceField: some ForceField
  ) throws -> Simulation {
    let masses = try located.masses()
    var velocities = runOptions.temperature.map { InitialVelocities.thermal($0) } ?? .atRest
    if !runOptions.newVelocities, let given = try located.velocities(masses: masses),
      given.contains(where: { $0 != .zero })
    {
      velocities = .given(given)
    }
    return try Simulation(
      of: located.structure, with: forceField, settings(), velocities: velocities,
      masses: masses, fixedAtoms: located.fixedAtoms(runOptions.fix))
  }

  private func begun(_ located: LocatedFrame, _ loaded: LoadedModel) throws -> Prepared {
    let skin = runOptions.skin ?? loaded.usualSkin
    let forces = TimedForces(try loaded.forceField(skin: skin))
    return Prepared(
      simulation: try begin(located, forces), forces: forces, outputs: record.outputs(),
      lastStep: runOptions.steps ?? 0, skin: skin, model: loaded.identity)
  }

  private func resumed(
    from path: String, _ located: LocatedFrame, _ loaded: LoadedModel
  ) throws -> Prepared {
    let checkpoint = try Checkpoint(contentsOf: path)
    try checkpoint.check(file: path, model: loaded.identity, structure: located.structure)
    let notes = try RunNotes(checkpoint.notes, file: path)
    if runOptions.fix != nil || runOptions.newVelocities {
      throw Failure(
        .wrongUsage,
        "--resume \(path): velocities and fixed atoms are those of the checkpoint\n"
          + "Leave out '--\(runOptions.fix != nil ? "fix" : "new-velocities")'.")
    }
    if json, (record.log ?? notes.log) == nil {
      throw Failure(
        .wrongUsage, "--json: the log of this run goes to standard output too\nLeave it out.")
    }
    if runOptions.namesSettings || ensembleOptions.namesSettings || watch.namesSettings {
      var settings = try settings()
      settings.degreesOfFreedom = checkpoint.settings.degreesOfFreedom
      guard settings == checkpoint.settings, [nil, notes.skin].contains(runOptions.skin) else {
        throw Failure(
          .wrongUsage,
          "--resume \(path): the options of the run differ from those it was begun with\n"
            + "Leave them out: ensemble, temperature, time step, seed and limits are in the checkpoint."
        )
      }
    }
    let forces = TimedForces(try loaded.forceField(skin: notes.skin))
    return Prepared(
      simulation: try checkpoint.simulation(with: forces), forces: forces,
      outputs: record.outputs(former: notes.outputs),
      lastStep: try record.lastStep(asked: runOptions.steps, former: notes.lastStep, checkpoint),
      skin: notes.skin, model: loaded.identity, checkpoint: checkpoint)
  }

  private func recorder(of prepared: Prepared) throws -> DynamicsRecorder {
    let notes = RunNotes(
      lastStep: prepared.lastStep, skin: prepared.skin, outputs: prepared.outputs)
    if let checkpoint = prepared.checkpoint, let path = record.resume {
      var recorder = try DynamicsRecorder(
        resuming: checkpoint, from: path, prepared.outputs)
      recorder.notes = try notes.encoded()
      return recorder
    }
    return try DynamicsRecorder(
      beginning: prepared.simulation, prepared.outputs, model: prepared.model,
      overwrites: record.overwrite, notes: try notes.encoded())
  }

  /// How to go on; nil where there is no checkpoint, and the program ends by the signal.
  private func resumableFailure(_ prepared: Prepared, _ simulation: Simulation) -> (any Error)? {
    prepared.outputs.checkpoint.map { checkpoint in
      Failure(
        .interrupted,
        "interrupted after step \(simulation.state.step) of \(prepared.lastStep)\n"
          + "Go on with 'clebsch md \(model) \(structure) --resume \(checkpoint)'.")
    }
  }
}

/// What a checkpoint keeps of the command line, so that resuming needs no options.
struct RunNotes: Codable {
  var lastStep: Int
  /// Å.
  var skin: Double
  var trajectory: String?
  var trajectoryInterval: Int
  var exactNumbers: Bool
  var log: String?
  var logInterval: Int
  var checkpointInterval: Int

  private static let key = "command_line"

  init(lastStep: Int, skin: Double, outputs: DynamicsOutputs) {
    self.lastStep = lastStep
    self.skin = skin
    trajectory = outputs.trajectory
    trajectoryInterval = outputs.trajectoryInterval
    exactNumbers = outputs.exactNumbers
    log = outputs.log
    logInterval = outputs.logInterval
    checkpointInterval = outputs.checkpointInterval
  }

  init(_ notes: [String: String], file: String) throws {
    guard let text = notes[Self.key],
      let value = try? JSONDecoder().decode(RunNotes.self, from: Data(text.utf8))
    else {
      throw Failure(
        .badInput,
        "\(file): the checkpoint was not written by 'clebsch md'\n"
          + "  expected what the command line keeps in its own")
    }
    self = value
  }

  func encoded() throws -> [String: String] {
    [Self.key: String(decoding: try JSONEncoder().encode(self), as: UTF8.self)]
  }

  var outputs: DynamicsOutputs {
    DynamicsOutputs(
      trajectory: trajectory, trajectoryInterval: trajectoryInterval, exactNumbers: exactNumbers,
      log: log, logInterval: logInterval, checkpointInterval: checkpointInterval)
  }
}
