import Equivariance
import Irreps
import TensorGraph

/// SevenNet (Park et al., J. Chem. Theory Comput. 2024, 20, 4857): an equivariant message-passing
/// potential in the line of NequIP.
///
/// Species are embedded as invariants; layers of a radial network, a convolution with spherical
/// harmonics, two linear maps, a skip connection and a gate follow; two linear maps read each
/// atom's energy from the last layer's invariants.
package struct SevenNet: AtomicEnergyModel {
  package let configuration: SevenNetConfiguration
  package internal(set) var parameters: SevenNetParameters
  package let elementType: ElementType
  /// The index of the chosen fidelity, in models that have several.
  package let modality: Int?
  /// For each layer the weights of its convolution as a table, where they are read off one; see
  /// ``tabulated(tolerance:on:)``.
  var radialTables: [RadialTable?] = []

  package var cutoff: Double { configuration.cutoff }

  package func speciesIndex(of atomicNumber: Int) -> Int? {
    configuration.speciesIndices[atomicNumber]
  }

  package var atomicNumbers: [Int] { configuration.speciesIndices.keys.sorted() }

  package func atomicEnergies(of graph: AtomGraph) -> Tensor { evaluate(graph).energies }

  /// What a test or a descriptor wants to see on the way to the energies.
  package struct Evaluation {
    /// [edges, basis functions].
    package var edgeBasis: Tensor
    /// [edges, (lmax + 1)²].
    package var edgeHarmonics: Tensor
    /// [atoms, channels].
    package var embedding: Tensor
    package var layers: [SevenNetLayer.Evaluation] = []
    /// [atoms, hidden], before the last linear map.
    package var readoutHidden: Tensor
    /// [atoms], before scale and shift.
    package var scaledEnergies: Tensor
    /// [atoms], eV.
    package var energies: Tensor
  }

  package func evaluate(_ graph: AtomGraph) -> Evaluation {
    let lengths = sqrt((graph.vectors * graph.vectors).sum(along: [1]))
    let basis = radialBasis(lengths)
    let harmonics = sphericalHarmonics(
      of: graph.vectors, upTo: configuration.edgeIrreps.maximumDegree ?? 0,
      normalization: .component, normalizing: configuration.normalizesVectors)
    let species = oneHot(graph.species, count: configuration.speciesCount, as: elementType)
    let embedding = linear(
      species, scalars(configuration.speciesCount), configuration.layerIrreps[0],
      parameters.embedding)

    var features = embedding
    var layers: [SevenNetLayer.Evaluation] = []
    for index in 0..<configuration.layerCount {
      let layer = SevenNetLayer(
        configuration: configuration, index: index, parameters: parameters.layers[index],
        modality: modality, radialTable: radialTables.isEmpty ? nil : radialTables[index])
      let evaluation = layer(
        features, species: species, distances: lengths, edgeBasis: basis,
        edgeHarmonics: harmonics, graph: graph)
      features = evaluation.output
      layers.append(evaluation)
    }

    let (hidden, scaled) = readout(features)
    let atoms: Shape = [graph.atomCount]
    let energies =
      (scaled * perAtom(parameters.scale, of: species)
      + perAtom(parameters.shift, of: species)).reshaped(to: atoms)
    return Evaluation(
      edgeBasis: basis, edgeHarmonics: harmonics, embedding: embedding, layers: layers,
      readoutHidden: hidden, scaledEnergies: scaled.reshaped(to: atoms), energies: energies)
  }

  // MARK: Edges

  /// Bessel functions with trained frequencies times the cutoff function:
  /// 2/r_c · sin(b r)/r · f(r).
  func radialBasis(_ lengths: Tensor) -> Tensor {
    besselBasis(
      of: lengths, frequencies: parameters.besselFrequencies, prefactor: 2 / cutoff)
      * configuration.cutoffFunction(lengths).expanded(at: 1)
  }

  // MARK: Readout

  private func readout(_ features: Tensor) -> (hidden: Tensor, energies: Tensor) {
    let channels = configuration.layerIrreps[configuration.layerCount].dimension
    let last = modality.flatMap { configuration.modality?.entersReadout == true ? $0 : nil }
    switch parameters.readout {
    case .linear(let first, let second, let hiddenCount):
      let hidden = linear(
        features, scalars(channels), scalars(hiddenCount), first,
        modality: last, modalityCount: configuration.modality?.count ?? 0)
      return (hidden, linear(hidden, scalars(hiddenCount), scalars(1), second))
    case .network(let weights, let activation):
      let network = FullyConnectedNetwork(
        [channels] + weights.map { $0.shape[1].fixed ?? 0 }, activation: activation)
      let energies = network(features, weights: weights)
      return (energies, energies)
    }
  }

  /// [atoms, 1]: the value of each atom's species; of the chosen fidelity where the file has one
  /// per fidelity and species; the same for all where it has one number.
  private func perAtom(_ values: Tensor, of species: Tensor) -> Tensor {
    let count = Dimension(configuration.speciesCount)
    var column = values.reshaped(to: [values.shape.elementCount, 1])
    if let modality, values.shape.elementCount != count, values.shape.elementCount != 1 {
      column = column.slice(from: Dimension(modality) * count, count: count, along: 0)
    }
    return Linear(scalars(configuration.speciesCount), to: scalars(1))(
      species, weights: column.broadcast(to: [count, 1]).reshaped(to: [count]))
      * Double(configuration.speciesCount).squareRoot()
  }
}

/// Irreps of this many invariants.
func scalars(_ count: Int) -> Irreps { Irreps([MultipliedIrrep(count, .scalar)]) }

/// [items, count]: 1 in the column that the index names, 0 elsewhere.
func oneHot(_ indices: Tensor, count: Int, as elementType: ElementType) -> Tensor {
  let shape: Shape = [indices.shape[0], Dimension(count)]
  let columns = Tensor.coordinate(along: 1, of: shape)
  return (columns .== indices.expanded(at: 1)).converted(to: elementType)
}
