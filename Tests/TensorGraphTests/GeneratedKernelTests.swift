import TensorGraph
import TestSupport
import Testing

@Suite("Generated kernels")
struct GeneratedKernelTests {
  static let profiles = [
    ("cpu", DeviceProfile(isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: true)),
    ("gpu", DeviceProfile(isCPU: false, floatVectorWidth: 1, localSize: 128, supportsDouble: true)),
  ]

  @Test("the text of fused kernels is what was reviewed", arguments: profiles)
  func golden(_ name: String, _ profile: DeviceProfile) throws {
    let edges = Dimension.symbol("edges")
    let nodes = Dimension.symbol("nodes")
    func argument(_ shape: Shape, _ type: ElementType = .float32) -> Tensor {
      Tensor(Source(TensorDescription(shape, type), label: "argument"), [])
    }
    func check(_ results: [Tensor], from arguments: [Tensor], named file: String) throws {
      let plan = Plan(
        computing: results.map(\.node), from: arguments.map(\.node), for: profile)
      try expectGolden(plan.kernelText, named: "\(file).\(name).cl")
    }

    let x = argument([edges, 3])
    try check([silu(x) * 2 + 1], from: [x], named: "elementwise-with-tail")

    let table = argument([nodes, 64])
    let index = SegmentIndex(
      indices: argument([edges], .int32), order: argument([edges], .int32),
      offsets: argument([nodes + 1], .int32))
    let indices = [index.indices, index.order, index.offsets].compactMap { $0 }
    let scaled = exp(table.gather(at: index)).segmentSum(by: index) / 7
    try check([scaled], from: [table] + indices, named: "gather-exp-segment-sum")

    let rows = argument([edges, 96])
    try check([rows.segmentSum(by: index)], from: [rows] + indices, named: "segment-sum")

    let features = argument([nodes, 96 + 3 * 32])
    let scalars = silu(features.slice(0..<64, along: 1))
    let gates = sigmoid(features.slice(64..<96, along: 1)).expanded(at: 1)
    let vectors = features.slice(96..<192, along: 1).reshaped(to: [nodes, 3, 32])
    let gated = concatenate([scalars, (vectors * gates).reshaped(to: [nodes, 96])], along: 1)
    try check([gated], from: [features], named: "gate")

    let y = argument([edges])
    try check([(silu(y) * exp(-(y * y))).sum()], from: [y], named: "sum-of-all")

    let loss = (tanh(table) * table).sum()
    try check(
      gradient(of: loss, withRespectTo: [table]), from: [table], named: "gradient-of-tanh")
    try check(
      [RandomKey(seed: 1).normal([16])], from: [], named: "normal")
  }
}
