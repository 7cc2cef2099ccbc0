import Equivariance
import FileFormats
import Irreps

/// The architecture of a SevenNet checkpoint (Park et al., J. Chem. Theory Comput. 2024).
///
/// Read from the file's `config`; entries of it that the weights contradict (denominators, shifts,
/// scales) are left to the state.
package struct SevenNetConfiguration: Sendable, Hashable {
  package enum SelfConnection: String, Sendable, Hashable {
    /// A linear layer.
    case linear
    /// A product with the one-hot species.
    case nequip
  }

  /// Where a fidelity enters a model that has several.
  package struct Modality: Sendable, Hashable {
    package var names: [String: Int]
    package var count: Int
    package var entersFirstLinear: Bool
    package var entersSecondLinear: Bool
    package var entersReadout: Bool
  }

  /// A readout by a network of its own.
  package struct ReadoutNetwork: Sendable, Hashable {
    package var neurons: [Int]
    package var activation: String
  }

  /// Å.
  package var cutoff: Double
  package var cutoffFunction: CutoffFunction
  package var besselCount: Int
  /// The model's species index by atomic number.
  package var speciesIndices: [Int: Int]
  package var speciesCount: Int
  /// Irreps of the embedding, then of each layer's output.
  package var layerIrreps: [Irreps]
  /// The edges' harmonics.
  package var edgeIrreps: Irreps
  package var normalizesVectors: Bool
  /// Hidden neurons of the radial network.
  package var radialNeurons: [Int]
  package var selfConnections: [SelfConnection]
  package var modality: Modality?
  /// Nil for two linear layers.
  package var readoutNetwork: ReadoutNetwork?
  /// Whether columns of the radial networks' last weights are sorted by the result's degree:
  /// files of version 0.11 and newer.
  package var sortsRadialColumns: Bool
  package var scalarActivations: [Parity: Activation]
  package var gateActivations: [Parity: Activation]

  package var layerCount: Int { layerIrreps.count - 1 }
}

extension SevenNetConfiguration {
  /// - Throws: `PotentialError.checkpoint` naming the entry that is missing or not understood.
  init(_ reader: SettingsReader) throws {
    let version = FileVersion(try reader.string("version", default: "0"))
    cutoff = try reader.number("cutoff")
    cutoffFunction = try Self.cutoffFunction(reader, radius: cutoff)
    let basis = try reader.value("radial_basis", "a dictionary") { $0.dictionaryValue }
    besselCount = basis["bessel_basis_num"]?.integerValue ?? 8
    (speciesIndices, speciesCount) = try Self.species(reader)

    let hasParity = try reader.boolean("is_parity", default: true)
    let degree = try reader.integer("lmax", default: 1)
    func override(_ key: String) throws -> Int {
      let value = try reader.integer(key, default: -1)
      return value > 0 ? value : degree
    }
    let harmonics = Irreps.sphericalHarmonics(upTo: try override("lmax_edge"))
    edgeIrreps =
      hasParity
      ? harmonics
      : Irreps(harmonics.map { MultipliedIrrep(1, Irrep(degree: $0.irrep.degree, parity: .even)) })
    let layerCount = try reader.integer("num_convolution_layer", default: 3)
    layerIrreps =
      try Self.manualIrreps(reader, layerCount: layerCount)
      ?? Self.reachedIrreps(
        channels: try reader.integer("channel", default: 32), maximumDegree: override("lmax_node"),
        layerCount: layerCount, edges: edgeIrreps)
    normalizesVectors = try reader.boolean(
      "_normalize_sph", default: version.isAtLeast(0, 10))
    radialNeurons = try reader.value(
      "weight_nn_hidden_neurons", "a list of integers", default: [64, 64]
    ) { $0.elements.map { $0.compactMap(\.integerValue) } }
    selfConnections = try Self.selfConnections(reader, layerCount: layerCount)
    modality = try Self.modality(reader)
    sortsRadialColumns = version.isAtLeast(0, 11) && !version.isDevelopment(of: 0, 11)
    scalarActivations = try Self.activations(reader, "act_scalar")
    gateActivations = try Self.activations(reader, "act_gate")
    readoutNetwork = nil
    if try reader.boolean("readout_as_fcn", default: false) {
      readoutNetwork = ReadoutNetwork(
        neurons: try reader.value(
          "readout_fcn_hidden_neurons", "a list of integers", default: [30, 30]
        ) { $0.elements.map { $0.compactMap(\.integerValue) } },
        activation: try reader.string("readout_fcn_activation", default: "relu"))
    }
    let radialActivation = try reader.string("act_radial", default: "silu")
    guard radialActivation == "silu" else {
      throw reader.mismatch(
        "config.act_radial", found: "'\(radialActivation)'", expected: "'silu'")
    }
    guard !(try reader.boolean("use_bias_in_linear", default: false)) else {
      throw reader.mismatch(
        "config.use_bias_in_linear", found: "true", expected: "false (biases are not supported)")
    }
  }

  private static func cutoffFunction(
    _ reader: SettingsReader, radius: Double
  ) throws -> CutoffFunction {
    let entry = try reader.value("cutoff_function", "a dictionary") { $0.dictionaryValue }
    switch entry["cutoff_function_name"]?.stringValue {
    case "XPLOR":
      guard let onset = entry["cutoff_on"]?.doubleValue else {
        throw reader.mismatch(
          "config.cutoff_function.cutoff_on", found: "missing", expected: "a number")
      }
      guard (0..<radius).contains(onset) else {
        throw reader.mismatch(
          "config.cutoff_function.cutoff_on", found: "\(onset)",
          expected: "a number below the cutoff \(radius)")
      }
      return .xplor(onset: onset, radius: radius)
    case "poly_cut":
      return .polynomial(power: entry["poly_cut_p_value"]?.integerValue ?? 6, radius: radius)
    case let name:
      throw reader.mismatch(
        "config.cutoff_function.cutoff_function_name", found: name.map { "'\($0)'" } ?? "missing",
        expected: "'XPLOR' or 'poly_cut'")
    }
  }

  private static func species(_ reader: SettingsReader) throws -> ([Int: Int], Int) {
    let map = try reader.value("_type_map", "a dictionary") { $0.dictionaryValue }
    var indices: [Int: Int] = [:]
    for (key, value) in map.entries {
      guard let number = key.integerValue, let index = value.integerValue else {
        throw reader.mismatch(
          "config._type_map", found: "\(key.kindName): \(value.kindName)",
          expected: "atomic numbers and species indices")
      }
      indices[number] = index
    }
    let count = try reader.integer("_number_of_species", default: indices.count)
    guard indices.values.allSatisfy({ (0..<count).contains($0) }) else {
      throw reader.mismatch(
        "config._type_map", found: "indices up to \(indices.values.max() ?? 0)",
        expected: "indices below _number_of_species = \(count)")
    }
    return (indices, count)
  }

  private static func manualIrreps(
    _ reader: SettingsReader, layerCount: Int
  ) throws -> [Irreps]? {
    guard let list = reader.configuration["irreps_manual"]?.elements else { return nil }
    let irreps = try list.map { value in
      guard let text = value.stringValue, let irreps = try? Irreps(text) else {
        throw reader.mismatch(
          "config.irreps_manual", found: value.stringValue.map { "'\($0)'" } ?? value.kindName,
          expected: "irreps such as '128x0e+64x1e'")
      }
      return irreps
    }
    guard irreps.count == layerCount + 1 else {
      throw reader.mismatch(
        "config.irreps_manual", found: "\(irreps.count) entries",
        expected: "\(layerCount + 1) for \(layerCount) layers")
    }
    return irreps
  }

  /// What the paths from each layer's input reach, every irrep with the same multiplicity; only
  /// invariants after the last layer.
  private static func reachedIrreps(
    channels: Int, maximumDegree: Int, layerCount: Int, edges: Irreps
  ) -> [Irreps] {
    var result = [Irreps([MultipliedIrrep(channels, .scalar)])]
    for layer in 0..<layerCount {
      var reached: Set<Irrep> = []
      for group in result[layer] {
        for edge in edges { reached.formUnion(group.irrep.product(with: edge.irrep)) }
      }
      let kept =
        layer == layerCount - 1 ? [.scalar] : reached.filter { $0.degree <= maximumDegree }
      result.append(
        Irreps(kept.sorted().map { MultipliedIrrep(channels, $0) }))
    }
    return result
  }

  private static func selfConnections(
    _ reader: SettingsReader, layerCount: Int
  ) throws -> [SelfConnection] {
    let key = "self_connection_type"
    let names: [String] = try reader.value(
      key, "a string or a list of strings", default: Array(repeating: "nequip", count: layerCount)
    ) { value in
      value.stringValue.map { Array(repeating: $0, count: layerCount) }
        ?? value.elements?.compactMap(\.stringValue)
    }
    guard names.count == layerCount else {
      throw reader.mismatch(
        "config.\(key)", found: "\(names.count) entries", expected: "\(layerCount)")
    }
    return try names.map { name in
      guard let kind = SelfConnection(rawValue: name) else {
        throw reader.mismatch(
          "config.\(key)", found: "'\(name)'", expected: "'linear' or 'nequip'")
      }
      return kind
    }
  }

  private static func modality(_ reader: SettingsReader) throws -> Modality? {
    guard try reader.boolean("use_modality", default: false) else { return nil }
    guard !(try reader.boolean("use_modal_node_embedding", default: false)) else {
      throw reader.mismatch(
        "config.use_modal_node_embedding", found: "true",
        expected: "false (a fidelity in the embedding is not supported)")
    }
    let map = try reader.value("_modal_map", "a dictionary") { $0.dictionaryValue }
    var names: [String: Int] = [:]
    for name in map.stringKeys { names[name] = map[name]?.integerValue }
    return Modality(
      names: names,
      count: try reader.integer("_number_of_modalities", default: names.count),
      entersFirstLinear: try reader.boolean("use_modal_self_inter_intro", default: false),
      entersSecondLinear: try reader.boolean("use_modal_self_inter_outro", default: false),
      entersReadout: try reader.boolean("use_modal_output_block", default: false))
  }

  private static func activations(
    _ reader: SettingsReader, _ key: String
  ) throws -> [Parity: Activation] {
    let entry = reader.configuration[key]?.dictionaryValue
    func activation(_ letter: String, _ fallback: Activation) throws -> Activation {
      guard let name = entry?[letter]?.stringValue else { return fallback }
      guard let activation = Activation(rawValue: name) else {
        throw reader.mismatch(
          "config.\(key).\(letter)", found: "'\(name)'",
          expected: Activation.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return activation
    }
    return [.even: try activation("e", .silu), .odd: try activation("o", .tanh)]
  }
}

/// The version of the package that wrote a file.
struct FileVersion {
  private let numbers: [Int]
  /// Whether it is a development version, which still counts as the one before it.
  let isDevelopment: Bool

  init(_ text: String) {
    let parts = text.split(separator: ".")
    numbers = parts.prefix(3).map { Int($0) ?? 0 }
    isDevelopment = text.contains("dev")
  }

  func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
    let found = (numbers.first ?? 0, numbers.dropFirst().first ?? 0)
    return found >= (major, minor)
  }

  func isDevelopment(of major: Int, _ minor: Int) -> Bool {
    isDevelopment && Array(numbers.prefix(2)) == [major, minor]
  }
}
