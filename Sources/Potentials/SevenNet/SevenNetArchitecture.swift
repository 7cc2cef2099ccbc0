import Equivariance
import FileFormats
import Irreps
import TensorGraph

/// SevenNet's architecture without weights: a function of parameters, which training may change.
package struct SevenNetArchitecture: Sendable, Hashable {
  package var configuration: SevenNetConfiguration
  /// For each layer the triples of degrees whose coupling coefficients are the negatives of ours;
  /// none but in models that started from an old checkpoint.
  package var flippedCouplings: [Set<[Int]>]
  /// Channels between the two linear maps of the readout.
  package var readoutChannels: Int
  /// What atomic energies are multiplied by, then what is added: a number for all species, or one
  /// for each.
  package var scale: [Double]
  package var shift: [Double]
  /// What sums over neighbours are divided by, one a layer.
  package var denominators: [Double]
  package var trainsShiftAndScale: Bool

  /// The parameters, under the names of a checkpoint's state.
  package var layout: ParameterLayout {
    let c = configuration
    var all: [ParameterDeclaration] = [
      ParameterDeclaration(
        "edge_embedding.basis_function.coeffs", shape: [c.besselCount],
        start: .values((1...c.besselCount).map { .pi * Double($0) / c.cutoff })),
      ParameterDeclaration(
        "onehot_to_feature_x.linear.weight",
        shape: [c.speciesCount * c.layerIrreps[0].dimension]),
    ]
    for index in 0..<c.layerCount { all += declarations(ofLayer: index) }
    let channels = c.layerIrreps[c.layerCount].dimension
    if let network = c.readoutNetwork {
      let neurons = [channels] + network.neurons + [1]
      all += (0...network.neurons.count).map {
        ParameterDeclaration(
          "readout_FCN.fcn.layer\($0).weight", shape: [neurons[$0], neurons[$0 + 1]])
      }
    } else {
      all += [
        ParameterDeclaration(
          "reduce_input_to_hidden.linear.weight", shape: [channels * readoutChannels]),
        ParameterDeclaration("reduce_hidden_to_energy.linear.weight", shape: [readoutChannels]),
      ]
    }
    all += [
      ParameterDeclaration(
        "rescale_atomic_energy.shift", shape: [shift.count], start: .values(shift),
        isTrained: trainsShiftAndScale),
      ParameterDeclaration(
        "rescale_atomic_energy.scale", shape: [scale.count], start: .values(scale),
        isTrained: trainsShiftAndScale),
    ]
    return ParameterLayout(all)
  }

  private func declarations(ofLayer index: Int) -> [ParameterDeclaration] {
    let c = configuration
    let layout = SevenNetLayer.Layout(c, index)
    let gateInput = layout.gate.input
    let skip =
      switch c.selfConnections[index] {
      case .linear:
        ParameterDeclaration(
          "\(index)_self_connection_intro.linear.weight",
          shape: [Linear(layout.input, to: gateInput).weightCount])
      case .nequip:
        ParameterDeclaration(
          "\(index)_self_connection_intro.fc_tensor_product.weight",
          shape: [
            TensorProduct.fullyConnected(layout.input, scalars(c.speciesCount), to: gateInput)
              .weightCount
          ])
      }
    let neurons = [c.besselCount] + c.radialNeurons + [layout.product.weightCount]
    return [
      skip,
      ParameterDeclaration(
        "\(index)_self_interaction_1.linear.weight",
        shape: [Linear(layout.input, to: layout.input).weightCount]),
      ParameterDeclaration(
        "\(index)_self_interaction_2.linear.weight",
        shape: [Linear(layout.product.output, to: gateInput).weightCount]),
    ]
      + (0..<(neurons.count - 1)).map {
        ParameterDeclaration(
          "\(index)_convolution.weight_nn.layer\($0).weight",
          shape: [neurons[$0], neurons[$0 + 1]])
      } + [
        ParameterDeclaration(
          "\(index)_convolution.denominator", shape: [1], start: .values([denominators[index]]),
          isTrained: false)
      ]
  }

  /// The potential with these parameters.
  package func model(_ parameters: Parameters, elementType: ElementType) -> SevenNet {
    let c = configuration
    let layers = (0..<c.layerCount).map { index in
      let skip =
        c.selfConnections[index] == .linear
        ? "self_connection_intro.linear" : "self_connection_intro.fc_tensor_product"
      return SevenNetParameters.Layer(
        selfConnection: parameters["\(index)_\(skip).weight"],
        firstLinear: parameters["\(index)_self_interaction_1.linear.weight"],
        secondLinear: parameters["\(index)_self_interaction_2.linear.weight"],
        radialNetwork: (0...c.radialNeurons.count).map {
          parameters["\(index)_convolution.weight_nn.layer\($0).weight"]
        },
        denominator: parameters["\(index)_convolution.denominator"],
        flippedCouplings: flippedCouplings[index])
    }
    let readout: SevenNetParameters.Readout =
      if let network = c.readoutNetwork {
        .network(
          weights: (0...network.neurons.count).map {
            parameters["readout_FCN.fcn.layer\($0).weight"]
          }, activation: Activation(rawValue: network.activation) ?? .relu)
      } else {
        .linear(
          first: parameters["reduce_input_to_hidden.linear.weight"],
          second: parameters["reduce_hidden_to_energy.linear.weight"],
          hiddenCount: readoutChannels)
      }
    return SevenNet(
      configuration: c,
      parameters: SevenNetParameters(
        besselFrequencies: parameters["edge_embedding.basis_function.coeffs"],
        embedding: parameters["onehot_to_feature_x.linear.weight"], layers: layers,
        readout: readout, shift: parameters["rescale_atomic_energy.shift"],
        scale: parameters["rescale_atomic_energy.scale"],
        byName: Dictionary(
          uniqueKeysWithValues: layout.declarations.map { ($0.name, parameters[$0.name]) })),
      elementType: elementType, modality: nil)
  }
}

extension SevenNetArchitecture {
  /// The architecture of a checkpoint, and the values of its parameters, to go on from.
  ///
  /// - Throws: `FileFormatError`, `PotentialError`; models of several fidelities are refused.
  package static func load(
    _ checkpoint: TorchCheckpoint
  ) throws -> (architecture: SevenNetArchitecture, values: [Double]) {
    let reader = try CheckpointReader(checkpoint)
    guard try SevenNetConfiguration(reader.settings).modality == nil else {
      throw reader.mismatch(
        "config.use_modality", found: "true", expected: "a model of one fidelity to start from")
    }
    let model = try SevenNet(checkpoint, elementType: .float64)
    let parameters = model.parameters
    var readoutChannels = 0
    if case .linear(_, _, let count) = parameters.readout { readoutChannels = count }
    let architecture = SevenNetArchitecture(
      configuration: model.configuration,
      flippedCouplings: parameters.layers.map(\.flippedCouplings),
      readoutChannels: readoutChannels, scale: try parameters.scale.doubles(),
      shift: try parameters.shift.doubles(),
      denominators: try parameters.layers.map { try $0.denominator.doubles()[0] },
      trainsShiftAndScale: false)
    let values = try architecture.layout.declarations.flatMap { declaration in
      guard let tensor = parameters.byName[declaration.name] else {
        throw reader.mismatch(
          "model_state_dict.\(declaration.name)", found: "missing", expected: "a tensor")
      }
      return try tensor.doubles()
    }
    return (architecture, values)
  }
}
