import Equivariance
import FileFormats
import Irreps

/// A model of the official code's `Flexible` style: named layers that read and write named fields.
struct FlexibleArchitecture {
  private(set) var network = ForecastNetwork(layers: [])
  private(set) var cutoff: Double?
  private(set) var speciesCount: Int?
  /// Å and Å/fs: the units of the forecast.
  private(set) var scales = ForecastScales(displacement: 1, velocity: 1)
  private(set) var conservation: Conservation?
  private(set) var conservationScales = ForecastScales(displacement: 1, velocity: 1)

  private var irreps: [String: Irreps] = [:]

  /// - Throws: `FileFormatError` for a layer or key that is not understood, `ForecastingError` for
  ///   layers that do not fit together.
  init(_ node: ConfigurationNode) throws {
    guard case .mapping(let layers) = node.content else {
      throw node.mismatch(expected: "named layers")
    }
    for (name, layer) in layers {
      guard case .mapping(let entries) = layer.content, entries.count == 1,
        let entry = entries.first
      else { throw layer.mismatch(expected: "one layer type with its settings") }
      try add(name, type: entry.key, entry.value)
    }
    guard irreps[network.target] == ForecastNetwork.forecastIrreps else {
      throw node.problem(
        irreps[network.target].map { "the field 'target' holds \($0)" } ?? "no field 'target'",
        expected: "a last layer that writes \(ForecastNetwork.forecastIrreps) to 'target'")
    }
    guard cutoff != nil else {
      throw node.problem("no layer 'EdgeLengthEncoding'", expected: "one, with the cutoff")
    }
  }

  private mutating func add(_ name: String, type: String, _ node: ConfigurationNode) throws {
    switch type {
    case "OneHotAtomTypeEncoding": try addSpecies(name, node)
    case "EdgeLengthEncoding": try addEdgeLengths(name, node)
    case "TensorNormEncoding", "ElementBasedNormEncoding":
      try addSpeeds(name, node, perSpecies: type == "ElementBasedNormEncoding")
    case "SphericalHarmonicProjection": try addHarmonics(name, node)
    case "LinearTensorMixer": try addLinear(name, node)
    case "MessagePassingLayer": try addMessagePassing(name, node)
    case "NormalizationLayer": try readScales(node)
    case "Conservation": try readConservation(node)
    default:
      throw node.problem(
        "unknown layer type '\(type)'",
        expected: "'OneHotAtomTypeEncoding', 'EdgeLengthEncoding', 'TensorNormEncoding', "
          + "'ElementBasedNormEncoding', 'SphericalHarmonicProjection', 'LinearTensorMixer', "
          + "'MessagePassingLayer', 'NormalizationLayer' or 'Conservation'")
    }
  }

  private mutating func append(
    _ name: String, _ operation: ForecastNetwork.Operation, to output: String, _ irreps: Irreps
  ) {
    network.layers.append(.init(name: "layers." + name, operation: operation, output: output))
    self.irreps[output] = irreps
  }

  private func irreps(of field: String, for node: ConfigurationNode) throws -> Irreps {
    guard let irreps = irreps[field] else {
      throw node.problem(
        "'\(node.path)' reads '\(field)', which no layer has written",
        expected: "an earlier layer "
          + "that writes it; there are \(self.irreps.keys.sorted().joined(separator: ", "))")
    }
    return irreps
  }

  // MARK: Encodings

  private mutating func addSpecies(_ name: String, _ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node, keys: ["number_of_species", "irreps_in", "output_field"])
    let count = try section.value("number_of_species") { try $0.integer(1...118) }
    speciesCount = count
    append(
      name, .speciesEncoding,
      to: try section.value("output_field", default: "atom_type_embedding") { try $0.text() },
      scalars(count))
  }

  private mutating func addEdgeLengths(_ name: String, _ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node,
      keys: [
        "radial_basis", "cutoff_function", "basis_kwargs", "cutoff_kwargs", "irreps_in",
        "output_field",
      ])
    let encoding = try radialEncoding(section, basisKey: "radial_basis")
    cutoff = encoding.radius
    append(
      name, .edgeEncoding(encoding),
      to: try section.value("output_field", default: "edge_lengths_embedding") { try $0.text() },
      scalars(encoding.count))
  }

  private mutating func addSpeeds(
    _ name: String, _ node: ConfigurationNode, perSpecies: Bool
  ) throws {
    let section = try ConfigurationSection(
      node,
      keys: [
        "input_field", "basis", "cutoff_function", "basis_kwargs", "cutoff_kwargs", "irreps_in",
        "output_field", "atom_type_embedding_field",
      ])
    try expectField("velocities", section, "input_field")
    let encoding = try radialEncoding(section, basisKey: "basis")
    let speeds = scalars(encoding.count)
    let species =
      try perSpecies
      ? irreps(
        of: try section.value("atom_type_embedding_field", default: "atom_type_embedding") {
          try $0.text()
        }, for: node) : nil
    append(
      name,
      .speedEncoding(
        encoding, perSpecies: species.map { .fullyConnected(speeds, $0, to: speeds) }),
      to: try section.value("output_field", default: "norm_embedding_velocities") {
        try $0.text()
      }, speeds)
  }

  private func radialEncoding(
    _ section: ConfigurationSection, basisKey: String
  ) throws -> RadialEncoding {
    let kind = try section.value(basisKey, default: "FixedBasis") {
      try $0.choice(of: ["FixedBasis", "BesselBasisTrainable"])
    }
    let basis = try section.value("basis_kwargs") { node in
      try ConfigurationSection(
        node, keys: ["rmax", "rmin", "basis_function", "basis_size", "normalization"])
    }
    let radius = try basis.value("rmax") { try $0.number(above: 0) }
    var encoding: RadialEncoding
    if kind == "BesselBasisTrainable" {
      let count = try basis.value("basis_size", default: 8) { try $0.integer(1...256) }
      encoding = RadialEncoding(basis: .bessel(count: count, radius: radius))
    } else {
      let names = [
        "gaussian": SoftOneHotBasis.Family.gaussian, "cosine": .cosine,
        "smooth_finite": .smoothFinite, "fourier": .fourier, "bessel": .bessel,
      ]
      let count = try basis.value("basis_size", default: 10) { try $0.integer(1...256) }
      let start = try basis.value("rmin", default: 0) { try $0.number() }
      guard start < radius else { throw basis.missing("rmax above rmin") }
      let family = try basis.value("basis_function", default: "gaussian") {
        try $0.choice(of: names.keys.sorted())
      }
      let isScaled = try basis.value("normalization", default: true) { try $0.boolean() }
      encoding = RadialEncoding(
        basis: .fixed(
          SoftOneHotBasis(
            names[family] ?? .gaussian, over: start...radius, count: count, hasCutoff: true),
          scale: isScaled ? Double(count).squareRoot() : 1))
    }
    if case .scalar? = section["cutoff_function"]?.content {
      _ = try section["cutoff_function"]?.choice(of: ["PolynomialCutoff"])
      let cutoff = try section.value("cutoff_kwargs") { node in
        try ConfigurationSection(node, keys: ["rmax", "p"])
      }
      encoding.cutoff = .polynomial(
        power: try cutoff.value("p", default: 6) { try $0.integer(2...64) },
        radius: try cutoff.value("rmax", default: radius) { try $0.number(above: 0) })
    }
    return encoding
  }

  private mutating func addHarmonics(_ name: String, _ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node,
      keys: [
        "max_rotation_order", "project_on_unit_sphere", "normalization_projection", "irreps_in",
        "input_field", "output_field",
      ])
    let degree = try section.value("max_rotation_order") { try $0.integer(0...8) }
    let normalizing = try section.value("project_on_unit_sphere", default: true) {
      try $0.boolean()
    }
    let normalization = try section.value("normalization_projection", default: "component") {
      try $0.choice(of: ["component"])
    }
    precondition(normalization == "component", "the one choice")
    let field = try section.value("input_field", default: "edge_vectors") {
      try $0.choice(of: ["edge_vectors", "velocities"])
    }
    append(
      name,
      field == "velocities"
        ? .velocityHarmonics(degree: degree, normalizing: normalizing, .component)
        : .edgeHarmonics(degree: degree, normalizing: normalizing, .component),
      to: try section.value("output_field", default: "spherical_harmonics_\(field)") {
        try $0.text()
      }, .sphericalHarmonics(upTo: degree))
  }

  // MARK: Features

  private mutating func addLinear(_ name: String, _ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node, keys: ["input_field", "output_field", "irreps_in", "irreps_out"])
    let input = try section.value("input_field", default: "node_features") { try $0.text() }
    let source = try irreps(of: input, for: node)
    let output = try section.value("irreps_out", default: source) { try $0.irreps() }.regrouped()
    append(
      name, .linear(Linear(source, to: output), input: input),
      to: try section.value("output_field", default: input) { try $0.text() }, output)
  }

  private mutating func addMessagePassing(_ name: String, _ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node,
      keys: [
        "max_rotation_order", "input1_field", "input2_field", "weight_field",
        "conditioning_field", "conditioning_weight_field", "conditioning_weights_shared",
        "linear_between_tps", "number_of_species", "output_field", "irreps_in", "irreps_out",
        "avg_num_neighbors", "non_linearity", "resnet", "non_linearity_after_resnet",
        "resnet_self_interaction", "resnet_sc_element", "fc_kwargs", "fc_conditioning_kwargs",
        "tp_message_kwargs", "tp_update_kwargs", "non_linearity_kwargs",
      ])
    func field(_ key: String, _ fallback: String? = nil) throws -> String {
      try section.value(key, default: fallback) { try $0.text() }
    }
    func flag(_ key: String, _ fallback: Bool) throws -> Bool {
      try section.value(key, default: fallback) { try $0.boolean() }
    }
    guard try flag("conditioning_weights_shared", true) else {
      throw node.problem(
        "'conditioning_weights_shared' is false", expected: "true (shared weights)")
    }
    let features = try field("input1_field", "node_features")
    let edgeHarmonics = try field("input2_field", "spherical_harmonics_edge_vectors")
    let edgeBasis = try field("weight_field", "edge_lengths_embedding")
    let headings = try field("conditioning_field")
    let speeds = try field("conditioning_weight_field")
    let input = try irreps(of: features, for: node)
    let layer = try MessagePassing(
      "layers." + name, input: input, edges: try irreps(of: edgeHarmonics, for: node),
      velocities: try irreps(of: headings, for: node),
      output: try section.value("irreps_out", default: input) { try $0.irreps() }.regrouped(),
      edgeBasisCount: try irreps(of: edgeBasis, for: node).dimension,
      speedBasisCount: try irreps(of: speeds, for: node).dimension,
      speciesCount: speciesCount ?? 1, try options(section, flag))
    append(
      name,
      .messagePassing(
        layer, features: features, edgeBasis: edgeBasis, edgeHarmonics: edgeHarmonics,
        speedBasis: speeds, velocityHarmonics: headings),
      to: try field("output_field", features), layer.output)
  }

  private func options(
    _ section: ConfigurationSection, _ flag: (String, Bool) throws -> Bool
  ) throws -> MessagePassing.Options {
    func network(_ key: String) throws -> MessagePassing.NetworkShape {
      try section.value(key, default: .init(neurons: [16], activation: .silu)) { try .init($0) }
    }
    func mode(_ key: String) throws -> ChannelMode {
      guard let node = section[key] else { return .uvuv }
      let product = try ConfigurationSection(node, keys: ["multiplicity_mode", "trainable"])
      guard try product.value("trainable", default: true, { try $0.boolean() }) else {
        throw node.problem("'trainable' is false", expected: "true (products with weights)")
      }
      let name = try product.value("multiplicity_mode", default: "uvuv") {
        try $0.choice(of: ["uvuv", "uvu", "uvv"])
      }
      return ChannelMode(rawValue: name) ?? .uvuv
    }
    let hasGate = try flag("non_linearity", false)
    let hasResidual = try flag("resnet", true)
    let mixes = try flag("resnet_self_interaction", false)
    let bySpecies = try flag("resnet_sc_element", false)
    return MessagePassing.Options(
      maximumDegree: try section.value("max_rotation_order", default: 3) { try $0.integer(0...8) },
      edgeMode: try mode("tp_message_kwargs"), velocityMode: try mode("tp_update_kwargs"),
      edgeNetwork: try network("fc_kwargs"),
      velocityNetwork: try network("fc_conditioning_kwargs"),
      contracts: try flag("linear_between_tps", false),
      gate: hasGate
        ? try section.value(
          "non_linearity_kwargs",
          default: .init(
            scalarActivations: .inOrder([.tanh]), gateActivations: .inOrder([.tanh]))
        ) { try .init($0) } : nil,
      residual: !hasResidual ? .none : !mixes ? .input : bySpecies ? .species : .linear,
      addsResidualBeforeGate: try flag("non_linearity_after_resnet", true),
      averageNeighbourCount: try section["avg_num_neighbors"]?.number(above: 0),
      names: MessagePassing.Names(edgeNetwork: "fc", velocityNetwork: "fc_conditioning"))
  }

  // MARK: Units and conservation

  private mutating func readScales(_ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node, keys: ["input_fields", "output_fields", "means", "stds", "irreps_in", "inverse"])
    if let means = section["means"] {
      guard try targets(means) == ForecastScales(displacement: 0, velocity: 0) else {
        throw means.mismatch(expected: "means of 0")
      }
    }
    scales = try section.value("stds", targets)
  }

  private func targets(_ node: ConfigurationNode) throws -> ForecastScales {
    let values = try ConfigurationSection(node, keys: ["displacements", "update_velocities"])
    return ForecastScales(
      displacement: try values.value("displacements") { try $0.number() },
      velocity: try values.value("update_velocities") { try $0.number() })
  }

  private mutating func readConservation(_ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node,
      keys: [
        "input_field", "velocity_field", "index_disp_target", "index_vel_target", "irreps_in",
        "conserve_angular", "units", "vel_norm_const", "disp_norm_const", "net_lin_mom",
        "net_ang_mom",
      ])
    try expectField("target", section, "input_field")
    try section["units"].map { try $0.expectRealUnits() }
    conservation = try Conservation(section, angular: "conserve_angular")
    conservationScales = ForecastScales(
      displacement: try section.value("disp_norm_const", default: 1) { try $0.number(above: 0) },
      velocity: try section.value("vel_norm_const", default: 1) { try $0.number(above: 0) })
  }

  private func expectField(
    _ name: String, _ section: ConfigurationSection, _ key: String
  ) throws {
    _ = try section[key]?.choice(of: [name])
  }

  private func scalars(_ count: Int) -> Irreps { Irreps([MultipliedIrrep(count, .scalar)]) }
}
