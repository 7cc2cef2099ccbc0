import Equivariance
import Irreps
import TensorGraph

/// One interaction layer of SevenNet.
package struct SevenNetLayer {
  let configuration: SevenNetConfiguration
  let index: Int
  let parameters: SevenNetParameters.Layer
  let modality: Int?
  /// The weights of the convolution as a function of distance, where they are read off a table.
  var radialTable: RadialTable?

  /// The layer's intermediate features, channels contiguous.
  package struct Evaluation {
    package var skip: Tensor
    package var firstLinear: Tensor
    /// [edges, weights], in the file's order of paths, signs flipped where they have to be, with
    /// the denominator in them; nil where they are read off a table.
    package var pathWeights: Tensor?
    package var convolution: Tensor
    package var secondLinear: Tensor
    package var sum: Tensor
    package var output: Tensor
  }

  func callAsFunction(
    _ features: Tensor, species: Tensor, distances: Tensor, edgeBasis: Tensor,
    edgeHarmonics: Tensor, graph: AtomGraph
  ) -> Evaluation {
    let layout = Layout(configuration, index)
    let (input, gateInput) = (layout.input, layout.gate.input)
    let skip: Tensor
    switch configuration.selfConnections[index] {
    case .linear:
      skip = linear(features, input, gateInput, parameters.selfConnection)
    case .nequip:
      let product = TensorProduct.fullyConnected(
        input, scalars(configuration.speciesCount), to: gateInput)
      skip = product(features, species, weights: parameters.selfConnection)
    }

    let modalities = configuration.modality
    let first = linear(
      features, input, input, parameters.firstLinear,
      modality: modalities?.entersFirstLinear == true ? modality : nil,
      modalityCount: modalities?.count ?? 0)

    let convolution = EquivariantConvolution(layout.product)
    let weights = radialTable == nil ? pathWeights(edgeBasis) : nil
    let messages =
      if let radialTable {
        convolution(
          first, filters: edgeHarmonics, weights: radialTable, at: distances,
          senders: graph.bySender, receivers: graph.byReceiver)
      } else {
        convolution(
          first, filters: edgeHarmonics, weights: weights, senders: graph.bySender,
          receivers: graph.byReceiver)
      }
    let second = linear(
      messages, layout.product.output, gateInput, parameters.secondLinear,
      modality: modalities?.entersSecondLinear == true ? modality : nil,
      modalityCount: modalities?.count ?? 0)
    let sum = second + skip
    return Evaluation(
      skip: skip, firstLinear: first, pathWeights: weights, convolution: messages,
      secondLinear: second, sum: sum, output: layout.gate(sum))
  }

  /// Weights of an edge.
  var weightCount: Int { Layout(configuration, index).product.weightCount }

  /// [edges, weights]: what the radial network makes of the radial basis.
  func pathWeights(_ edgeBasis: Tensor) -> Tensor {
    let layout = Layout(configuration, index)
    let network = FullyConnectedNetwork(
      [configuration.besselCount] + configuration.radialNeurons + [layout.product.weightCount],
      activation: .silu)
    return network(edgeBasis, weights: parameters.radialNetwork.dropLast() + [lastWeights(layout)])
  }

  /// The last weights of the radial network, for today's signs of the coupling coefficients and
  /// divided by what the sum over neighbours is divided by.
  private func lastWeights(_ layout: Layout) -> Tensor {
    let weights =
      parameters.radialNetwork[parameters.radialNetwork.count - 1] / parameters.denominator
    guard !parameters.flippedCouplings.isEmpty else { return weights }
    let signs = layout.signs(flipping: parameters.flippedCouplings)
    return weights * Tensor(signs, as: weights.elementType)
  }
}

/// An equivariant linear map, optionally of the features with the one-hot fidelity as further
/// invariants at their end.
///
/// Only the row of the chosen fidelity matters, so it is added as a bias.
func linear(
  _ features: Tensor, _ input: Irreps, _ output: Irreps, _ weight: Tensor, modality: Int? = nil,
  modalityCount: Int = 0
) -> Tensor {
  guard let modality else { return Linear(input, to: output)(features, weights: weight) }
  let extended = input + scalars(modalityCount)
  let row = Tensor(
    (0..<modalityCount).map { $0 == modality ? 1 : 0 }, shape: [1, Dimension(modalityCount)],
    as: features.elementType
  ).broadcast(to: [features.shape[0], Dimension(modalityCount)])
  return Linear(extended, to: output)(concatenate([features, row], along: 1), weights: weight)
}
