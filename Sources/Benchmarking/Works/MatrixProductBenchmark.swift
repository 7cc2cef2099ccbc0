import TensorGraph

/// Products of dense row-major matrices, `[rows, depth]` times `[depth, columns]`.
package struct MatrixProductBenchmark: Sendable {
  let rows: Int
  let columns: Int
  let depth: Int

  /// The last layer of a radial network; a square; two linear layers of features.
  package static let shapes = [
    MatrixProductBenchmark(rows: 14336, columns: 960, depth: 64),
    MatrixProductBenchmark(rows: 1024, columns: 1024, depth: 1024),
    MatrixProductBenchmark(rows: 1536, columns: 64, depth: 128),
    MatrixProductBenchmark(rows: 3072, columns: 128, depth: 480),
  ]

  static let all = shapes.map { shape in
    Benchmark("gemm/\(shape.rows)x\(shape.columns)x\(shape.depth)") { try shape.prepare(on: $0) }
  }

  package func counts(elementBytes: Int = 4) -> WorkCounts {
    WorkCounts(
      bytes: elementBytes * (rows * depth + depth * columns + rows * columns),
      operations: 2 * rows * columns * depth)
  }

  private func prepare(on bed: BenchmarkBed) throws -> PreparedWork {
    let shapes: [Shape] = [
      [Dimension(rows), Dimension(depth)], [Dimension(depth), Dimension(columns)],
    ]
    let arguments = shapes.enumerated().map { stream, shape in
      RandomKey(seed: 4, stream: Int32(stream)).normal(shape, bed.elementType)
    }
    try evaluate(arguments, on: bed.context)
    let function = try CompiledFunction(
      of: shapes.map { TensorDescription($0, bed.elementType) }, on: bed.context
    ) { [matrixProduct($0[0], $0[1])] }
    return PreparedWork(counts: counts(elementBytes: bed.elementType.byteCount)) { _ in
      _ = try function(arguments)
    }
  }
}
