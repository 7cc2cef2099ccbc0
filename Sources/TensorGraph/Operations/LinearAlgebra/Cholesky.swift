import KernelSources
import OpenCLRuntime

/// The lower triangular L of A = L Lᵀ.
struct Cholesky: Operation {
  var name: String { "cholesky" }
  var kernelFamily: KernelFamily? { .linearAlgebra }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    _ = SmallMatrixKernel(name, of: operands[0])
    return operands[0]
  }

  /// Ā = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹ made symmetric, where Φ takes the lower triangle with half the diagonal
  /// (Murray, "Differentiation of the Cholesky decomposition", 2016, equation 10).
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let product = matrixProduct(result, cotangent.lowerTriangle(), transposingFirst: true)
    let lower = product.lowerTriangle() - 0.5 * product * product.identityMatrix()
    let upper = result.transposed()
    let left = solve(upper, lower)
    return [solve(upper, left.transposed()).symmetrized()]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let kernel = SmallMatrixKernel(name, of: operands[0])
    return .kernels(
      kernel.sequence(
        KernelSources.cholesky, "cholesky",
        operationCount: Dimension(kernel.rows * kernel.rows * kernel.rows / 3), for: profile))
  }
}

/// The lower triangular factors L of symmetric positive definite matrices A = L Lᵀ.
///
/// - Parameter a: `[..., n, n]`, n ≤ 16; floating point. The mean with its transpose is what counts;
///   NaN where it is not positive definite.
/// - Returns: `[..., n, n]`, zeros above the diagonal, which is positive.
public func cholesky(_ a: Tensor) -> Tensor { Tensor(Cholesky(), [a]) }
