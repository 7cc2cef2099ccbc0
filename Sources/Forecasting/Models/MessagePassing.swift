import Equivariance
import Irreps
import TensorGraph

/// One message-passing layer of a forecaster: messages from the neighbours, a product with each
/// atom's own velocity, a linear map, a gate, and a residual.
struct MessagePassing: Sendable {
  /// What is added to the update, the layer's input in some form.
  enum Residual: Hashable, Sendable {
    case none
    /// The input as it is.
    case input
    /// The input through a linear map.
    case linear
    /// The input through a linear map of the atom's species.
    case species
  }

  /// What a layer is to be, before irreps are worked out.
  struct Options {
    var maximumDegree: Int
    var edgeMode = ChannelMode.uvu
    var velocityMode = ChannelMode.uvu
    var edgeNetwork: NetworkShape
    var velocityNetwork: NetworkShape
    /// Whether a linear map between the two products brings the channels back to those of the
    /// output.
    var contracts: Bool
    var gate: GateOptions?
    var residual: Residual
    var addsResidualBeforeGate: Bool
    /// What sums over neighbours are divided by; nil for the average number of neighbours of the
    /// graph at hand.
    var averageNeighbourCount: Double?
    var names: Names
  }

  struct NetworkShape: Hashable, Sendable {
    var neurons: [Int]
    var activation: Activation
  }

  struct GateOptions: Hashable, Sendable {
    /// Nil for as many even gates as there are gated channels.
    var gates: Irreps?
    /// By parity, or in the order of the sorted groups where `inOrder`.
    var scalarActivations: GateActivations
    var gateActivations: GateActivations
  }

  enum GateActivations: Hashable, Sendable {
    case byParity([Parity: Activation])
    /// One for each group; a single one serves all.
    case inOrder([Activation])
  }

  /// The names of the layer's parameters, below its own.
  struct Names: Hashable, Sendable {
    var edgeNetwork = "edge_mlp"
    var velocityNetwork = "vel_mlp"
    var linearResidual = "linear_resnet.linear"
  }

  let name: String
  let options: Options
  let output: Irreps
  private let convolution: EquivariantConvolution
  private let contraction: Linear?
  private let velocityProduct: TensorProduct
  private let update: Linear
  private let gate: Gate?
  private let residual: Residual
  private let residualLinear: Linear?
  private let speciesProduct: TensorProduct?
  private let edgeNetwork: FullyConnectedNetwork
  private let velocityNetwork: FullyConnectedNetwork
  /// The weights of an edge as a function of its length, where they are read off a table.
  var radialTable: RadialTable?

  /// - Parameters:
  ///   - name: the layer's name in files, before the names of its parameters.
  ///   - wanted: the irreps that the output is to have, as far as they can be reached.
  init(
    _ name: String, input: Irreps, edges: Irreps, velocities: Irreps, output wanted: Irreps,
    edgeBasisCount: Int, speedBasisCount: Int, speciesCount: Int, _ options: Options
  ) throws {
    self.name = name
    self.options = options
    let degree = options.maximumDegree
    let edgeProduct = TensorProduct.depthwise(
      input, edges, mode: options.edgeMode, maximumDegree: degree)
    convolution = EquivariantConvolution(edgeProduct)
    var features = edgeProduct.output
    if options.contracts {
      let contracted = wanted.filtered(keeping: Set(features.map(\.irrep)))
      contraction = Linear(features, to: contracted)
      features = contracted
    } else {
      contraction = nil
    }
    velocityProduct = TensorProduct.depthwise(
      features, velocities, mode: options.velocityMode, maximumDegree: degree)
    let reached = Set(velocityProduct.output.map(\.irrep))
    let kept = wanted.filtered(keeping: reached)
    gate = try options.gate.map { try Gate(kept, $0, layer: name) }
    update = Linear(velocityProduct.output, to: gate?.input ?? kept)
    output = gate?.output ?? kept

    residual = options.residual
    let residualOutput = options.addsResidualBeforeGate ? update.output : output
    residualLinear = residual == .linear ? Linear(input, to: residualOutput) : nil
    speciesProduct =
      residual == .species
      ? .fullyConnected(
        input, Irreps([MultipliedIrrep(speciesCount, .scalar)]), to: residualOutput) : nil
    edgeNetwork = FullyConnectedNetwork(
      [edgeBasisCount] + options.edgeNetwork.neurons + [edgeProduct.weightCount],
      activation: options.edgeNetwork.activation)
    velocityNetwork = FullyConnectedNetwork(
      [speedBasisCount] + options.velocityNetwork.neurons + [velocityProduct.weightCount],
      activation: options.velocityNetwork.activation)
  }

  var parameters: [ParameterDeclaration] {
    func network(_ network: FullyConnectedNetwork, _ name: String) -> [ParameterDeclaration] {
      zip(network.widths, network.widths.dropFirst()).enumerated().map { layer, widths in
        ParameterDeclaration(
          "\(self.name).\(name).layer\(layer).weight", shape: [widths.0, widths.1])
      }
    }
    func weights(_ name: String, _ count: Int?) -> [ParameterDeclaration] {
      count.map { [ParameterDeclaration("\(self.name).\(name).weight", shape: [$0])] } ?? []
    }
    return network(edgeNetwork, options.names.edgeNetwork)
      + weights("linear_contraction", contraction?.weightCount)
      + network(velocityNetwork, options.names.velocityNetwork)
      + weights("linear_updates", update.weightCount)
      + weights(options.names.linearResidual, residualLinear?.weightCount)
      + weights("tp_resnet", speciesProduct?.weightCount)
  }

  /// The atoms' new features.
  ///
  /// - Parameters:
  ///   - edgeBasis: `[edges, functions]`.
  ///   - edgeLengths: `[edges]`.
  ///   - edgeHarmonics: `[edges, …]`.
  ///   - speedBasis: `[atoms, functions]`.
  ///   - velocityHarmonics: `[atoms, …]`.
  func callAsFunction(
    _ features: Tensor, edgeBasis: Tensor, edgeLengths: Tensor, edgeHarmonics: Tensor,
    speedBasis: Tensor, velocityHarmonics: Tensor, graph: MotionGraph, parameters: Parameters
  ) -> Tensor {
    func weight(_ name: String) -> Tensor { parameters["\(self.name).\(name).weight"] }
    var messages =
      if let radialTable {
        convolution(
          features, filters: edgeHarmonics, weights: radialTable, at: edgeLengths,
          senders: graph.bySender, receivers: graph.byReceiver)
      } else {
        convolution(
          features, filters: edgeHarmonics, weights: edgeWeights(edgeBasis, parameters),
          senders: graph.bySender, receivers: graph.byReceiver)
      }
    if let contraction, let count = options.averageNeighbourCount ?? graph.averageNeighbourCount {
      // A linear map takes the division along.
      messages = contraction(messages, weights: weight("linear_contraction") / count)
    } else {
      messages = normalized(messages, graph)
      messages = contraction?(messages, weights: weight("linear_contraction")) ?? messages
    }
    let moved = velocityProduct(
      messages, velocityHarmonics,
      weights: velocityNetwork(
        speedBasis,
        weights: matrices(of: velocityNetwork, options.names.velocityNetwork, parameters)))
    let updated = update(moved, weights: weight("linear_updates"))

    let skipped: Tensor? =
      if let residualLinear {
        residualLinear(features, weights: weight(options.names.linearResidual))
      } else if let speciesProduct {
        speciesProduct(features, oneHot: graph.bySpecies, weights: weight("tp_resnet"))
      } else {
        residual == .input ? features : nil
      }
    guard let skipped else { return gate?(updated) ?? updated }
    if options.addsResidualBeforeGate {
      let sum = updated + skipped
      return (gate?(sum) ?? sum) / 2.0.squareRoot()
    }
    return ((gate?(updated) ?? updated) + skipped) / 2.0.squareRoot()
  }

  /// How many weights an edge has.
  var edgeWeightCount: Int { convolution.weightCount }

  /// [edges, weights]: what the edge network makes of the edges' basis.
  func edgeWeights(_ edgeBasis: Tensor, _ parameters: Parameters) -> Tensor {
    edgeNetwork(
      edgeBasis, weights: matrices(of: edgeNetwork, options.names.edgeNetwork, parameters))
  }

  private func matrices(
    of network: FullyConnectedNetwork, _ name: String, _ parameters: Parameters
  ) -> [Tensor] {
    (0..<(network.widths.count - 1)).map { parameters["\(self.name).\(name).layer\($0).weight"] }
  }

  private func normalized(_ messages: Tensor, _ graph: MotionGraph) -> Tensor {
    if let count = options.averageNeighbourCount ?? graph.averageNeighbourCount {
      return messages / count
    }
    let ones = graph.vectors.slice(0..<1, along: 1).filled(with: 1)
    let atoms = graph.positions.slice(0..<1, along: 1).filled(with: 1)
    return messages * (atoms.sum() / maximum(ones.sum(), atoms.sum().filled(with: 1)))
  }
}

extension Gate {
  /// The gate after which features are `output`.
  fileprivate init(
    _ output: Irreps, _ options: MessagePassing.GateOptions, layer: String
  ) throws {
    let scalars = output.filtered { $0.irrep.degree == 0 }
    let gated = output.filtered { $0.irrep.degree > 0 }
    let gates =
      options.gates?.regrouped()
      ?? Irreps([MultipliedIrrep(gated.totalMultiplicity, .scalar)]).simplified()
    guard gates.totalMultiplicity == gated.totalMultiplicity else {
      throw ForecastingError.architecture(
        layer: layer, found: "\(gates.totalMultiplicity) gates (\(gates))",
        expected: "\(gated.totalMultiplicity), one for each channel of \(gated)")
    }
    self.init(
      scalars: scalars,
      scalarActivations: try options.scalarActivations.activations(of: scalars, in: layer),
      gates: gates, gateActivations: try options.gateActivations.activations(of: gates, in: layer),
      gated: gated)
  }
}

extension MessagePassing.GateActivations {
  fileprivate func activations(of groups: Irreps, in layer: String) throws -> [Activation?] {
    let chosen: [Activation?] =
      switch self {
      case .byParity(let table): groups.map { table[$0.irrep.parity] }
      case .inOrder(let list):
        groups.indices.map {
          list.count == 1 ? list[0] : list.indices.contains($0) ? list[$0] : nil
        }
      }
    return try zip(groups, chosen).map { group, activation in
      guard let activation, activation.parity(of: group.irrep.parity) != nil else {
        throw ForecastingError.architecture(
          layer: layer,
          found: activation.map { "the activation '\($0.rawValue)' for \(group)" }
            ?? "no activation for \(group)",
          expected: group.irrep.parity == .odd ? "'tanh', which is odd" : "one such as 'silu'")
      }
      return activation
    }
  }
}

extension TensorProduct {
  /// Channel-by-channel products, every path with an output group of its own, paths in the order
  /// of the sorted outputs.
  fileprivate static func depthwise(
    _ first: Irreps, _ second: Irreps, mode: ChannelMode, maximumDegree: Int
  ) -> TensorProduct {
    if mode == .uvu {
      return .channelwise(first, second, weightOrder: .ofOutputs) { $0.degree <= maximumDegree }
    }
    var groups: [MultipliedIrrep] = []
    var pairs: [(Int, Int)] = []
    for (x, left) in first.enumerated() {
      for (y, right) in second.enumerated() {
        for irrep in left.irrep.product(with: right.irrep) where irrep.degree <= maximumDegree {
          let count = mode == .uvv ? right.multiplicity : left.multiplicity * right.multiplicity
          groups.append(MultipliedIrrep(count, irrep))
          pairs.append((x, y))
        }
      }
    }
    let sorted = Irreps(groups).sorted()
    let instructions = zip(pairs, sorted.destinations).map { pair, destination in
      Instruction(pair.0, pair.1, destination, mode)
    }
    return TensorProduct(
      first, second, to: sorted.irreps, instructions: instructions.sorted { $0.out < $1.out })
  }
}
