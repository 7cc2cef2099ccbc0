import FileFormats
import Foundation
import Potentials

/// A training as a YAML file describes it. What belongs to a kind of model (its settings, data and
/// loss) is read by the room of that kind.
package struct TrainingConfiguration: Sendable {
  package let file: String
  /// Such as `EfficientTrajCast` or `SevenNet`.
  package let architecture: String
  /// The files that the training writes begin with this.
  package let output: String
  package let precision: Precision
  package let settings: TrainingSettings
  package let model: ConfigurationNode
  package let data: ConfigurationNode
  package let loss: ConfigurationNode?
  /// What names model, data and settings, but for the number of epochs.
  package let identity: String

  /// The place of a data file that the configuration names: relative names are looked up in the
  /// configuration's folder. Files that are written go where the program runs.
  package func path(of name: String) -> String {
    guard !name.hasPrefix("/"), file.contains("/") else { return name }
    return URL(fileURLWithPath: file).deletingLastPathComponent().relativePath + "/" + name
  }

  /// - Throws: `FileFormatError` with the line and, for an unknown key, the nearest known one.
  package init(contentsOf path: String, architectures: [String]) throws {
    try self.init(try ConfigurationNode(contentsOf: path), architectures: architectures)
  }

  package init(_ root: ConfigurationNode, architectures: [String]) throws {
    let section = try ConfigurationSection(
      root,
      keys: [
        "output", "seed", "precision", "model", "data", "loss", "optimizer", "schedule", "training",
      ])
    file = root.file
    model = try section.value("model") { $0 }
    data = try section.value("data") { $0 }
    loss = section["loss"]
    guard let architecture = model["architecture"] else {
      throw model.problem(
        "the key 'model.architecture' is missing", expected: architectures.joined(separator: ", "))
    }
    self.architecture = try architecture.choice(of: architectures)
    output = try section.value("output") { try $0.text() }
    precision = try section.value("precision", default: .single) { node in
      Precision(rawValue: try node.choice(of: Precision.allCases.map(\.rawValue))) ?? .single
    }
    settings = try TrainingSettings(
      section, seed: UInt64(try section.value("seed", default: 0) { try $0.integer(0...(.max)) }))
    identity = Self.identity(of: root)
  }

  /// The configuration as text without what may change between a training and its resumption.
  private static func identity(of root: ConfigurationNode) -> String {
    func without(_ node: JSONValue, _ path: String) -> JSONValue {
      guard case .object(let members) = node else { return node }
      return .object(
        members.compactMap { key, value in
          let place = path.isEmpty ? key : "\(path).\(key)"
          return ["training.epochs", "training.checkpoint_interval", "training.checkpoint_steps"]
            .contains(place) ? nil : (key, without(value, place))
        })
    }
    return without(root.json, "").text
  }
}

extension TrainingSettings {
  init(_ root: ConfigurationSection, seed: UInt64) throws {
    let training = try ConfigurationSection(
      try root.value("training") { $0 },
      keys: [
        "epochs", "batch_size", "validation_interval", "patience", "checkpoint_interval",
        "checkpoint_steps",
      ])
    let empty = ConfigurationNode(
      .mapping([]), file: root.node.file, line: root.node.line, path: "optimizer")
    let optimizer = try ConfigurationSection(
      root["optimizer"] ?? empty,
      keys: [
        "algorithm", "learning_rate", "first_decay", "second_decay", "epsilon", "weight_decay",
        "gradient_norm_limit", "average_decay", "warm_up_steps",
      ])
    func positive(_ key: String, _ fallback: Int? = nil) throws -> Int {
      try training.value(key, default: fallback) { try $0.integer(1...(.max)) }
    }
    self.init(
      optimizer: try Optimizer(optimizer),
      schedule: LearningRateSchedule(
        rate: try optimizer.value("learning_rate", default: 0.01) { try $0.number(above: 0) },
        course: try root["schedule"].map { try .init($0) } ?? .constant,
        warmUpSteps: try optimizer.value("warm_up_steps", default: 0) {
          try $0.integer(0...(.max))
        }),
      epochs: try positive("epochs"), batchSize: try positive("batch_size"), seed: seed,
      validationInterval: try positive("validation_interval", 1),
      patience: try training["patience"]?.integer(1...(.max)),
      checkpointInterval: try positive("checkpoint_interval", 1),
      checkpointSteps: try training["checkpoint_steps"]?.integer(1...(.max)))
  }
}

extension Optimizer {
  fileprivate init(_ section: ConfigurationSection) throws {
    func fraction(_ key: String, _ fallback: Double) throws -> Double {
      try section.value(key, default: fallback) { try $0.fraction() }
    }
    let name = try section.value("algorithm", default: Algorithm.adam.rawValue) {
      try $0.choice(of: Algorithm.allCases.map(\.rawValue))
    }
    self.init(
      Algorithm(rawValue: name) ?? .adam, firstDecay: try fraction("first_decay", 0.9),
      secondDecay: try fraction("second_decay", 0.999),
      epsilon: try section.value("epsilon", default: 1e-8) { try $0.number(above: 0) },
      weightDecay: try section.value("weight_decay", default: 0) { try $0.number(atLeast: 0) },
      gradientNormLimit: try section["gradient_norm_limit"]?.number(above: 0),
      averageDecay: try section["average_decay"]?.fraction())
  }
}

extension LearningRateSchedule.Course {
  fileprivate init(_ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node, keys: ["course", "factor", "patience", "minimum", "final_fraction"])
    let course = try section.value("course") {
      try $0.choice(of: ["constant", "cosine", "exponential", "plateau"])
    }
    let allowed: Set<String> =
      switch course {
      case "cosine": ["course", "final_fraction"]
      case "exponential": ["course", "factor"]
      case "plateau": ["course", "factor", "patience", "minimum"]
      default: ["course"]
      }
    if case .mapping(let entries) = node.content,
      let stray = entries.first(where: { !allowed.contains($0.key) })
    {
      throw stray.value.problem(
        "'\(stray.value.path)' has no meaning for the course '\(course)'",
        expected: allowed.sorted().map { "'\($0)'" }.joined(separator: ", "))
    }
    switch course {
    case "cosine":
      self = .cosine(
        finalFraction: try section.value("final_fraction", default: 0) { try $0.fraction() })
    case "exponential":
      self = .exponential(factor: try section.value("factor") { try $0.fraction() })
    case "plateau":
      self = .plateau(
        factor: try section.value("factor", default: 0.8) { try $0.fraction() },
        patience: try section.value("patience", default: 25) { try $0.integer(0...(.max)) },
        minimum: try section.value("minimum", default: 0) { try $0.number(atLeast: 0) })
    default: self = .constant
    }
  }
}

extension ConfigurationNode {
  /// The name of a file, or a list of several.
  package func paths() throws -> [String] {
    if case .sequence(let nodes) = content, !nodes.isEmpty {
      return try nodes.map { try $0.text() }
    }
    return [try text()]
  }

  /// A number from 0 up to, but without, 1.
  package func fraction() throws -> Double {
    guard let value = try? number(atLeast: 0), value < 1 else {
      throw mismatch(expected: "a number from 0 to below 1")
    }
    return value
  }
}
