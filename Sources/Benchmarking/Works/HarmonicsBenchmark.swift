import Equivariance
import Irreps
import TensorGraph

/// Spherical harmonics of 100,000 vectors, which are scaled to length 1 first.
package enum HarmonicsBenchmark {
  static let vectorCount = 100_000

  static let all = [3, 8].flatMap { degree in
    [
      Benchmark("harmonics/l\(degree)/forward") {
        try prepare(degree, on: $0, withGradient: false)
      },
      Benchmark("harmonics/l\(degree)/forward+gradient") {
        try prepare(degree, on: $0, withGradient: true)
      },
    ]
  }

  /// Operations of the recursion: two for each factor of a term but the first. With the gradient,
  /// of Σ cotangent · harmonic, two for each of its coefficients and two more for the sums.
  package static func counts(
    degree: Int, vectors: Int, withGradient: Bool, elementBytes: Int = 4
  ) -> WorkCounts {
    let recursion = SphericalHarmonicsRecursion(upTo: degree, normalization: .component)
    let components = recursion.components
    let normalizing = 9
    let values = normalizing + components.reduce(0) { $0 + 3 * $1.terms.count }
    let gradient = 14 + components.reduce(0) { $0 + 3 * $1.gradient.count }
    let width = components.count
    return withGradient
      ? WorkCounts(
        bytes: elementBytes * vectors * (3 + 2 * width + 3),
        operations: vectors * (values + gradient))
      : WorkCounts(bytes: elementBytes * vectors * (3 + width), operations: vectors * values)
  }

  private static func prepare(
    _ degree: Int, on bed: BenchmarkBed, withGradient: Bool
  ) throws -> PreparedWork {
    let type = bed.elementType
    let width = Dimension((degree + 1) * (degree + 1))
    let count = Dimension(vectorCount)
    let shapes: [Shape] = [[count, 3]] + (withGradient ? [[count, width]] : [])
    let arguments = shapes.enumerated().map { stream, shape in
      RandomKey(seed: 3, stream: Int32(stream)).normal(shape, type)
    }
    try evaluate(arguments, on: bed.context)
    let function = try CompiledFunction(
      of: shapes.map { TensorDescription($0, type) }, on: bed.context
    ) { tensors in
      let harmonics = sphericalHarmonics(of: tensors[0], upTo: degree)
      guard withGradient else { return [harmonics] }
      return [harmonics]
        + vectorJacobianProduct(of: harmonics, with: tensors[1], withRespectTo: [tensors[0]])
    }
    return PreparedWork(
      counts: counts(
        degree: degree, vectors: vectorCount, withGradient: withGradient,
        elementBytes: type.byteCount), items: WorkItems("vector", count: vectorCount)
    ) { _ in
      _ = try function(arguments)
    }
  }
}
