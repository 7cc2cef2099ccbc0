import Equivariance
import Irreps
import TensorGraph

/// An equivariant convolution over a graph of 512 nodes with 28 edges each from random senders.
package struct ConvolutionBenchmark: Sendable {
  let name: String
  let features: Irreps
  let filters: Irreps
  let highestDegree: Int

  static let nodeCount = 512
  static let edgesPerNode = 28
  static let edgeCount = nodeCount * edgesPerNode

  package static let shapes = [
    ConvolutionBenchmark(
      name: "nequip-128x64x32-l2", features: "128x0e+64x1e+32x2e", filters: "1x0e+1x1e+1x2e",
      highestDegree: 2),
    ConvolutionBenchmark(
      name: "mace-128-l1", features: "128x0e+128x1o",
      filters: Irreps.sphericalHarmonics(upTo: 3), highestDegree: 3),
  ]

  static let all = shapes.flatMap { shape in
    [
      Benchmark("convolution/\(shape.name)/forward") { try shape.prepare(on: $0, backward: false) },
      Benchmark("convolution/\(shape.name)/forward+backward") {
        try shape.prepare(on: $0, backward: true)
      },
    ]
  }

  /// All paths to the highest degree, each channel by itself (mode uvu).
  package var product: TensorProduct {
    .channelwise(features, filters) { $0.degree <= highestDegree }
  }

  // MARK: Counting

  /// What a convolution over so many edges and nodes moves and computes.
  ///
  /// Operations of the cheapest evaluation that is known: an edge's products of coefficients and
  /// filter are shared by all channels and not counted; a channel takes a multiply-add for each
  /// coefficient, and one for each component of a path's result, which the weight brings into the
  /// sum. Each of the three gradients is a product of the same size.
  package static func counts(
    of product: TensorProduct, edges: Int, nodes: Int, backward: Bool, elementBytes: Int = 4
  ) -> WorkCounts {
    let perEdge = product.instructions.reduce(0) { total, instruction in
      let (x, y, out) = (
        product.first[instruction.x], product.second[instruction.y],
        product.output[instruction.out]
      )
      let coupling = Wigner.threeJ(x.irrep.degree, y.irrep.degree, out.irrep.degree)
      return total + 2 * x.multiplicity * (coupling.nonzeros.count + out.irrep.dimension)
    }
    let operands =
      nodes * product.first.dimension + edges * (product.second.dimension + product.weightCount)
    let result = nodes * product.output.dimension
    // Senders, and where each receiver's edges begin; the way back adds the order by sender.
    let indices = 4 * (edges + nodes + 1)
    return backward
      ? WorkCounts(
        bytes: elementBytes * (2 * operands + 2 * result) + 2 * indices,
        operations: 4 * edges * perEdge)
      : WorkCounts(
        bytes: elementBytes * (operands + result) + indices, operations: edges * perEdge)
  }

  // MARK: Running

  private func prepare(on bed: BenchmarkBed, backward: Bool) throws -> PreparedWork {
    let product = product
    let convolution = EquivariantConvolution(product)
    let (nodes, edges) = (Self.nodeCount, Self.edgeCount)
    let graph = RandomGraph(nodeCount: nodes, edgesPerNode: Self.edgesPerNode)
    let type = bed.elementType
    let shapes: [Shape] =
      [
        [Dimension(nodes), Dimension(features.dimension)],
        [Dimension(edges), Dimension(filters.dimension)],
        [Dimension(edges), Dimension(product.weightCount)],
      ] + (backward ? [[Dimension(nodes), Dimension(product.output.dimension)]] : [])
    let arguments = shapes.enumerated().map { stream, shape in
      RandomKey(seed: 1, stream: Int32(stream)).normal(shape, type)
    }
    try evaluate(arguments, on: bed.context)
    let function = try CompiledFunction(
      of: shapes.map { TensorDescription($0, type) }, on: bed.context
    ) { tensors in
      let sums = convolution(
        tensors[0], filters: tensors[1], weights: tensors[2], senders: graph.senders,
        receivers: graph.receivers)
      guard backward else { return [sums] }
      return [sums]
        + vectorJacobianProduct(
          of: sums, with: tensors[3], withRespectTo: Array(tensors[0..<3]))
    }
    return PreparedWork(
      counts: Self.counts(
        of: product, edges: edges, nodes: nodes, backward: backward,
        elementBytes: type.byteCount),
      items: WorkItems("edge", count: edges)
    ) { _ in
      _ = try function(arguments)
    }
  }
}

/// Edges from random senders, as many to each receiver, in the receivers' order.
struct RandomGraph {
  let senders: SegmentIndex
  let receivers: SegmentIndex

  init(nodeCount: Int, edgesPerNode: Int) {
    var generator = SplitMix64(state: 28)
    let edgeCount = nodeCount * edgesPerNode
    let sending = (0..<edgeCount).map { _ in Int.random(in: 0..<nodeCount, using: &generator) }
    senders = SegmentIndex(of: sending, count: nodeCount)
    receivers = SegmentIndex(of: (0..<edgeCount).map { $0 / edgesPerNode }, count: nodeCount)
  }
}
