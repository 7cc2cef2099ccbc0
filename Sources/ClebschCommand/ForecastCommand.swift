import ArgumentParser
import Clebsch
import FileFormats
import Forecasting
import Foundation
import MolecularDynamics

/// `clebsch forecast`: dynamics by a TrajCast forecaster.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecasts positions and velocities step by step, without forces.",
    discussion: """
      Example:
        clebsch forecast methane.safetensors start.extxyz --steps 1000 --temperature 300 \
      --thermostat 70 --trajectory methane.extxyz --checkpoint methane.state

      MODEL is a file that 'clebsch train' wrote, 'silicon-20fs', which comes with Clebsch, or a \
      configuration of IBM's TrajCast (.json, .yaml) with its weights (--weights). The time step is the one that the model was trained for. Without \
      --log the log goes to standard output. Ctrl-C finishes the step at work and writes a checkpoint; \
      --resume CHECKPOINT then goes on bit for bit.
      """)

  @Argument(
    help: "A forecaster's model file or name, or a configuration of IBM's with --weights.")
  var model: String

  @Argument(help: "An extended XYZ file; 'velocities' or 'momenta' in it are taken along.")
  var structure: String

  @OptionGroup(title: "What is run") var options: ForecastOptions
  @OptionGroup(title: "What is written") var record: RecordOptions
  @OptionGroup(title: "When to stop") var watch: WatchOptions

  @Flag(help: "No progress or timing on standard error.")
  var quiet = false

  func validate() throws {
    try options.validate(isResuming: record.resume != nil)
    try record.validate()
  }

  func run() throws {
    let interruption = Interruption()
    let located = try StructureFile(structure).located(frame: options.frame)
    let context = try Context(device: Device.select(options.device))
    let forecaster = try options.forecaster(model, for: located, on: context)
      .fixingNeighbourCount(of: located.structure)
    let identity = try options.identity(of: model)
    let prepared: Prepared
    do {
      prepared =
        try record.resume.map { try resumed(from: $0, located, forecaster, identity) }
        ?? begun(located, forecaster, identity)
    } catch {
      throw Failure(error, at: located.place) ?? error
    }
    try prepared.outputs.requireOwnFiles(structure: structure, model: model)
    let session = DynamicsSession(
      prepared.simulation, try recorder(of: prepared, identity), prepared.outputs,
      lastStep: prepared.lastStep)
    let result = try session.run(interruption, isQuiet: quiet)
    if !quiet { StandardError.write(summary(result.simulation, result.steps, result.duration)) }
    if let interrupted = result.interrupted {
      guard let checkpoint = prepared.outputs.checkpoint else { throw interrupted }
      throw Failure(
        .interrupted,
        "interrupted after step \(result.simulation.state.step) of \(prepared.lastStep)\n"
          + "Go on with 'clebsch forecast \(model) \(structure) --resume \(checkpoint)'.")
    }
  }

  private func summary(_ simulation: Simulation, _ steps: Int, _ duration: Duration) -> String {
    guard steps > 0 else { return "" }
    let atoms = simulation.state.structure.count
    let seconds = duration.seconds
    let perAtom = seconds * 1e6 / Double(steps * atoms)
    let perDay = Double(steps) * simulation.settings.timestep * 1e-6 / seconds * 86400
    return "\(fixed(perAtom, decimals: 1)) µs an atom and step; \(fixed(perDay, decimals: 2)) ns a "
      + "day; \(steps) steps of \(simulation.settings.timestep) fs, \(atoms) atoms, "
      + "\(options.precision.rawValue) precision\n"
  }

  // MARK: Beginning and resuming

  /// A forecast run that is ready to go.
  private struct Prepared {
    var simulation: Simulation
    var outputs: DynamicsOutputs
    var lastStep: Int
    var checkpoint: Checkpoint?
  }

  private func begun(
    _ located: LocatedFrame, _ forecaster: Forecaster, _ identity: String
  ) throws -> Prepared {
    let given =
      options.newVelocities ? nil : try located.velocities(masses: try located.masses())
    let velocities: InitialVelocities
    if let given {
      velocities = .given(given)
    } else if let temperature = options.temperature {
      velocities = .thermal(temperature)
    } else {
      throw ForecastingError.noVelocities
    }
    let simulation = try Simulation(
      of: located.structure, with: forecaster,
      try options.settings(for: forecaster, limits: watch.limits), velocities: velocities)
    return Prepared(
      simulation: simulation, outputs: record.outputs(), lastStep: options.steps ?? 0)
  }

  private func resumed(
    from path: String, _ located: LocatedFrame, _ forecaster: Forecaster, _ identity: String
  ) throws -> Prepared {
    let checkpoint = try Checkpoint(contentsOf: path)
    try checkpoint.check(file: path, model: identity, structure: located.structure)
    let notes = try RunNotes(checkpoint.notes, file: path)
    if options.namesSettings || watch.namesSettings {
      throw Failure(
        .wrongUsage,
        "--resume \(path): settings of a run are in its checkpoint\n"
          + "Leave out temperature, thermostat, time step, seed and limits.")
    }
    return Prepared(
      simulation: try checkpoint.simulation(with: forecaster),
      outputs: record.outputs(former: notes.outputs),
      lastStep: try record.lastStep(asked: options.steps, former: notes.lastStep, checkpoint),
      checkpoint: checkpoint)
  }

  private func recorder(of prepared: Prepared, _ identity: String) throws -> DynamicsRecorder {
    let notes = RunNotes(lastStep: prepared.lastStep, skin: 0, outputs: prepared.outputs)
    if let checkpoint = prepared.checkpoint, let path = record.resume {
      var recorder = try DynamicsRecorder(resuming: checkpoint, from: path, prepared.outputs)
      recorder.notes = try notes.encoded()
      return recorder
    }
    return try DynamicsRecorder(
      beginning: prepared.simulation, prepared.outputs, model: identity,
      overwrites: record.overwrite, notes: try notes.encoded())
  }
}

/// What `clebsch forecast` is to run.
struct ForecastOptions: ParsableArguments {
  @Option(help: "Forecast steps in all, those before a checkpoint included.")
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The temperature that the thermostat holds, and of velocities that are drawn.",
      valueName: "K"))
  var temperature: Double?

  @Option(
    help: ArgumentHelp(
      "Hold --temperature by stochastic velocity rescaling with this relaxation time.",
      valueName: "fs"))
  var thermostat: Double?

  @Option(
    help: ArgumentHelp(
      "Hold --temperature by friction and noise on each atom (Langevin) in place of --thermostat: a "
        + "little of it, 0.003, keeps modes at one temperature that forecasts would draw apart.",
      valueName: "1/fs"))
  var friction: Double?

  @Option(
    help: ArgumentHelp(
      "The forecast step; only needed where the model's file does not say.", valueName: "fs"))
  var timestep: Double?

  @Option(help: "The seed of all random numbers; 0 by default.")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "The frame of the structure file, counted from 0; -1 is the last.")
  var frame = 0

  @Flag(help: "Draw velocities at --temperature even where the file holds some.")
  var newVelocities = false

  @Option(
    help: ArgumentHelp(
      "Remove the motion of the centre of mass after every so many steps.", valueName: "steps"))
  var removeDriftEvery: Int?

  @Option(
    help: ArgumentHelp("The weights of a configuration of IBM's (safetensors).", valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "The elements of a configuration of IBM's in the model's order, such as H,C; by default those "
        + "of the structure by atomic number.", valueName: "symbols"))
  var species: String?

  @Option(
    help: ArgumentHelp(
      "The OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  @Option(help: "The precision of the arithmetic: single or double.")
  var precision: Precision = .single

  /// Whether anything is asked for that a checkpoint knows already.
  var namesSettings: Bool {
    temperature != nil || thermostat != nil || friction != nil || timestep != nil || seed != nil
      || removeDriftEvery != nil
  }

  func validate(isResuming: Bool) throws {
    if steps == nil, !isResuming { throw ValidationError("Missing expected option '--steps'.") }
    if let steps, steps < 0 {
      throw ValidationError("'--steps \(steps)': expected a number of steps, from 0.")
    }
    for (name, value) in [
      ("temperature", temperature), ("thermostat", thermostat), ("friction", friction),
      ("timestep", timestep),
    ] {
      if let value, !(value > 0 && value.isFinite) {
        throw ValidationError("'--\(name) \(value)': expected a number above 0.")
      }
    }
    for (name, isGiven) in [
      ("thermostat", thermostat != nil), ("friction", friction != nil),
      ("new-velocities", newVelocities),
    ] where isGiven && temperature == nil {
      throw ValidationError("'--\(name)' needs '--temperature'.")
    }
    if thermostat != nil, friction != nil {
      throw ValidationError(
        "'--thermostat' and '--friction' are two ways to hold a temperature: give one.")
    }
  }

  func settings(for forecaster: Forecaster, limits: WatchLimits) throws -> DynamicsSettings {
    guard let timestep = timestep ?? forecaster.timestep else {
      throw Failure(
        .wrongUsage,
        "--timestep is missing: the model's file does not say its forecast step\n"
          + "Give the step that it was trained for, in fs.")
    }
    var ensemble = Ensemble.constantEnergy
    if let temperature, let thermostat {
      ensemble = .constantTemperature(temperature, .velocityRescaling(time: thermostat))
    } else if let temperature, let friction {
      ensemble = .constantTemperature(temperature, .langevin(friction: friction))
    }
    return DynamicsSettings(
      ensemble, timestep: timestep, seed: seed ?? 0,
      momentumRemovalInterval: removeDriftEvery ?? 0, watch: limits)
  }

  func forecaster(
    _ model: String, for located: LocatedFrame, on context: Context
  ) throws -> Forecaster {
    guard let weights else {
      if ShippedModel(named: model) != nil || model.hasSuffix(".safetensors") {
        return try ModelLocator().model(model).forecaster(precision: precision, on: context)
      }
      let shipped = ShippedModel.all.filter { $0.kind == .forecaster }.map { "'\($0.name)'" }
      throw Failure(
        .wrongUsage,
        "\(model): a forecaster is a file of 'clebsch train' (.safetensors), one that comes with "
          + "Clebsch (\(shipped.joined(separator: ", "))), or a configuration of IBM's\n"
          + "Give the configuration's weights with '--weights FILE'.")
    }
    let numbers = try species.map(Self.elements) ?? Set(located.structure.atomicNumbers).sorted()
    return try Forecaster(
      configuration: model, weights: weights, species: numbers, precision: precision, on: context)
  }

  private static func elements(_ list: String) throws -> [Int] {
    try list.split(separator: ",").map { symbol in
      guard let number = ChemicalElement.atomicNumber(ofSymbol: String(symbol)), number > 0 else {
        throw Failure(.wrongUsage, "--species: '\(symbol)' is no chemical element; expected H,C")
      }
      return number
    }
  }

  /// What tells the model apart from others: names and checksums of its files, and the precision.
  func identity(of model: String) throws -> String {
    let models: [LocatedModel] =
      try weights.map { [.file(model), .file($0)] } ?? [ModelLocator().model(model)]
    return (try models.map { try $0.identity() } + [precision.rawValue]).joined(separator: ", ")
  }
}
