import FileFormats
import Irreps
import Potentials
import TensorGraph
import TestSupport
import Testing

@Suite("SevenNet's layers")
struct SevenNetLayerTests {
  static func small(_ type: TensorGraph.ElementType) throws -> SevenNet {
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
      (TensorGraph.ElementType.float64, 1e-10), (.float32, 1e-5),
    ])
  func smallModel(_ type: TensorGraph.ElementType, _ tolerance: Double) throws {
    let model = try Self.small(type)
    let recorded = try SevenNetFixture(
      "small.safetensors", prefix: "in/", edgePrefix: "in/", of: model, elementType: type)
    try Self.check(model, recorded, prefix: "f/", tolerance: tolerance)
  }
}
