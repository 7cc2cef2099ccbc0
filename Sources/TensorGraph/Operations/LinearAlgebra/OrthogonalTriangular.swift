import KernelSources
import OpenCLRuntime

/// The factors of A = Q R, one above the other.
struct OrthogonalTriangular: Operation {
  var name: String { "orthogonalTriangular" }
  var kernelFamily: KernelFamily? { .linearAlgebra }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let kernel = SmallMatrixKernel(name, of: operands[0], isTall: true)
    return TensorDescription(
      SmallMatrixKernel.shape(
        operands[0].shape,
        with: [Dimension(kernel.rows + kernel.columns), Dimension(kernel.columns)]),
      operands[0].elementType)
  }

  /// Ā = (Q̄ + Q C(M)) R⁻ᵀ with M = R R̄ᵀ − Q̄ᵀ Q, where C copies the lower triangle to the upper one
  /// (Walter and Lehmann 2010, arXiv:1001.1654, "Algorithmic differentiation of linear algebra functions").
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (q, r) = Self.factors(result)
    let (qSlopes, rSlopes) = Self.factors(cotangent)
    let upper = rSlopes.transposed().lowerTriangle().transposed()
    let mixed =
      matrixProduct(r, upper, transposingSecond: true)
      - matrixProduct(qSlopes, q, transposingFirst: true)
    let copied = mixed.lowerTriangle() + mixed.lowerTriangle(isStrict: true).transposed()
    let left = qSlopes + matrixProduct(q, copied)
    return [solve(r, left.transposed()).transposed()]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let kernel = SmallMatrixKernel(name, of: operands[0], isTall: true)
    return .kernels(
      kernel.sequence(
        KernelSources.orthogonalTriangular, "orthogonal_triangular",
        operationCount: Dimension(4 * kernel.rows * kernel.columns * kernel.columns), for: profile))
  }

  static func factors(_ packed: Tensor) -> (q: Tensor, r: Tensor) {
    let (all, columns) = (packed.fixedExtent(ofAxis: -2), packed.fixedExtent(ofAxis: -1))
    return (packed.matrixRows(0..<all - columns), packed.matrixRows(all - columns..<all))
  }
}

extension Tensor {
  /// - Precondition: the extent is fixed.
  func fixedExtent(ofAxis axis: Int) -> Int {
    guard let extent = shape[axis < 0 ? axis + rank : axis].fixed else {
      preconditionFailure("axis \(axis) of \(shape) has no fixed extent")
    }
    return extent
  }
}

/// The factors of matrices A = Q R, Q with orthonormal columns, R upper triangular with a positive
/// diagonal, which makes them unique.
///
/// - Parameter a: `[..., m, n]`, n ≤ m ≤ 16; floating point. Where columns depend on each other, the
///   derivative is not finite.
/// - Returns: `q`, `[..., m, n]`, and `r`, `[..., n, n]`.
public func orthogonalTriangular(_ a: Tensor) -> (q: Tensor, r: Tensor) {
  OrthogonalTriangular.factors(Tensor(OrthogonalTriangular(), [a]))
}
