import TensorGraph

/// `sum(silu(a·b + 0.5) · exp(−b²))` over 2²⁴ elements, written as a user of the lazy graph would.
package enum FusionBenchmark {
  static let elementCount = 1 << 24

  static let all = [Benchmark("fusion/silu-gauss-sum-16M") { try prepare(on: $0) }]

  /// Nine operations an element: a product and a sum, three for silu(x) = x / (1 + exp(−x)), a
  /// square, an exponential, a product, and the sum. An exponential counts as one, whatever a
  /// kernel makes it of.
  package static func counts(elements: Int, elementBytes: Int = 4) -> WorkCounts {
    WorkCounts(bytes: 2 * elementBytes * elements + elementBytes, operations: 9 * elements)
  }

  private static func prepare(on bed: BenchmarkBed) throws -> PreparedWork {
    let type = bed.elementType
    let description = TensorDescription([Dimension(elementCount)], type)
    let arguments = (0..<2).map { stream in
      RandomKey(seed: 5, stream: Int32(stream)).normal(description.shape, type)
    }
    try evaluate(arguments, on: bed.context)
    let function = try CompiledFunction(of: [description, description], on: bed.context) {
      tensors in
      let (a, b) = (tensors[0], tensors[1])
      return [(silu(a * b + 0.5) * exp(-(b * b))).sum()]
    }
    return PreparedWork(
      counts: counts(elements: elementCount, elementBytes: type.byteCount),
      items: WorkItems("element", count: elementCount)
    ) { _ in
      _ = try function(arguments)
    }
  }
}
