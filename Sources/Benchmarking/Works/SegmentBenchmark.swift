import TensorGraph

/// What stands at the ends of a message pass that is not one kernel: rows of nodes read for edges, and rows
/// of edges added up for nodes, 480 numbers wide as the features of the `nequip` convolution, on the same graph.
package enum SegmentBenchmark {
  static let width = 480

  static let all = [
    Benchmark("gather/14336x480") { try prepare(on: $0, gathers: true, by: \.senders) },
    Benchmark("segment-sum/14336x480/sorted") {
      try prepare(on: $0, gathers: false, by: \.receivers)
    },
    Benchmark("segment-sum/14336x480/scattered") {
      try prepare(on: $0, gathers: false, by: \.senders)
    },
  ]

  /// Rows of nodes and rows of edges once each, and an edge's index; a sum has an addition for each number
  /// of an edge, and where a node's edges begin instead of the index, of scattered edges both.
  package static func counts(
    edges: Int, nodes: Int, gathers: Bool, isSorted: Bool, elementBytes: Int = 4
  ) -> WorkCounts {
    let indices = (gathers || !isSorted ? edges : 0) + (gathers ? 0 : nodes + 1)
    return WorkCounts(
      bytes: elementBytes * width * (edges + nodes) + 4 * indices,
      operations: gathers ? 0 : width * edges)
  }

  private static func prepare(
    on bed: BenchmarkBed, gathers: Bool, by relation: KeyPath<RandomGraph, SegmentIndex>
  ) throws -> PreparedWork {
    let nodes = ConvolutionBenchmark.nodeCount
    let edges = ConvolutionBenchmark.edgeCount
    let graph = RandomGraph(nodeCount: nodes, edgesPerNode: ConvolutionBenchmark.edgesPerNode)
    let index = graph[keyPath: relation]
    let rows = TensorDescription(
      [Dimension(gathers ? nodes : edges), Dimension(width)], bed.elementType)
    let argument = RandomKey(seed: 4, stream: 0).normal(rows.shape, rows.elementType)
    try evaluate([argument], on: bed.context)
    let function = try CompiledFunction(of: [rows], on: bed.context) { tensors in
      [gathers ? tensors[0].gather(at: index) : tensors[0].segmentSum(by: index)]
    }
    return PreparedWork(
      counts: counts(
        edges: edges, nodes: nodes, gathers: gathers, isSorted: index.order == nil,
        elementBytes: rows.elementType.byteCount),
      items: WorkItems("edge", count: edges)
    ) { _ in
      _ = try function([argument])
    }
  }
}
