import Equivariance
import FileFormats
import Foundation
import Irreps
import TensorGraph

extension SevenNet {
  /// Reads a SevenNet checkpoint: a file of `torch.save`, of any version of the package.
  ///
  /// - Parameters:
  ///   - checkpoint: the file.
  ///   - modality: the fidelity, such as "PBE", in models that have several.
  ///   - elementType: `float32` or `float64`; weights are single in the published files.
  /// - Throws: `PotentialError` naming the entry that does not fit; `FileFormatError`.
  package init(
    _ checkpoint: TorchCheckpoint, modality: String? = nil,
    elementType: ElementType = .float32
  ) throws {
    let reader = try CheckpointReader(checkpoint)
    configuration = try SevenNetConfiguration(reader.settings)
    self.elementType = elementType
    switch (configuration.modality, modality) {
    case (nil, nil): self.modality = nil
    case (nil, let name?):
      throw PotentialError.modality(found: name, known: [])
    case (let known?, let name):
      guard let index = name.flatMap({ known.names[$0] }) else {
        throw PotentialError.modality(found: name, known: known.names.keys.sorted())
      }
      self.modality = index
    }
    parameters = try SevenNetParameters(reader, configuration, elementType)
  }
}

extension SevenNetParameters {
  init(
    _ reader: CheckpointReader, _ configuration: SevenNetConfiguration,
    _ elementType: ElementType
  ) throws {
    var byName: [String: Tensor] = [:]
    func tensor(_ name: String, _ shape: [Int]? = nil) throws -> Tensor {
      let data = try reader.tensor(
        try Self.storedName(of: name, in: reader), count: shape?.reduce(1, *))
      let tensor = Tensor(
        try data.doubles(), shape: Shape(shape ?? data.shape), as: elementType)
      byName[name] = tensor
      return tensor
    }

    besselFrequencies = try tensor(
      "edge_embedding.basis_function.coeffs", [configuration.besselCount])
    embedding = try tensor(
      "onehot_to_feature_x.linear.weight",
      [configuration.speciesCount * configuration.layerIrreps[0].dimension])
    layers = try (0..<configuration.layerCount).map { index in
      try Self.layer(index, configuration, reader, tensor)
    }
    let channels = configuration.layerIrreps[configuration.layerCount].dimension
    if let network = configuration.readoutNetwork {
      let neurons = [channels] + network.neurons + [1]
      guard let activation = Activation(rawValue: network.activation) else {
        throw reader.mismatch(
          "config.readout_fcn_activation", found: "'\(network.activation)'",
          expected: Activation.allCases.map(\.rawValue).joined(separator: ", "))
      }
      readout = .network(
        weights: try (0...network.neurons.count).map {
          try tensor("readout_FCN.fcn.layer\($0).weight", [neurons[$0], neurons[$0 + 1]])
        }, activation: activation)
    } else {
      let second = try tensor("reduce_hidden_to_energy.linear.weight")
      guard let hiddenCount = second.shape.elementCount.fixed, hiddenCount > 0 else {
        throw reader.mismatch(
          "model_state_dict.reduce_hidden_to_energy.linear.weight", found: "empty",
          expected: "weights")
      }
      let extra =
        configuration.modality.map { $0.entersReadout ? $0.count : 0 } ?? 0
      readout = .linear(
        first: try tensor(
          "reduce_input_to_hidden.linear.weight", [(channels + extra) * hiddenCount]),
        second: second, hiddenCount: hiddenCount)
    }
    shift = try Self.speciesValues("rescale_atomic_energy.shift", configuration, reader, tensor)
    scale = try Self.speciesValues("rescale_atomic_energy.scale", configuration, reader, tensor)
    self.byName = byName
  }

  /// One number, one per species, or one per fidelity and species.
  private static func speciesValues(
    _ name: String, _ configuration: SevenNetConfiguration, _ reader: CheckpointReader,
    _ tensor: (String, [Int]?) throws -> Tensor
  ) throws -> Tensor {
    let values = try tensor(name, nil)
    let species = configuration.speciesCount
    let allowed = [1, species] + (configuration.modality.map { [$0.count * species] } ?? [])
    guard let count = values.shape.elementCount.fixed, allowed.contains(count) else {
      throw reader.mismatch(
        "model_state_dict.\(name)", found: "a tensor of shape \(values.shape)",
        expected: "\(species) numbers, one per species")
    }
    return values
  }

  private static func layer(
    _ index: Int, _ configuration: SevenNetConfiguration, _ reader: CheckpointReader,
    _ tensor: (String, [Int]?) throws -> Tensor
  ) throws -> Layer {
    let layout = SevenNetLayer.Layout(configuration, index)
    let gateInput = layout.gate.input
    let modalities = configuration.modality
    func extended(_ irreps: Irreps, _ enters: Bool?) -> Irreps {
      enters == true ? irreps + scalars(modalities?.count ?? 0) : irreps
    }
    let selfConnection: Tensor
    switch configuration.selfConnections[index] {
    case .linear:
      selfConnection = try tensor(
        "\(index)_self_connection_intro.linear.weight",
        [Linear(layout.input, to: gateInput).weightCount])
    case .nequip:
      selfConnection = try tensor(
        "\(index)_self_connection_intro.fc_tensor_product.weight",
        [
          TensorProduct.fullyConnected(
            layout.input, scalars(configuration.speciesCount), to: gateInput
          ).weightCount
        ])
    }
    let neurons =
      [configuration.besselCount] + configuration.radialNeurons + [layout.product.weightCount]
    return Layer(
      selfConnection: selfConnection,
      firstLinear: try tensor(
        "\(index)_self_interaction_1.linear.weight",
        [
          Linear(extended(layout.input, modalities?.entersFirstLinear), to: layout.input)
            .weightCount
        ]),
      secondLinear: try tensor(
        "\(index)_self_interaction_2.linear.weight",
        [
          Linear(
            extended(layout.product.output, modalities?.entersSecondLinear), to: gateInput
          ).weightCount
        ]),
      radialNetwork: try (0..<(neurons.count - 1)).map {
        try tensor(
          "\(index)_convolution.weight_nn.layer\($0).weight", [neurons[$0], neurons[$0 + 1]])
      },
      denominator: try tensor("\(index)_convolution.denominator", [1]),
      flippedCouplings: try flippedCouplings(index, layout, reader))
  }

  /// Triples of degrees whose stored coupling coefficients are the negatives of ours.
  private static func flippedCouplings(
    _ index: Int, _ layout: SevenNetLayer.Layout, _ reader: CheckpointReader
  ) throws -> Set<[Int]> {
    var flipped: Set<[Int]> = []
    let triples = Set(layout.product.instructions.map { layout.degrees(of: $0) })
    for triple in triples where !triple.contains(0) {
      let name =
        "\(index)_convolution.convolution._compiled_main_left_right._w3j_"
        + triple.map(String.init).joined(separator: "_")
      let key = try storedName(of: name, in: reader)
      let stored = try reader.tensor(key, count: triple.reduce(1) { $0 * (2 * $1 + 1) }).doubles()
      let ours = Wigner.threeJ(triple[0], triple[1], triple[2]).elements
      // Both have unit norm, so the overlap is 1 or −1.
      let overlap = zip(stored, ours).reduce(0) { $0 + $1.0 * $1.1 }
      guard abs(abs(overlap) - 1) < 1e-5 else {
        throw reader.mismatch(
          "model_state_dict.\(key)", found: "coefficients whose overlap with ours is \(overlap)",
          expected: "the real Wigner 3j symbols of e3nn, of either sign")
      }
      if overlap < 0 { flipped.insert(triple) }
    }
    return flipped
  }

  /// The name under which a file keeps an entry; files of May 2024 write some with spaces.
  private static func storedName(of name: String, in reader: CheckpointReader) throws -> String {
    let old =
      name
      .replacingOccurrences(of: "edge_embedding", with: "EdgeEmbedding")
      .replacingOccurrences(of: "_self_connection_intro", with: " self connection intro")
      .replacingOccurrences(of: "_convolution.denominator", with: " convolution.denumerator")
      .replacingOccurrences(of: "_convolution.", with: " convolution.")
      .replacingOccurrences(of: "_self_interaction_2", with: " self interaction 2")
      .replacingOccurrences(of: "reduce_input_to_hidden", with: "reducing nn input to hidden")
      .replacingOccurrences(of: "reduce_hidden_to_energy", with: "reducing nn hidden to energy")
      .replacingOccurrences(of: "rescale_atomic_energy", with: "rescale atomic energy")
    return reader.state[name] == nil && reader.state[old] != nil ? old : name
  }
}
