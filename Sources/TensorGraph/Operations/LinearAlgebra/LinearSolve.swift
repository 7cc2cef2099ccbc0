import KernelSources
import OpenCLRuntime

/// The solutions of small linear equations, by elimination with partial pivoting.
struct LinearSolve: Operation {
  var name: String { "solve" }
  var kernelFamily: KernelFamily? { .linearAlgebra }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let (matrix, right) = (operands[0], operands[1])
    _ = SmallMatrixKernel(name, of: matrix)
    precondition(
      right.elementType == matrix.elementType && right.shape.rank == matrix.shape.rank
        && right.shape.dimensions.dropLast() == matrix.shape.dimensions.dropLast(),
      "solve: matrices \(matrix), right sides \(right)")
    return right
  }

  /// X = A⁻¹ B: B̄ = A⁻ᵀ X̄ and Ā = −B̄ Xᵀ.
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let right = Tensor(LinearSolve(), [operands[0].transposed(), cotangent])
    return [-matrixProduct(right, result, transposingSecond: true), right]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let kernel = SmallMatrixKernel(name, of: operands[0])
    let columns = result.shape[result.shape.rank - 1]
    let cube = Dimension(2 * kernel.rows * kernel.rows * kernel.rows / 3)
    return .kernels(
      kernel.sequence(
        KernelSources.elimination, "solve", sizes: [columns], operandCount: 2,
        operationCount: cube + columns * Dimension(2 * kernel.rows * kernel.rows), for: profile))
  }
}

/// The solutions X of A X = B for small square matrices: elimination with partial pivoting.
///
/// - Parameters:
///   - a: `[..., n, n]`, n ≤ 16; floating point. A singular matrix gives infinities or NaN.
///   - b: `[..., n, columns]`, with the leading axes and the type of `a`.
/// - Returns: `[..., n, columns]`.
public func solve(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor(LinearSolve(), [a, b]) }

/// The inverses of small square matrices `[..., n, n]`, n ≤ 16; infinities or NaN where there is none.
public func inverse(_ a: Tensor) -> Tensor {
  solve(a, a.identityMatrix().broadcast(to: a.shape))
}
