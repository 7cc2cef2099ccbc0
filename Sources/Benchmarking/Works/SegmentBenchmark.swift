import TensorGraph

/// What stands at the ends of a message pass that is not one kernel: rows of nodes read for edges, and rows
/// of edges added up for nodes, 480 numbers wide as the features of the `nequip` convolution, on the same graph.
package enum SegmentBenchmark: String, CaseIterable, Sendable {
  /// A row for each edge: its sender's.
  case gather = "gather/14336x480"
  /// A row for each node: the sum over the edges that it receives, which follow each other.
  case sortedSum = "segment-sum/14336x480/sorted"
  /// A row for each node: the sum over the edges that it sends, which lie scattered.
  case scatteredSum = "segment-sum/14336x480/scattered"

  static let width = 480

  static let all = allCases.map { work in
    Benchmark(work.rawValue) { try work.prepare(on: $0) }
  }

  /// Rows of nodes and rows of edges once each. A gather reads an edge's index; a sum has an addition for each
  /// number of an edge and reads where a node's edges begin, and where they lie scattered their order.
  package func counts(edges: Int, nodes: Int, elementBytes: Int = 4) -> WorkCounts {
    let indices =
      switch self {
      case .gather: edges
      case .sortedSum: nodes + 1
      case .scatteredSum: edges + nodes + 1
      }
    return WorkCounts(
      bytes: elementBytes * Self.width * (edges + nodes) + 4 * indices,
      operations: self == .gather ? 0 : Self.width * edges)
  }

  private func prepare(on bed: BenchmarkBed) throws -> PreparedWork {
    let nodes = ConvolutionBenchmark.nodeCount
    let edges = ConvolutionBenchmark.edgeCount
    let graph = RandomGraph(nodeCount: nodes, edgesPerNode: ConvolutionBenchmark.edgesPerNode)
    let type = bed.elementType
    let rows = TensorDescription(
      [Dimension(self == .gather ? nodes : edges), Dimension(Self.width)], type)
    let argument = RandomKey(seed: 4, stream: 0).normal(rows.shape, type)
    try evaluate([argument], on: bed.context)
    let function = try CompiledFunction(of: [rows], on: bed.context) { tensors in
      switch self {
      case .gather: [tensors[0].gather(at: graph.senders)]
      case .sortedSum: [tensors[0].segmentSum(by: graph.receivers)]
      case .scatteredSum: [tensors[0].segmentSum(by: graph.senders)]
      }
    }
    return PreparedWork(
      counts: counts(edges: edges, nodes: nodes, elementBytes: type.byteCount),
      items: WorkItems("edge", count: edges)
    ) { _ in
      _ = try function([argument])
    }
  }
}
