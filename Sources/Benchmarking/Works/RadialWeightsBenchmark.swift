import Equivariance
import TensorGraph

/// Ways by which a convolution comes by the weights of its edges, where a network of their lengths makes
/// them: off a table inside the convolution, or by a matrix product before it, of the network's last
/// hidden layer or of the few functions that all weights are nearly combinations of.
package struct RadialWeightsBenchmark: Sendable {
  package enum Source: Sendable {
    case table
    /// So many numbers an edge, which are given, times a matrix. What it costs to make them is left
    /// out, in the product's favour.
    case product(depth: Int)
  }

  let name: String
  let source: Source

  /// The radial functions of a trained network have a rank of 35 to 45 to within 1e-6; its last hidden
  /// layer has 64 numbers.
  static let all = [
    RadialWeightsBenchmark(name: "table", source: .table),
    RadialWeightsBenchmark(name: "rank-40", source: .product(depth: 40)),
    RadialWeightsBenchmark(name: "last-layer-64", source: .product(depth: 64)),
  ].flatMap { work in
    ["forward", "forward+backward"].map { direction in
      Benchmark("radial/\(Self.shape.name)/\(work.name)/\(direction)") {
        try work.prepare(on: $0, backward: direction != "forward")
      }
    }
  }

  private static let shape = ConvolutionBenchmark.shapes[0]
  /// Å.
  private static let cutoff = 5.0

  private func prepare(on bed: BenchmarkBed, backward: Bool) throws -> PreparedWork {
    let product = Self.shape.product
    let convolution = EquivariantConvolution(product)
    let graph = RandomGraph(
      nodeCount: ConvolutionBenchmark.nodeCount, edgesPerNode: ConvolutionBenchmark.edgesPerNode)
    let (nodes, edges) = (ConvolutionBenchmark.nodeCount, ConvolutionBenchmark.edgeCount)
    let weights = try weightSource(width: product.weightCount, on: bed)
    let tensors = [
      Self.random([Dimension(nodes), Dimension(product.first.dimension)], stream: 0, bed),
      Self.random([Dimension(edges), Dimension(product.second.dimension)], stream: 1, bed),
      Self.random([Dimension(nodes), Dimension(product.output.dimension)], stream: 2, bed),
      weights.perEdge,
    ]
    try evaluate(tensors, on: bed.context)
    let descriptions = tensors.map { TensorDescription($0.shape, $0.elementType) }
    let function = try CompiledFunction(of: descriptions, on: bed.context) { tensors in
      let sums = weights.convolve(convolution, tensors, graph)
      guard backward else { return [sums] }
      return [sums]
        + vectorJacobianProduct(
          of: sums, with: tensors[2], withRespectTo: [tensors[0], tensors[1], tensors[3]])
    }
    return PreparedWork(
      counts: Self.counts(
        from: source, of: product, edges: edges, nodes: nodes, backward: backward,
        elementBytes: bed.elementType.byteCount),
      items: WorkItems("edge", count: edges)
    ) { _ in
      _ = try function(tensors)
    }
  }

  /// The convolution's, with the numbers an edge in place of its weights, and the product's.
  package static func counts(
    from source: Source, of product: TensorProduct, edges: Int, nodes: Int, backward: Bool,
    elementBytes: Int = 4
  ) -> WorkCounts {
    var counts = ConvolutionBenchmark.counts(
      of: product, edges: edges, nodes: nodes, backward: backward, elementBytes: elementBytes)
    let passes = backward ? 2 : 1
    counts.bytes -= passes * elementBytes * edges * product.weightCount
    switch source {
    case .table: counts.bytes += passes * elementBytes * edges
    case .product(let depth):
      counts.bytes += passes * elementBytes * depth * (edges + product.weightCount)
      counts.operations += passes * 2 * edges * depth * product.weightCount
    }
    return counts
  }

  private static func random(_ shape: Shape, stream: Int32, _ bed: BenchmarkBed) -> Tensor {
    RandomKey(seed: 5, stream: stream).normal(shape, bed.elementType)
  }

  private struct WeightSource {
    /// What an edge is given: its length, or the numbers that are multiplied.
    let perEdge: Tensor
    let convolve: (EquivariantConvolution, [Tensor], RandomGraph) -> Tensor
  }

  private func weightSource(width: Int, on bed: BenchmarkBed) throws -> WeightSource {
    let edges = Dimension(ConvolutionBenchmark.edgeCount)
    switch source {
    case .table:
      let waves = RandomKey(seed: 5, stream: 3).normal([8, Dimension(width)], .float64)
      let frequencies = Tensor((1...8).map { Double($0) * .pi / Self.cutoff }, as: .float64)
      let table = try RadialTable(
        width, upTo: Self.cutoff, as: bed.elementType, on: bed.context
      ) {
        matrixProduct(besselBasis(of: $0, frequencies: frequencies, prefactor: 0.4), waves)
      }
      guard let table else { preconditionFailure("a table of eight waves has too few knots") }
      // Silicon's first neighbours to the cutoff.
      let lengths =
        2.2 + 2.8 * RandomKey(seed: 5, stream: 4).uniform([edges], bed.elementType)
      return WeightSource(perEdge: lengths) { convolution, tensors, graph in
        convolution(
          tensors[0], filters: tensors[1], weights: table, at: tensors[3],
          senders: graph.senders, receivers: graph.receivers)
      }
    case .product(let depth):
      let matrix = Self.random([Dimension(depth), Dimension(width)], stream: 3, bed)
      try evaluate([matrix], on: bed.context)
      return WeightSource(perEdge: Self.random([edges, Dimension(depth)], stream: 4, bed)) {
        convolution, tensors, graph in
        convolution(
          tensors[0], filters: tensors[1], weights: matrixProduct(tensors[3], matrix),
          senders: graph.senders, receivers: graph.receivers)
      }
    }
  }
}
