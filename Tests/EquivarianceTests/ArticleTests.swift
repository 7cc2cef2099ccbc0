import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

/// The model of `docs/writing-a-model.md`, as it stands there.
private struct SmallPotential {
  struct Weights {
    var embed: Tensor
    var radial: [Tensor]
    var mix: Tensor
    var readout: Tensor
  }

  let cutoff = 4.0
  let hidden: Irreps = "8x0e+4x1o"
  let convolution: EquivariantConvolution
  let gate: Gate
  let embed: Linear, mix: Linear, readout: Linear
  let radialNetwork: FullyConnectedNetwork

  init(speciesCount: Int) {
    convolution = EquivariantConvolution(
      .channelwise(hidden, .sphericalHarmonics(upTo: 2)) { $0.degree <= 1 })
    gate = Gate(
      scalars: "8x0e", scalarActivations: [.silu],
      gates: "4x0e", gateActivations: [.sigmoid], gated: "4x1o")
    embed = Linear(Irreps([MultipliedIrrep(speciesCount, .scalar)]), to: hidden)
    mix = Linear(convolution.output, to: gate.input)
    readout = Linear(gate.output, to: "0e")
    radialNetwork = FullyConnectedNetwork([6, 16, convolution.weightCount], activation: .silu)
  }

  func energy(
    positions: Tensor, species: Tensor, senders: SegmentIndex, receivers: SegmentIndex,
    weights: Weights
  ) -> Tensor {
    let vectors = positions.gather(at: senders) - positions.gather(at: receivers)
    let lengths = sqrt((vectors * vectors).sum(along: [1]))
    let radial =
      SoftOneHotBasis(.bessel, over: 0...cutoff, count: 6, hasCutoff: true)(lengths)
      * CutoffFunction.polynomial(power: 6, radius: cutoff)(lengths).expanded(at: 1)

    let features = embed(species, weights: weights.embed)
    let messages = convolution(
      features,
      filters: sphericalHarmonics(of: vectors, upTo: 2),
      weights: radialNetwork(radial, weights: weights.radial),
      senders: senders, receivers: receivers)
    let updated = gate(mix(messages, weights: weights.mix))
    return readout(updated, weights: weights.readout).sum()
  }

  func randomWeights(using generator: inout SeededGenerator) -> Weights {
    Weights(
      embed: Tensor(generator.normals(embed.weightCount)),
      radial: radialNetwork.weightShapes.map { shape in
        Tensor(generator.normals(shape.elementCount.fixed ?? 0), shape: shape)
      },
      mix: Tensor(generator.normals(mix.weightCount)),
      readout: Tensor(generator.normals(readout.weightCount)))
  }
}

@Suite("The article on writing a model")
struct ArticleTests {
  private let atomCount = 9
  private let model = SmallPotential(speciesCount: 2)

  /// Atoms on a jittered grid, and all pairs within the cutoff, sorted by receiver.
  private func structure(
    using generator: inout SeededGenerator
  ) -> (positions: [Double], senders: [Int], receivers: [Int]) {
    var positions: [Double] = []
    for atom in 0..<atomCount {
      for place in [atom % 3, atom / 3, 0] {
        positions.append(2.2 * Double(place) + generator.uniform(-0.4...0.4))
      }
    }
    var pairs: [(sender: Int, receiver: Int)] = []
    for receiver in 0..<atomCount {
      for sender in 0..<atomCount where sender != receiver {
        let squares = (0..<3).map { axis in
          let difference = positions[3 * sender + axis] - positions[3 * receiver + axis]
          return difference * difference
        }
        if squares.reduce(0, +) < 16 { pairs.append((sender, receiver)) }
      }
    }
    return (positions, pairs.map(\.sender), pairs.map(\.receiver))
  }

  private func compiled(_ weights: SmallPotential.Weights) throws -> CompiledFunction {
    let atoms = Dimension.symbol("atoms")
    let edges = Dimension.symbol("edges")
    return try CompiledFunction(of: [
      TensorDescription([atoms, 3], .float64),
      TensorDescription([atoms, 2], .float64),
      TensorDescription([edges], .int32),
      TensorDescription([edges], .int32),
      TensorDescription([atoms + 1], .int32),
      TensorDescription([edges], .int32),
      TensorDescription([atoms + 1], .int32),
    ]) { a in
      let energy = model.energy(
        positions: a[0], species: a[1],
        senders: SegmentIndex(indices: a[2], order: a[3], offsets: a[4]),
        receivers: SegmentIndex(indices: a[5], offsets: a[6]), weights: weights)
      return [energy, -gradient(of: energy, withRespectTo: [a[0]])[0]]
    }
  }

  @Test("its irreps are what it says")
  func irreps() {
    let products = TensorProduct.channelwise(
      model.hidden, .sphericalHarmonics(upTo: 2)
    ) { $0.degree <= 1 }
    #expect(products.output == "8x0e+4x0e+8x1o+4x1o+4x1o+4x1e")
    #expect(model.gate.input == "12x0e+4x1o")
  }

  @Test("its energy is invariant, its forces turn and are the negative gradient of the energy")
  func symmetry() throws {
    var generator = SeededGenerator(seed: 100)
    let weights = model.randomWeights(using: &generator)
    let evaluate = try compiled(weights)
    let (positions, senders, receivers) = structure(using: &generator)
    let species = Tensor(
      (0..<atomCount).flatMap { $0.isMultiple(of: 2) ? [1.0, 0] : [0.0, 1] },
      shape: Shape([atomCount, 2]))
    let order = senders.indices.sorted { (senders[$0], $0) < (senders[$1], $1) }
    func energyAndForces(_ positions: [Double]) throws -> (Double, [Double]) {
      let results = try evaluate([
        Tensor(positions, shape: Shape([atomCount, 3])), species,
        Tensor(senders.map(Int32.init)), Tensor(order.map(Int32.init)),
        SegmentIndex(of: senders, count: atomCount).offsets,
        Tensor(receivers.map(Int32.init)), SegmentIndex(of: receivers, count: atomCount).offsets,
      ])
      return (try results[0].doubles()[0], try results[1].doubles())
    }
    let (energy, forces) = try energyAndForces(positions)
    let rotation = Rotation.random(using: &generator)
    let vectorIrreps: Irreps = "1o"
    let (turnedEnergy, turnedForces) = try energyAndForces(
      vectorIrreps.rotate(positions, by: rotation, inverted: true))
    // A few hundred operations lie between a position and the energy, and 72 edges are summed.
    let tolerance = 1024 * Double.ulpOfOne
    let size = forces.reduce(abs(energy)) { max($0, abs($1)) }
    expectClose(turnedEnergy, energy, tolerance: tolerance, relativeTo: size)
    expectClose(
      turnedForces, vectorIrreps.rotate(forces, by: rotation, inverted: true),
      tolerance: tolerance, relativeTo: size)

    try expectGradientMatchesDifferences(at: [(positions, [atomCount, 3])]) {
      model.energy(
        positions: $0[0], species: species,
        senders: SegmentIndex(of: senders, count: atomCount),
        receivers: SegmentIndex(of: receivers, count: atomCount), weights: weights)
    }
  }
}
