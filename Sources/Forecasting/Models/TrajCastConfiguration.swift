import Equivariance
import FileFormats
import Irreps

/// The settings of IBM's `TrajCast` and `EfficientTrajCast` models, under their official names.
struct TrajCastConfiguration: Hashable, Sendable {
  var speciesCount: Int
  /// Å.
  var cutoff: Double
  var edgeBasisCount: Int
  var envelopePower: Int
  var speedBasisCount: Int
  /// Å/fs: where the basis of speeds ends.
  var largestSpeed: Double
  var maximumDegree: Int
  var channels: Int
  var layerCount: Int
  var averageNeighbourCount: Double
  var edgeNetwork: MessagePassing.NetworkShape
  var velocityNetwork: MessagePassing.NetworkShape
  var gate: MessagePassing.GateOptions
  var conservation: Conservation
}

extension TrajCastConfiguration {
  private static let keys = [
    "num_chem_elements", "edge_cutoff", "num_edge_rbf", "num_edge_poly_cutoff", "num_vel_rbf",
    "vel_max", "max_rotation_order", "num_hidden_channels", "num_mp_layers", "avg_num_neighbors",
    "edge_mlp_kwargs", "vel_mlp_kwargs", "nl_gate_kwargs", "conserve_ang_mom", "net_lin_mom",
    "net_ang_mom", "o3_backend", "units",
  ]

  /// - Parameter speciesCount: the number of elements where the configuration leaves it open.
  /// - Throws: `FileFormatError` naming the key.
  init(_ node: ConfigurationNode, speciesCount: Int? = nil) throws {
    let section = try ConfigurationSection(node, keys: Self.keys)
    self.speciesCount = try section.value("num_chem_elements", default: speciesCount) {
      try $0.integer(1...118)
    }
    cutoff = try section.value("edge_cutoff") { try $0.number(above: 0) }
    edgeBasisCount = try section.value("num_edge_rbf", default: 8) { try $0.integer(1...256) }
    envelopePower = try section.value("num_edge_poly_cutoff", default: 6) {
      try $0.integer(2...64)
    }
    speedBasisCount = try section.value("num_vel_rbf", default: 8) { try $0.integer(1...256) }
    largestSpeed = try section.value("vel_max") { try $0.number(above: 0) }
    maximumDegree = try section.value("max_rotation_order") { try $0.integer(1...8) }
    channels = try section.value("num_hidden_channels") { try $0.integer(4...4096) }
    layerCount = try section.value("num_mp_layers") { try $0.integer(1...64) }
    averageNeighbourCount = try section.value("avg_num_neighbors", default: 10) {
      try $0.number(above: 0)
    }
    let standard = MessagePassing.NetworkShape(neurons: [64, 64, 64], activation: .silu)
    edgeNetwork = try section.value("edge_mlp_kwargs", default: standard) { try .init($0) }
    velocityNetwork = try section.value("vel_mlp_kwargs", default: standard) { try .init($0) }
    gate = try section.value("nl_gate_kwargs", default: .standard) {
      try MessagePassing.GateOptions($0)
    }
    conservation = try Conservation(section)
    try section["units"].map { try $0.expectRealUnits() }
  }
}

extension Conservation {
  /// The keys of conservation, the same in all styles of configuration.
  init(_ section: ConfigurationSection, angular: String = "conserve_ang_mom") throws {
    self.init(
      linearMomentum: try section["net_lin_mom"]?.momentum(),
      conservesAngularMomentum: try section.value(angular, default: false) { try $0.boolean() },
      angularMomentum: try section["net_ang_mom"]?.momentum())
  }
}

extension ConfigurationNode {
  /// Three numbers, or an empty list for "that of the input".
  fileprivate func momentum() throws -> [Double]? {
    let values = try list().map { try $0.number() }
    guard values.isEmpty || values.count == 3 else {
      throw mismatch(expected: "three numbers, or an empty list to keep the input's momentum")
    }
    return values.isEmpty ? nil : values
  }

  func expectRealUnits() throws { _ = try choice(of: ["real"]) }

  func irreps() throws -> Irreps {
    let text = try self.text()
    guard let irreps = try? Irreps(text) else {
      throw mismatch(expected: "irreps such as '16x0e+16x1o'")
    }
    return irreps
  }

  func activation() throws -> Activation {
    let names: [String: Activation] = [
      "silu": .silu, "SiLU": .silu, "tanh": .tanh, "sigmoid": .sigmoid, "relu": .relu,
      "ReLU": .relu,
    ]
    let name = try choice(of: names.keys.sorted())
    return names[name] ?? .silu
  }
}

extension MessagePassing.NetworkShape {
  /// `n_neurons`, a list or one number repeated `n_layers` times, and `activation`.
  init(_ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(node, keys: ["n_neurons", "n_layers", "activation"])
    let layers = try section.value("n_layers", default: 1) { try $0.integer(1...64) }
    neurons = try section.value("n_neurons") { node in
      if case .sequence(let widths) = node.content {
        return try widths.map { try $0.integer(1...65536) }
      }
      return Array(repeating: try node.integer(1...65536), count: layers)
    }
    activation = try section.value("activation", default: .silu) { try $0.activation() }
  }
}

extension MessagePassing.GateOptions {
  static let standard = MessagePassing.GateOptions(
    scalarActivations: .byParity([.odd: .tanh, .even: .silu]),
    gateActivations: .byParity([.even: .silu]))

  init(_ node: ConfigurationNode) throws {
    let section = try ConfigurationSection(
      node, keys: ["irreps_gates", "activation_scalars", "activation_gates"])
    self.init(
      gates: try section["irreps_gates"]?.irreps(),
      scalarActivations: try section.value("activation_scalars", default: .inOrder([.tanh])) {
        try .init($0)
      },
      gateActivations: try section.value("activation_gates", default: .inOrder([.tanh])) {
        try .init($0)
      })
  }
}

extension MessagePassing.GateActivations {
  init(_ node: ConfigurationNode) throws {
    if case .sequence(let names) = node.content {
      self = .inOrder(try names.map { try $0.activation() })
      return
    }
    let section = try ConfigurationSection(node, keys: ["o", "e"])
    var table: [Parity: Activation] = [:]
    table[.odd] = try section["o"]?.activation()
    table[.even] = try section["e"]?.activation()
    self = .byParity(table)
  }
}
