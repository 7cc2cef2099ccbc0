import FileFormats
import Training

extension ForecastDescription {
  /// Reads a configuration of the official code, JSON or YAML, in any of the forms in which it is
  /// found: `{model_type, config}`, `{model: {…}}`, or the settings alone.
  ///
  /// - Parameters:
  ///   - path: the configuration.
  ///   - species: atomic numbers in the model's order; the file does not name them.
  ///   - style: for files that do not say; else what the settings look like.
  /// - Throws: `FileFormatError`.
  package init(configuration path: String, species: [Int], style: String? = nil) throws {
    let root = try ConfigurationNode(contentsOf: path)
    let settings = root["config"] ?? root["model"] ?? root
    var scales: ForecastScales?
    if let values = root["rms_targets"] {
      let numbers = try values.list().map { try $0.number(above: 0) }
      guard numbers.count == 2 else {
        throw values.mismatch(expected: "two numbers, of displacements and velocities")
      }
      scales = ForecastScales(displacement: numbers[0], velocity: numbers[1])
    }
    let named = try root["model_type"]?.choice(of: Self.styles)
    let guess = settings["num_hidden_channels"] == nil ? "Flexible" : nil
    guard let style = style ?? named ?? guess else {
      throw root.problem(
        "the configuration does not say which model it is of",
        expected: "'model_type': \(Self.styles.map { "'\($0)'" }.joined(separator: " or "))")
    }
    self.init(style: style, settings: settings, species: species, scales: scales)
  }

  /// The style whose names for weights a file uses; nil if none.
  package static func style(ofWeightsIn file: SafetensorsFile) -> String? {
    if file.names.contains(where: { $0.hasPrefix("_int_out.") }) { return "EfficientTrajCast" }
    if file.names.contains(where: { $0.hasPrefix("layers.mp_layer_") }) { return "TrajCast" }
    return file.names.contains { $0.hasPrefix("layers.") } ? "Flexible" : nil
  }

  /// Takes over what the official weights keep beside the weights: scales and net momenta.
  package mutating func adoptBuffers(of file: SafetensorsFile) throws {
    if let data = file.tensors["rms_targets"] {
      let numbers = try data.doubles()
      if numbers.count == 2 {
        scales = ForecastScales(displacement: numbers[0], velocity: numbers[1])
      }
    }
    for (key, suffix) in [("net_lin_mom", ".net_lin_mom"), ("net_ang_mom", ".net_ang_mom")] {
      guard let name = file.names.first(where: { $0.hasSuffix(suffix) }),
        case .mapping(var entries) = settings.content, let data = file.tensors[name]
      else { continue }
      let values = try data.doubles().map {
        ConfigurationNode(
          .scalar(String($0), isQuoted: false), file: file.name, line: nil, path: key)
      }
      let node = ConfigurationNode(.sequence(values), file: file.name, line: nil, path: key)
      entries.removeAll { $0.key == key }
      entries.append((key, node))
      settings.content = .mapping(entries)
    }
  }
}
