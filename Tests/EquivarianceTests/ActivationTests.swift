import Equivariance
import Foundation
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Gates, norm activations, networks")
struct ActivationTests {
  private var gate: Gate {
    Gate(
      scalars: "8x0e+4x0o", scalarActivations: [.silu, .tanh], gates: "6x0e",
      gateActivations: [.sigmoid], gated: "4x1o+2x2e")
  }

  /// exp and tanh of OpenCL are within 3 and 5 units of roundoff (of half an ulp) of their type;
  /// an activation has a handful of further operations, and takes an argument with a relative
  /// error of its own, amplified by at most |x| ≤ 4 in these fixtures.
  private func tolerance(_ type: ElementType) -> Double { 32 * type.unitRoundoff }

  @Test("gates agree with e3nn", arguments: precisions)
  func gates(type: ElementType) throws {
    let reference = try Reference()
    let cases = try ReferenceCases()
    #expect(gate.input == (try cases.irreps("gate", "irreps_in")))
    #expect(gate.output == (try cases.irreps("gate", "irreps_out")))
    let result = gate(try reference.features("gate.x", gate.input, as: type))
    expectClose(
      try result.doubles(inReferenceLayoutOf: gate.output), try reference.doubles("gate.out"),
      tolerance: tolerance(type))
  }

  @Test("gates of odd scalars exchange parities, as e3nn's do")
  func oddGates() {
    let gate = Gate(
      scalars: "16x0o", scalarActivations: [.tanh], gates: "32x0o", gateActivations: [.tanh],
      gated: "16x1e+16x1o")
    #expect(gate.output == "16x0o+16x1o+16x1e")
    let absolute = Gate(
      scalars: "2x0o", scalarActivations: [.absolute], gates: "0o+0e",
      gateActivations: [.absolute, nil], gated: "2x1o")
    #expect(absolute.output == "2x0e+2x1o")
  }

  @Test("a gate without gated features is its scalars' activations")
  func scalarsOnly() throws {
    let gate = Gate(
      scalars: "3x0e", scalarActivations: [.silu], gates: "", gateActivations: [], gated: "")
    let x = Tensor([1.0, -2, 0.5], shape: [1, 3])
    #expect(try gate(x).doubles() == Activation.silu.normalized(x).doubles())
  }

  @Test("norm activations agree with e3nn", arguments: precisions)
  func normActivations(type: ElementType) throws {
    let reference = try Reference()
    let layer = NormActivation("8x0e+4x1o", activation: .sigmoid)
    let result = layer(try reference.features("normact.x", layer.irreps, as: type))
    expectClose(
      try result.doubles(inReferenceLayoutOf: layer.irreps),
      try reference.doubles("normact.out"), tolerance: tolerance(type))
  }

  @Test("a zero feature stays zero in a norm activation, with finite derivatives")
  func zeroFeature() throws {
    let layer = NormActivation("2x1o", activation: .sigmoid)
    let x = Tensor([Double](repeating: 0, count: 6), shape: [1, 6])
    let y = layer(x)
    let slope = gradient(of: y.sum(), withRespectTo: [x])[0]
    #expect(try y.doubles() == [Double](repeating: 0, count: 6))
    #expect(try slope.doubles().allSatisfy(\.isFinite))
  }

  @Test("networks agree with e3nn", arguments: precisions)
  func networks(type: ElementType) throws {
    let reference = try Reference()
    let network = FullyConnectedNetwork([8, 16, 16, 5], activation: .silu)
    let result = network(
      try reference.tensor("mlp.x", as: type),
      weights: try (0..<3).map { try reference.tensor("mlp.w\($0)", as: type) })
    expectClose(
      try result.doubles(), try reference.doubles("mlp.out"),
      tolerance: 3 * (tolerance(type) + sumTolerance(terms: 16, type)))
  }

  @Test("a network scales by the variances of its ends, and may end in its activation")
  func networkVariances() throws {
    let network = FullyConnectedNetwork(
      [4, 3, 2], activation: .tanh, activatesOutput: true, inputVariance: 4, outputVariance: 9)
    var generator = SeededGenerator(seed: 6)
    let (x, first, second) = (
      generator.normals(4), generator.normals(12), generator.normals(6)
    )
    let scale = Activation.tanh.secondMomentScale
    func layer(_ x: [Double], _ matrix: [Double], divisor: Double) -> [Double] {
      let columns = matrix.count / x.count
      return (0..<columns).map { column in
        let sum = x.indices.reduce(0.0) { $0 + x[$1] * matrix[$1 * columns + column] }
        return scale * Foundation.tanh(sum / divisor)
      }
    }
    let hidden = layer(x, first, divisor: 4)
    let expected = layer(hidden, second, divisor: 3.squareRoot()).map { 3 * $0 }
    let result = network(
      Tensor(x, shape: [1, 4]),
      weights: [Tensor(first, shape: [4, 3]), Tensor(second, shape: [3, 2])])
    expectClose(try result.doubles(), expected, tolerance: 2 * tolerance(.float64))
  }

  @Test("gates and norm activations commute with rotations and inversions")
  func equivariance() throws {
    var generator = SeededGenerator(seed: 14)
    let norm = NormActivation("2x0o+3x1o+2x2e", activation: .silu, normalizesDirection: false)
    let gate = gate
    let layers: [(Irreps, Irreps, (Tensor) -> Tensor)] = [
      (gate.input, gate.output, { gate($0) }), (norm.irreps, norm.irreps, { norm($0) }),
    ]
    for (input, output, layer) in layers {
      let x = generator.normals(3 * input.dimension)
      func apply(_ x: [Double]) throws -> [Double] {
        try layer(Tensor(x, shape: Shape([3, input.dimension]))).doubles()
      }
      let rotation = Rotation.random(using: &generator)
      func rotate(_ values: [Double], _ irreps: Irreps) -> [Double] {
        irreps.rotate(values, by: rotation, inverted: true, layout: .channelsContiguous)
      }
      expectClose(
        try apply(rotate(x, input)), rotate(try apply(x), output), tolerance: tolerance(.float64))
    }
  }

  @Test("derivatives match finite differences")
  func differences() throws {
    var generator = SeededGenerator(seed: 23)
    let gate = gate
    let norm = NormActivation("2x0e+3x1o", activation: .silu)
    let network = FullyConnectedNetwork([3, 4, 2], activation: .shiftedSoftplus)
    let factor = Tensor(generator.normals(2 * 34), shape: [2, 34])
    try expectGradientMatchesDifferences(at: [(generator.normals(2 * 40), [2, 40])]) {
      (gate($0[0]) * factor).sum()
    }
    let normFactor = Tensor(generator.normals(22), shape: [2, 11])
    try expectGradientMatchesDifferences(
      at: [(generator.normals(22), [2, 11]), (generator.normals(5), [5])]
    ) {
      (norm($0[0], biases: $0[1]) * normFactor).sum()
    }
    try expectGradientMatchesDifferences(
      at: [
        (generator.normals(9), [3, 3]), (generator.normals(12), [3, 4]),
        (generator.normals(8), [4, 2]),
      ]
    ) {
      let y = network($0[0], weights: [$0[1], $0[2]])
      return (y * y).sum()
    }
  }
}
