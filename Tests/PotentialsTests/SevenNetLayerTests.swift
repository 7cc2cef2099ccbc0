import FileFormats
import Irreps
import Potentials
import TensorGraph
import TestSupport
import Testing

@Suite("SevenNet's layers")
struct SevenNetLayerTests {
  static func small(_ type: ElementType) throws -> SevenNet {
    try SevenNet(
      TorchCheckpoint(contentsOf: fixturePath("small.pth", in: .module)), elementType: type)
  }

  /// Every intermediate of a model against a recording.
  static func check(
    _ model: SevenNet, _ recorded: SevenNetFixture, prefix: String, tolerance: Double
  ) throws {
    let evaluation = model.evaluate(recorded.graph)
    let configuration = model.configuration
    func check(_ tensor: Tensor, _ name: String, _ irreps: Irreps) throws {
      expectClose(
        try tensor.doubles(), try recorded.feature(prefix + name, irreps), tolerance: tolerance,
        name)
    }
    func plain(_ count: Int) -> Irreps { Irreps([MultipliedIrrep(count, .scalar)]) }
    try check(evaluation.edgeBasis, "edge.embedding", plain(configuration.besselCount))
    try check(evaluation.edgeHarmonics, "edge.harmonics", configuration.edgeIrreps)
    try check(evaluation.embedding, "onehot_to_feature_x", configuration.layerIrreps[0])
    for (index, layer) in evaluation.layers.enumerated() {
      let layout = SevenNetLayer.Layout(configuration, index)
      try check(layer.skip, "\(index)_self_connection_intro", layout.gate.input)
      try check(layer.firstLinear, "\(index)_self_interaction_1", layout.input)
      try check(layer.convolution, "\(index)_convolution", layout.product.output)
      try check(layer.secondLinear, "\(index)_self_interaction_2", layout.gate.input)
      try check(layer.sum, "\(index)_self_connection_outro", layout.gate.input)
      try check(layer.output, "\(index)_equivariant_gate", layout.output)
    }
    try check(evaluation.energies, "atomic_energy", plain(1))
  }

  @Test(
    "the small model's layers are the recorded ones",
    arguments: [
      (ElementType.float64, 1e-10), (.float32, 1e-5),
    ])
  func smallModel(_ type: ElementType, _ tolerance: Double) throws {
    let model = try Self.small(type)
    let recorded = try SevenNetFixture(
      "small.safetensors", prefix: "in/", edgePrefix: "in/", of: model, elementType: type)
    try Self.check(model, recorded, prefix: "f/", tolerance: tolerance)
  }

  @Test(
    "SevenNet-0's layers on LiNiO₂ are the recorded ones",
    .enabled(if: PublishedModel.sevenNet0.isPresent),
    arguments: [(ElementType.float64, 1e-10), (.float32, 1e-5)])
  func sevenNet0(_ type: ElementType, _ tolerance: Double) throws {
    let model = try PublishedModel.sevenNet0.model(type)
    let recorded = try SevenNetFixture(
      "layers.safetensors", edgePrefix: "edge.", of: model, elementType: type)
    try Self.check(model, recorded, prefix: "", tolerance: tolerance)
  }

  @Test("the gradient of a loss on energy, forces and stress reaches every weight as recorded")
  func weightGradients() throws {
    let model = try Self.small(.float64)
    let recorded = try SevenNetFixture(
      "small.safetensors", prefix: "in/", edgePrefix: "in/", of: model)
    let graph = recorded.graph
    let energy = model.atomicEnergies(of: graph).sum()
    let slope = gradient(of: energy, withRespectTo: [graph.vectors])[0]
    let forces = slope.segmentSum(by: graph.byReceiver) - slope.segmentSum(by: graph.bySender)
    let cell = try recorded.file.doubles("in/cell")
    let volume = abs(
      cell[0] * (cell[4] * cell[8] - cell[5] * cell[7])
        - cell[1] * (cell[3] * cell[8] - cell[5] * cell[6])
        + cell[2] * (cell[3] * cell[7] - cell[4] * cell[6]))
    func column(_ tensor: Tensor, _ axis: Int) -> Tensor {
      tensor.slice(axis..<(axis + 1), along: 1)
    }
    let stress = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)].map { a, b in
      (column(graph.vectors, a) * column(slope, b) + column(graph.vectors, b) * column(slope, a))
        .sum() / (2 * volume)
    }
    let atoms = Shape([recorded.file.tensors["in/atomic_numbers"]?.count ?? 0, 3])
    let forceLoss =
      (forces * Tensor(try recorded.file.doubles("in/force_coefficients"), shape: atoms)).sum()
    let stressLoss = zip(stress, try recorded.file.doubles("in/stress_coefficients"))
      .map { $0 * $1 }.reduce(energy.filled(with: 0), +)
    let loss = energy + forceLoss + 100 * stressLoss

    expectClose(
      try energy.doubles(), try recorded.file.doubles("out/energy"), tolerance: 1e-10, "energy")
    expectClose(
      try forces.doubles(), try recorded.file.doubles("out/forces"), tolerance: 1e-10, "forces")
    expectClose(
      try stress.map { try $0.doubles()[0] }, try recorded.file.doubles("out/stress_voigt"),
      tolerance: 1e-10, "stress")
    expectClose(
      try loss.doubles(), try recorded.file.doubles("out/loss"), tolerance: 1e-10, "loss")

    let names = recorded.file.names.filter { $0.hasPrefix("g/") }
    #expect(names.count == 24)
    let weights = try names.map { try #require(model.parameters.byName[String($0.dropFirst(2))]) }
    let gradients = gradient(of: loss, withRespectTo: weights)
    try evaluate(gradients)
    for (name, gradient) in zip(names, gradients) {
      expectClose(
        try gradient.doubles(), try recorded.file.doubles(name), tolerance: 1e-10, name)
    }
  }
}
