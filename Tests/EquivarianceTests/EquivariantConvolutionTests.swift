import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Equivariant convolutions")
struct EquivariantConvolutionTests {
  /// The recorded convolution: positions to harmonics to messages to sums.
  private struct Recorded {
    let reference: Reference
    let convolution: EquivariantConvolution
    let senders: [Int]
    let receivers: [Int]
    let nodeCount = 20
    /// Edges by rising receiver, as a neighbour list gives them, or as they were recorded.
    let edges: [Int]

    init(sorted: Bool) throws {
      reference = try Reference()
      convolution = EquivariantConvolution(
        try ReferenceCases().tensorProduct("conv", inputs: ("irreps_in", "sh")))
      let (s, r) = (
        try reference.integers("conv.sender"), try reference.integers("conv.receiver")
      )
      edges = sorted ? r.indices.sorted { (r[$0], $0) < (r[$1], $1) } : Array(r.indices)
      senders = edges.map { s[$0] }
      receivers = edges.map { r[$0] }
    }

    /// A recorded tensor of edges in the order of `edges`.
    func edgeValues(_ name: String) throws -> [Double] {
      let values = try reference.doubles(name)
      let width = try reference.shape(name)[1]
      return edges.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
    }

    func apply(_ x: Tensor, _ positions: Tensor, _ weights: Tensor) -> Tensor {
      let senders = SegmentIndex(of: senders, count: nodeCount)
      let receivers = SegmentIndex(of: receivers, count: nodeCount)
      let vectors = positions.gather(at: senders) - positions.gather(at: receivers)
      return convolution(
        x, filters: sphericalHarmonics(of: vectors, upTo: 2), weights: weights,
        senders: senders, receivers: receivers)
    }
  }

  @Test(
    "agree with e3nn in value, first derivatives and Hessian-vector products",
    arguments: precisions, [true, false])
  func reference(type: ElementType, sorted: Bool) throws {
    let recorded = try Recorded(sorted: sorted)
    let (reference, product) = (recorded.reference, recorded.convolution.tensorProduct)
    let x = try reference.features("conv.x", product.first, as: type)
    let positions = try reference.tensor("conv.positions", as: type)
    let weights = Tensor(
      try recorded.edgeValues("conv.weight"), shape: Shape([recorded.edges.count, 120]), as: type)
    let result = recorded.apply(x, positions, weights)
    let cotangent = try reference.features("conv.grad_out", product.output, as: type)
    let first = vectorJacobianProduct(
      of: result, with: cotangent, withRespectTo: [x, positions, weights])
    let direction = try reference.tensor("conv.hvp_direction", as: type)
    let second = gradient(
      of: (first[1] * direction).sum(), withRespectTo: [x, positions, weights])

    // Longest sums: a receiver has at most 14 edges of up to 8 terms; a position's derivative
    // adds up all channels and paths of its edges. Sums of that many terms of either sign grow
    // with the root of their number, the bound on their error with the number.
    let terms = 14 * product.form.longestSum(into: 3)
    func check(_ tensor: Tensor, _ name: String, _ irreps: Irreps?) throws {
      expectClose(
        try irreps.map { try tensor.doubles(inReferenceLayoutOf: $0) } ?? tensor.doubles(),
        try name.hasSuffix("weight")
          ? recorded.edgeValues("conv.\(name)") : reference.doubles("conv.\(name)"),
        tolerance: sumTolerance(terms: terms, type), name)
    }
    try check(result, "out", product.output)
    try check(first[0], "grad_x", product.first)
    try check(first[1], "grad_positions", nil)
    try check(first[2], "grad_weight", nil)
    try check(second[0], "hvp_x", product.first)
    try check(second[1], "hvp_positions", nil)
    try check(second[2], "hvp_weight", nil)
  }

  @Test("have derivatives that match finite differences")
  func differences() throws {
    let recorded = try Recorded(sorted: true)
    let product = recorded.convolution.tensorProduct
    let x = product.first.converted(
      try recorded.reference.doubles("conv.x"), from: .componentsContiguous,
      to: .channelsContiguous)
    var generator = SeededGenerator(seed: 12)
    let factor = Tensor(
      generator.normals(20 * product.output.dimension),
      shape: Shape([20, product.output.dimension]))
    try expectGradientMatchesDifferences(
      at: [
        (x, [20, product.first.dimension]),
        (try recorded.reference.doubles("conv.positions"), [20, 3]),
        (try recorded.edgeValues("conv.weight"), [recorded.edges.count, 120]),
      ]
    ) { ($0[0].shape.rank == 2 ? recorded.apply($0[0], $0[1], $0[2]) * factor : $0[0]).sum() }
  }

  @Test("turn with the atoms, and take any number of nodes and edges in one compiled function")
  func equivariance() throws {
    let tensorProduct = TensorProduct.channelwise("4x0e+2x1o", .sphericalHarmonics(upTo: 2)) {
      $0.degree <= 2
    }
    let convolution = EquivariantConvolution(tensorProduct)
    let nodes = Dimension.symbol("nodes")
    let edges = Dimension.symbol("edges")
    let width = tensorProduct.first.dimension
    let compiled = try CompiledFunction(of: [
      TensorDescription([nodes, Dimension(width)], .float64),
      TensorDescription([edges, 3], .float64),
      TensorDescription([Dimension(convolution.weightCount)], .float64),
      TensorDescription([edges], .int32), TensorDescription([edges], .int32),
      TensorDescription([nodes + 1], .int32), TensorDescription([edges], .int32),
      TensorDescription([nodes + 1], .int32),
    ]) { a in
      [
        convolution(
          a[0], filters: sphericalHarmonics(of: a[1], upTo: 2), weights: a[2],
          senders: SegmentIndex(indices: a[3], order: a[4], offsets: a[5]),
          receivers: SegmentIndex(indices: a[6], offsets: a[7]))
      ]
    }
    var generator = SeededGenerator(seed: 30)
    let weights = Tensor(generator.normals(convolution.weightCount))
    for (nodeCount, receivers) in [
      (4, [0, 0, 2, 3, 3, 3]), (9, [1, 1, 4, 5, 8, 8, 8, 8]), (2, []),
    ] {
      let senders = receivers.map { _ in Int.random(in: 0..<nodeCount, using: &generator) }
      let order = senders.indices.sorted { (senders[$0], $0) < (senders[$1], $1) }
      let byReceiver = SegmentIndex(of: receivers, count: nodeCount)
      let x = generator.normals(nodeCount * width)
      let vectors = generator.normals(3 * receivers.count)
      func apply(_ x: [Double], _ vectors: [Double]) throws -> [Double] {
        try compiled([
          Tensor(x, shape: Shape([nodeCount, width])),
          Tensor(vectors, shape: Shape([receivers.count, 3])), weights,
          Tensor(senders.map(Int32.init)), Tensor(order.map(Int32.init)),
          SegmentIndex(of: senders, count: nodeCount).offsets, byReceiver.indices,
          byReceiver.offsets,
        ])[0].doubles()
      }
      let result = try apply(x, vectors)
      let rotation = Rotation.random(using: &generator)
      let vectorIrreps: Irreps = "1o"
      let turned = try apply(
        tensorProduct.first.rotate(
          x, by: rotation, inverted: true, layout: .channelsContiguous),
        vectorIrreps.rotate(vectors, by: rotation, inverted: true))
      expectClose(
        turned,
        tensorProduct.output.rotate(
          result, by: rotation, inverted: true, layout: .channelsContiguous),
        tolerance: 2 * sumTolerance(terms: 8 * tensorProduct.form.longestSum(into: 3), .float64))
    }
  }
}
