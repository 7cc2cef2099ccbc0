import KernelSources
import OpenCLRuntime

/// The determinants of small square matrices, by elimination with partial pivoting.
struct Determinant: Operation {
  var name: String { "determinant" }
  var kernelFamily: KernelFamily? { .linearAlgebra }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    _ = SmallMatrixKernel(name, of: operands[0])
    return TensorDescription(
      SmallMatrixKernel.shape(operands[0].shape, with: []), operands[0].elementType)
  }

  /// Jacobi's formula, Ā = d̄ · d · A⁻ᵀ.
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let scale = (cotangent * result).expanded(at: result.rank).expanded(at: result.rank + 1)
    return [scale * inverse(operands[0]).transposed()]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let kernel = SmallMatrixKernel(name, of: operands[0])
    return .kernels(
      kernel.sequence(
        KernelSources.elimination, "determinant",
        operationCount: Dimension(2 * kernel.rows * kernel.rows * kernel.rows / 3), for: profile))
  }
}

/// The determinants of small square matrices: `[..., n, n]`, n ≤ 16, becomes `[...]`.
///
/// The derivative of a singular matrix's is NaN.
public func determinant(_ a: Tensor) -> Tensor { Tensor(Determinant(), [a]) }
