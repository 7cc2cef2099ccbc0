import FileFormats
import Foundation
import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph

/// The training of a potential as a configuration describes it.
package struct PotentialTraining {
  package let run: TrainingRun<PotentialTask>
  package let sampleCounts: (training: Int, validation: Int)

  package static let architectures = ["SevenNet"]

  /// Opens the data, takes their measure (elements, energies an atom, size of forces, neighbours)
  /// where the configuration leaves it open, and compiles the steps.
  ///
  /// - Throws: `FileFormatError` naming line and key; `TrainingError` for data that do not fit.
  package init(_ configuration: TrainingConfiguration, on context: Context) throws {
    let (training, validation) = try Self.data(configuration)
    let section = try ConfigurationSection(
      configuration.model, keys: ["architecture", "species", "settings", "start", "trained"])
    let architecture: SevenNetArchitecture
    var start: [Double]?
    if let node = section["start"] {
      if let settings = section["settings"] {
        throw settings.problem(
          "'model.settings' beside 'model.start'", expected: "one of them: the file has settings")
      }
      let path = configuration.path(of: try node.text())
      let loaded =
        path.hasSuffix(".safetensors")
        ? try SevenNetArchitecture.load(ModelFile(contentsOf: path))
        : try SevenNetArchitecture.load(TorchCheckpoint(contentsOf: path))
      architecture = loaded.architecture
      start = loaded.values
    } else {
      architecture = try Self.architecture(section, training, on: context)
    }
    let type = configuration.precision.elementType
    let task = try Self.task(architecture, configuration)
    let isTrained = try section["trained"].map { node in
      try Self.selection(of: try node.list(), in: task, at: node)
    }
    let trainer = try Trainer(
      task, startingFrom: start ?? task.layout.initialValues(seed: configuration.settings.seed),
      isTrained: isTrained, training: training, validation: validation,
      settings: configuration.settings, identity: configuration.identity, on: context)
    sampleCounts = (training.count, validation?.count ?? 0)
    run = TrainingRun(
      trainer, files: TrainingFiles(prefix: configuration.output), title: configuration.output
    ) { values, history, path in
      try architecture.write(
        values, as: type,
        notes: ["trained_epochs": "\(history.count)", "seed": "\(configuration.settings.seed)"],
        to: path)
    }
  }

  private static func data(
    _ configuration: TrainingConfiguration
  ) throws -> (JoinedSamples<LabelledStructureFile>, JoinedSamples<LabelledStructureFile>?) {
    let section = try ConfigurationSection(
      configuration.data, keys: ["training", "validation", "validation_fraction"])
    func files(_ node: ConfigurationNode) throws -> [LabelledStructureFile] {
      try node.paths().map { try LabelledStructureFile(path: configuration.path(of: $0)) }
    }
    let training = try section.value("training", files)
    if let node = section["validation"] {
      return (JoinedSamples(training), JoinedSamples(try files(node)))
    }
    guard let fraction = try section["validation_fraction"]?.fraction(), fraction > 0 else {
      return (JoinedSamples(training), nil)
    }
    let parts = training.map { $0.split(validationFraction: fraction) }
    return (JoinedSamples(parts.map(\.training)), JoinedSamples(parts.map(\.validation)))
  }

  private static func architecture(
    _ section: ConfigurationSection, _ training: some SampleSource<LabelledStructure>,
    on context: Context
  ) throws -> SevenNetArchitecture {
    let settings = try section.value("settings") { $0 }
    let named = try section["species"]?.elements()
    let statistics = try LabelStatistics(of: training, species: named)
    guard let cutoff = settings["cutoff"] else {
      throw settings.problem("the key 'model.settings.cutoff' is missing", expected: "it, in Å")
    }
    let count = try statistics.averageNeighbourCount(
      of: training, within: try cutoff.number(above: 0), on: context)
    return try SevenNetArchitecture(
      settings, species: statistics.species, scale: [statistics.forceScale],
      shift: statistics.atomicEnergies, denominator: count.squareRoot())
  }

  private static func task(
    _ architecture: SevenNetArchitecture, _ configuration: TrainingConfiguration
  ) throws -> PotentialTask {
    let type = configuration.precision.elementType
    guard let node = configuration.loss else {
      return PotentialTask(architecture, elementType: type)
    }
    let section = try ConfigurationSection(node, keys: ["energy", "forces", "stress", "measure"])
    let measure = try section.value("measure", default: "square") {
      try $0.choice(of: ErrorMeasure.allCases.map(\.rawValue))
    }
    return PotentialTask(
      architecture,
      energyWeight: try section.value("energy", default: 1) { try $0.number(atLeast: 0) },
      forceWeight: try section.value("forces", default: 1) { try $0.number(atLeast: 0) },
      stressWeight: try section.value("stress", default: 0) { try $0.number(atLeast: 0) },
      measure: ErrorMeasure(rawValue: measure) ?? .square, elementType: type)
  }

  /// For each parameter whether its name begins with one of the words.
  private static func selection(
    of words: [ConfigurationNode], in task: PotentialTask, at node: ConfigurationNode
  ) throws -> [Bool] {
    let names = task.layout.declarations.map(\.name)
    let prefixes = try words.map { word in
      let prefix = try word.text()
      guard names.contains(where: { $0.hasPrefix(prefix) }) else {
        throw word.mismatch(
          expected: "the beginning of a parameter's name, such as '\(names[names.count / 2])'")
      }
      return prefix
    }
    return names.map { name in prefixes.contains { name.hasPrefix($0) } }
  }
}
