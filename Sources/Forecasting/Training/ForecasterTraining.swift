import Equivariance
import FileFormats
import Foundation
import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph
import Training

/// The training of a forecaster as a configuration describes it.
package struct ForecasterTraining {
  package let run: TrainingRun<ForecastTask>
  package let model: ForecastModel
  package let sampleCounts: (training: Int, validation: Int)

  package static let architectures = ForecastDescription.styles

  /// Opens the data, takes their measure (elements, scales, neighbours, speeds) where the
  /// configuration leaves it open, and compiles the steps.
  ///
  /// - Throws: `FileFormatError` naming line and key; `TrainingError` for data that do not fit.
  package init(_ configuration: TrainingConfiguration, on context: Context) throws {
    let data = try MotionData(configuration.data) { configuration.path(of: $0) }
    let section = try ConfigurationSection(
      configuration.model,
      keys: ["architecture", "species", "settings", "start", "start_timestep"])
    var start: (model: ForecastModel, values: [Double])?
    if section["start"] == nil, let node = section["start_timestep"] {
      throw node.problem(
        "the step of a model to start from, and no such model",
        expected: "'start' in 'model' as well: the file of a forecaster")
    }
    if let node = section["start"] {
      let file = try ModelFile(contentsOf: configuration.path(of: try node.text()))
      let (model, values) = try ForecastModel.load(file)
      start = (try Self.model(model, fitting: data, section["start_timestep"]), values)
    }
    let model = try start?.model ?? Self.model(section, configuration.architecture, data, context)
    self.model = model
    let type = configuration.precision.elementType
    let loss = try Self.loss(configuration)
    let task = ForecastTask(
      model, displacementWeight: loss.displacement, velocityWeight: loss.velocity,
      measure: loss.measure, elementType: type)
    let trainer = try Trainer(
      task,
      startingFrom: start?.values ?? model.layout.initialValues(seed: configuration.settings.seed),
      training: data.training, validation: data.validation, settings: configuration.settings,
      identity: configuration.identity, on: context)
    sampleCounts = (data.training.count, data.validation?.count ?? 0)
    run = TrainingRun(
      trainer, files: TrainingFiles(prefix: configuration.output),
      title: configuration.output
    ) { values, history, path in
      try model.write(
        values, as: type,
        notes: ["trained_epochs": "\(history.count)", "seed": "\(configuration.settings.seed)"],
        to: path)
    }
  }

  private static func loss(
    _ configuration: TrainingConfiguration
  ) throws -> (displacement: Double, velocity: Double, measure: ErrorMeasure) {
    guard let node = configuration.loss else { return (1, 1, .square) }
    let section = try ConfigurationSection(node, keys: ["displacement", "velocity", "measure"])
    let measure = try section.value("measure", default: "square") {
      try $0.choice(of: ErrorMeasure.allCases.map(\.rawValue))
    }
    return (
      try section.value("displacement", default: 1) { try $0.number(atLeast: 0) },
      try section.value("velocity", default: 1) { try $0.number(atLeast: 0) },
      ErrorMeasure(rawValue: measure) ?? .square
    )
  }

  private static func model(
    _ section: ConfigurationSection, _ style: String, _ data: MotionData, _ context: Context
  ) throws -> ForecastModel {
    var settings = try section.value("settings") { $0 }
    let species = try section["species"]?.elements()
    let statistics = try MotionStatistics(of: data.training)
    if style != "Flexible" {
      settings.set("num_chem_elements", "\((species ?? statistics.species).count)")
      if settings["vel_max"] == nil {
        // Above the fastest atom, for others will be faster.
        settings.set("vel_max", "\((1.1 * statistics.largestSpeed * 1e4).rounded(.up) / 1e4)")
      }
      if settings["avg_num_neighbors"] == nil, let cutoff = try settings["edge_cutoff"]?.number() {
        let count = try statistics.averageNeighbourCount(
          of: data.training, within: cutoff, on: context)
        settings.set("avg_num_neighbors", "\((count * 1e3).rounded() / 1e3)")
      }
    }
    return try ForecastModel(
      ForecastDescription(
        style: style, settings: settings, species: species ?? statistics.species,
        timestep: data.timestep, scales: style == "Flexible" ? nil : statistics.scales))
  }

  /// The model to start from, for the step of the data: another than its own has to be asked for.
  private static func model(
    _ start: ForecastModel, fitting data: MotionData, _ former: ConfigurationNode?
  ) throws -> ForecastModel {
    let named = try former?.number(above: 0)
    if let named, let former, !(abs(named - (start.timestep ?? .nan)) < 1e-6 * named) {
      throw former.problem(
        "\(named) fs, and the model to start from forecasts "
          + (start.timestep.map { "\($0) fs" } ?? "no step of its own"),
        expected: "its own step, or no 'start_timestep'")
    }
    guard let timestep = start.timestep, abs(timestep - data.timestep) > 1e-6 * timestep else {
      return start
    }
    let isFlexible = start.description.style == "Flexible"
    guard named != nil, !isFlexible else {
      let other = ", or 'start_timestep: \(timestep)' in 'model' to train its weights for another"
      throw data.node.problem(
        "'data.timestep' is \(data.timestep) fs and the model to start from forecasts "
          + "\(timestep) fs",
        expected: "the same step" + (isFlexible ? "" : other))
    }
    var description = start.description
    description.timestep = data.timestep
    description.scales = try MotionStatistics(of: data.training).scales
    return try ForecastModel(description)
  }
}

extension ConfigurationNode {
  /// Sets an entry of a mapping to a number.
  fileprivate mutating func set(_ key: String, _ value: String) {
    guard case .mapping(var entries) = content else { return }
    entries.removeAll { $0.key == key }
    entries.append(
      (
        key,
        ConfigurationNode(
          .scalar(value, isQuoted: false), file: file, line: line, path: "\(path).\(key)")
      ))
    content = .mapping(entries)
  }
}

/// The data section of a forecaster's training.
struct MotionData {
  let node: ConfigurationNode
  let training: JoinedSamples<MotionFile>
  let validation: JoinedSamples<MotionFile>?
  /// fs.
  let timestep: Double

  init(_ node: ConfigurationNode, path: (String) -> String) throws {
    let section = try ConfigurationSection(
      node,
      keys: [
        "training", "validation", "validation_fraction", "timestep", "frame_interval",
        "time_reversal",
      ])
    let timestep = try section.value("timestep") { try $0.number(above: 0) }
    let interval = try section["frame_interval"]?.number(above: 0)
    let includesReversed = try section.value("time_reversal", default: false) { try $0.boolean() }
    func files(_ node: ConfigurationNode, reversed: Bool) throws -> [MotionFile] {
      try node.paths().map {
        try MotionFile(
          path: path($0), timestep: timestep, frameInterval: interval,
          includesReversed: reversed)
      }
    }
    self.node = node
    self.timestep = timestep
    var training = try section.value("training") { try files($0, reversed: includesReversed) }
    if let node = section["validation"] {
      validation = JoinedSamples(try files(node, reversed: false))
    } else if let fraction = try section["validation_fraction"]?.fraction(), fraction > 0 {
      let parts = training.map { $0.split(validationFraction: fraction) }
      training = parts.map(\.training)
      validation = JoinedSamples(parts.map(\.validation))
    } else {
      validation = nil
    }
    self.training = JoinedSamples(training)
  }
}
