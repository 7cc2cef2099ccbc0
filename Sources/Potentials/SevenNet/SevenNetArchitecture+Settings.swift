import Equivariance
import FileFormats
import Irreps

extension SevenNetArchitecture {
  /// The settings that are understood, under SevenNet's names, and a few of our own.
  private static let keys = [
    "cutoff", "cutoff_function", "radial_basis", "is_parity", "lmax", "lmax_edge", "lmax_node",
    "channel", "num_convolution_layer", "irreps_manual", "_normalize_sph",
    "weight_nn_hidden_neurons", "self_connection_type", "act_scalar", "act_gate", "act_radial",
    "readout_as_fcn", "readout_fcn_hidden_neurons", "readout_fcn_activation", "version",
    "readout_channels", "flipped_couplings", "scale", "shift", "denominators",
    "train_shift_scale",
  ]

  /// Reads settings, of a training's configuration or of a model file.
  ///
  /// - Parameters:
  ///   - species: atomic numbers in the model's order.
  ///   - scale, shift, denominator: what settings that leave them open get.
  /// - Throws: `FileFormatError` naming line and key; `PotentialError` for a value that does not fit.
  package init(
    _ node: ConfigurationNode, species: [Int], scale: [Double] = [1], shift: [Double] = [0],
    denominator: Double = 1
  ) throws {
    let section = try ConfigurationSection(node, keys: Self.keys)
    try section["cutoff_function"].map {
      _ = try ConfigurationSection(
        $0, keys: ["cutoff_function_name", "cutoff_on", "poly_cut_p_value"])
    }
    try section["radial_basis"].map {
      _ = try ConfigurationSection($0, keys: ["radial_basis_name", "bessel_basis_num"])
    }
    let standard: [(String, CheckpointValue)] = [
      ("version", .string("0.11.0")),
      (
        "cutoff_function",
        .dictionary(CheckpointDictionary([(.string("cutoff_function_name"), .string("poly_cut"))]))
      ),
      ("radial_basis", .dictionary(CheckpointDictionary([]))),
      (
        "_type_map",
        .dictionary(
          CheckpointDictionary(
            species.enumerated().map { (.integer($1), .integer($0)) }))
      ),
    ]
    guard case .dictionary(let given) = CheckpointValue(node) else {
      preconditionFailure("a section is a dictionary")
    }
    let entries =
      given.entries
      + standard.filter { given[$0.0] == nil }.map { (.string($0.0), $0.1) }
    configuration = try SevenNetConfiguration(
      SettingsReader(name: node.file, configuration: CheckpointDictionary(entries)))
    let layerCount = configuration.layerCount
    let channels = configuration.layerIrreps[layerCount].dimension
    readoutChannels = try section.value("readout_channels", default: max(1, channels / 2)) {
      try $0.integer(1...65536)
    }
    func numbers(_ key: String, _ fallback: [Double], _ counts: Set<Int>) throws -> [Double] {
      guard let node = section[key] else { return fallback }
      let values = try node.list().map { try $0.number() }
      guard counts.contains(values.count) else {
        throw node.mismatch(
          expected: counts.sorted().map(String.init).joined(separator: " or ") + " numbers")
      }
      return values
    }
    self.scale = try numbers("scale", scale, [1, species.count])
    self.shift = try numbers("shift", shift, [1, species.count])
    denominators = try numbers(
      "denominators", [Double](repeating: denominator, count: layerCount), [layerCount])
    trainsShiftAndScale = try section.value("train_shift_scale", default: false) {
      try $0.boolean()
    }
    let none = [Set<[Int]>](repeating: [], count: layerCount)
    flippedCouplings = try section.value("flipped_couplings", default: none) { node in
      let layers = try node.list().map { layer in
        Set(try layer.list().map { try $0.list().map { try $0.integer(0...16) } })
      }
      guard layers.count == layerCount else {
        throw node.mismatch(expected: "a list for each of the \(layerCount) layers")
      }
      return layers
    }
  }

  /// The settings as a model file keeps them: `init` makes the same architecture of them.
  package var settings: JSONValue {
    let c = configuration
    func words(_ table: [Parity: Activation]) -> JSONValue {
      .object(
        [("e", table[.even]), ("o", table[.odd])].compactMap { key, activation in
          activation.map { (key, .string($0.rawValue)) }
        })
    }
    let cutoffFunction: [(key: String, value: JSONValue)] =
      switch c.cutoffFunction {
      case .xplor(let onset, _):
        [("cutoff_function_name", .string("XPLOR")), ("cutoff_on", .real(onset))]
      case .polynomial(let power, _):
        [("cutoff_function_name", .string("poly_cut")), ("poly_cut_p_value", .integer(power))]
      }
    let degree = c.edgeIrreps.maximumDegree ?? 0
    var members: [(key: String, value: JSONValue)] = [
      ("version", .string(c.sortsRadialColumns ? "0.11.0" : "0.10.0")),
      ("cutoff", .real(c.cutoff)), ("cutoff_function", .object(cutoffFunction)),
      ("radial_basis", .object([("bessel_basis_num", .integer(c.besselCount))])),
      ("is_parity", .bool(degree == 0 || c.edgeIrreps.contains { $0.irrep.parity == .odd })),
      ("lmax", .integer(degree)), ("num_convolution_layer", .integer(c.layerCount)),
      ("irreps_manual", .array(c.layerIrreps.map { .string($0.description) })),
      ("_normalize_sph", .bool(c.normalizesVectors)),
      ("weight_nn_hidden_neurons", .array(c.radialNeurons.map { .integer($0) })),
      ("self_connection_type", .array(c.selfConnections.map { .string($0.rawValue) })),
      ("act_scalar", words(c.scalarActivations)), ("act_gate", words(c.gateActivations)),
    ]
    if let network = c.readoutNetwork {
      members += [
        ("readout_as_fcn", .bool(true)),
        ("readout_fcn_hidden_neurons", .array(network.neurons.map { .integer($0) })),
        ("readout_fcn_activation", .string(network.activation)),
      ]
    } else {
      members.append(("readout_channels", .integer(readoutChannels)))
    }
    members += [
      ("scale", .array(scale.map { .real($0) })), ("shift", .array(shift.map { .real($0) })),
      ("denominators", .array(denominators.map { .real($0) })),
      ("train_shift_scale", .bool(trainsShiftAndScale)),
    ]
    if flippedCouplings.contains(where: { !$0.isEmpty }) {
      members.append(
        (
          "flipped_couplings",
          .array(
            flippedCouplings.map { layer in
              .array(
                layer.sorted { $0.lexicographicallyPrecedes($1) }.map {
                  .array($0.map { .integer($0) })
                })
            })
        ))
    }
    return .object(members)
  }
}

extension CheckpointValue {
  /// A configuration's value as a checkpoint would hold it.
  fileprivate init(_ node: ConfigurationNode) {
    switch node.content {
    case .null: self = .none
    case .scalar(let text, isQuoted: true): self = .string(text)
    case .scalar(let text, isQuoted: false):
      if let value = Int(text) {
        self = .integer(value)
      } else if let value = Double(text) {
        self = .double(value)
      } else if let value = ["true": true, "false": false][text.lowercased()] {
        self = .bool(value)
      } else {
        self = .string(text)
      }
    case .sequence(let values): self = .list(values.map { CheckpointValue($0) })
    case .mapping(let entries):
      self = .dictionary(
        CheckpointDictionary(entries.map { (.string($0.key), CheckpointValue($0.value)) }))
    }
  }
}
