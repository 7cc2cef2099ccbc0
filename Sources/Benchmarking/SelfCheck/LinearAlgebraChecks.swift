import OpenCLRuntime
import TensorGraph

/// Checks of small matrices: the factors, multiplied, are the matrix. The matrices are positive definite
/// and far from singular, so that each kind of factor exists.
enum LinearAlgebraChecks {
  static let all = [3, 6].map(check)

  private static let count = 20

  private static func check(_ rows: Int) -> KernelCheck {
    var numbers = CheckNumbers(seed: 33)
    let shape: Shape = [Dimension(count), Dimension(rows), Dimension(rows)]
    let matrices = (0..<count).flatMap { _ in positive(numbers.next(rows * rows), rows) }
    // A norm-wise bound: errors of factors are relative to the whole matrix.
    return .function(
      .linearAlgebra, "small matrices of \(rows) rows", of: [CheckArgument(matrices, shape)],
      roundings: 20 * rows
    ) { tensors in
      let a = tensors[0]
      let l = cholesky(a)
      let (q, r) = orthogonalTriangular(a)
      let (values, vectors) = symmetricEigen(a)
      let (u, stretches, v) = singularValues(a)
      return [
        ("inverse", matrixProduct(a, inverse(a))),
        ("Cholesky", matrixProduct(l, l, transposingSecond: true)),
        ("orthogonal, triangular", matrixProduct(q, r)),
        (
          "eigenvectors",
          matrixProduct(vectors * values.expanded(at: 1), vectors, transposingSecond: true)
        ),
        (
          "singular vectors",
          matrixProduct(u * stretches.expanded(at: 1), v, transposingSecond: true)
        ),
        ("determinant", determinant(a) / values.product()),
      ]
    } onHost: { values in
      let place = { (index: Int) in (index / rows % rows, index % rows) }
      let largest = values[0].map(abs).max() ?? 1
      let size = Double(rows) * largest
      let matrix = values[0].map { HostSum($0, magnitude: size) }
      return [
        values[0].indices.map {
          HostSum(place($0).0 == place($0).1 ? 1 : 0, magnitude: size)
        }, matrix, matrix, matrix, matrix,
        (0..<count).map { _ in HostSum(1, magnitude: Double(rows * rows)) },
      ]
    }
  }

  /// B Bᵀ / rows, and the identity.
  private static func positive(_ b: [Double], _ rows: Int) -> [Double] {
    (0..<rows * rows).map { index in
      let (i, j) = (index / rows, index % rows)
      return (0..<rows).reduce(i == j ? 1 : 0) { sum, k in
        sum + b[i * rows + k] * b[j * rows + k] / Double(rows)
      }
    }
  }
}

extension Tensor {
  /// The product over the last axis, of fixed extent.
  fileprivate func product() -> Tensor {
    let factors = (0..<(shape[rank - 1].fixed ?? 0)).map { place in
      slice(place..<place + 1, along: -1)
    }
    return (factors.dropFirst().reduce(factors[0], *)).sum(along: [-1])
  }
}
