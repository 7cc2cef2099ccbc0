import KernelSources
import OpenCLRuntime

/// The factors of A = U S Vᵀ: U, the values, V, one below the other.
struct SingularValues: Operation {
  var name: String { "singularValues" }
  var kernelFamily: KernelFamily? { .linearAlgebra }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let rows = SmallMatrixKernel(name, of: operands[0]).rows
    return TensorDescription(
      SmallMatrixKernel.shape(operands[0].shape, with: [Dimension(2 * rows + 1), Dimension(rows)]),
      operands[0].elementType)
  }

  /// Ā = U ((F ∘ (UᵀŪ − ŪᵀU)) S + S (F ∘ (VᵀV̄ − V̄ᵀV)) + diag(s̄)) Vᵀ, with F the reciprocal differences
  /// of squares (Townsend 2016, "Differentiating the singular value decomposition"). Vectors of equal
  /// values have no derivative: 0 is taken.
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (u, values, v) = Self.parts(result)
    let (uSlopes, valueSlopes, vSlopes) = Self.parts(cotangent)
    let reciprocals = reciprocalDifferences(values * values)
    func turn(_ x: Tensor, _ slopes: Tensor) -> Tensor {
      let product = matrixProduct(x, slopes, transposingFirst: true)
      return reciprocals * (product - product.transposed())
    }
    let inner =
      turn(u, uSlopes) * values + values.transposed() * turn(v, vSlopes)
      + u.identityMatrix() * valueSlopes
    return [matrixProduct(matrixProduct(u, inner), v, transposingSecond: true)]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let kernel = SmallMatrixKernel(name, of: operands[0])
    // Six sweeps over pairs of columns, each with three products and two rotations.
    return .kernels(
      kernel.sequence(
        KernelSources.singularValues, "singular_values",
        operationCount: Dimension(54 * kernel.rows * kernel.rows * kernel.rows), for: profile))
  }

  /// U, the values as a row, V.
  static func parts(_ packed: Tensor) -> (u: Tensor, values: Tensor, v: Tensor) {
    let rows = packed.fixedExtent(ofAxis: -1)
    return (
      packed.matrixRows(0..<rows), packed.matrixRows(rows..<rows + 1),
      packed.matrixRows(rows + 1..<2 * rows + 1)
    )
  }
}

/// The singular values and vectors of square matrices A = U S Vᵀ, by Jacobi's rotations from one side.
///
/// - Parameter a: `[..., n, n]`, n ≤ 16; floating point.
/// - Returns: `u` and `v`, `[..., n, n]`, orthogonal; `values`, `[..., n]`, descending. The component of
///   the largest magnitude of a column of `v`, the first of equal ones, is positive. The derivative of
///   vectors that belong to equal values is taken as 0.
public func singularValues(_ a: Tensor) -> (u: Tensor, values: Tensor, v: Tensor) {
  let (u, values, v) = SingularValues.parts(Tensor(SingularValues(), [a]))
  return (u, values.reshaped(to: Shape(Array(a.shape.dimensions.dropLast()))), v)
}
