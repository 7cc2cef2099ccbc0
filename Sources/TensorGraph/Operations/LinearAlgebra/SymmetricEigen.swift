import KernelSources
import OpenCLRuntime

/// Eigenvalues, and below them eigenvectors as columns.
struct SymmetricEigen: Operation {
  var name: String { "symmetricEigen" }
  var kernelFamily: KernelFamily? { .linearAlgebra }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let rows = SmallMatrixKernel(name, of: operands[0]).rows
    return TensorDescription(
      SmallMatrixKernel.shape(operands[0].shape, with: [Dimension(1 + rows), Dimension(rows)]),
      operands[0].elementType)
  }

  /// Ā = V (diag(λ̄) + F ∘ (Vᵀ V̄)) Vᵀ made symmetric, with F the reciprocal differences of values
  /// (Giles 2008, "Collected matrix derivative results", section 3.1). Vectors of equal values have
  /// no derivative: 0 is taken, which is right for whatever does not depend on their choice.
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (values, vectors) = Self.parts(result)
    let (valueSlopes, vectorSlopes) = Self.parts(cotangent)
    let inner =
      reciprocalDifferences(values) * matrixProduct(vectors, vectorSlopes, transposingFirst: true)
      + vectors.identityMatrix() * valueSlopes
    let turned = matrixProduct(matrixProduct(vectors, inner), vectors, transposingSecond: true)
    return [turned.symmetrized()]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let kernel = SmallMatrixKernel(name, of: operands[0])
    // Six sweeps over half the elements, each rotating two rows and columns.
    return .kernels(
      kernel.sequence(
        KernelSources.symmetricEigen, "symmetric_eigen",
        operationCount: Dimension(36 * kernel.rows * kernel.rows * kernel.rows), for: profile))
  }

  /// Values as a row, and vectors.
  static func parts(_ packed: Tensor) -> (values: Tensor, vectors: Tensor) {
    (packed.matrixRows(0..<1), packed.matrixRows(1..<packed.fixedExtent(ofAxis: -2)))
  }
}

/// 1 / (xⱼ − xᵢ) for rows `[..., 1, n]` of numbers, and 0 where they are equal: `[..., n, n]`.
func reciprocalDifferences(_ x: Tensor) -> Tensor {
  let difference = x - x.transposed()
  let isEqual = difference .== 0
  return select(
    isEqual, difference.filled(with: 0),
    1 / select(isEqual, difference.filled(with: 1), difference))
}

/// Eigenvalues and eigenvectors of symmetric matrices, by Jacobi's rotations.
///
/// - Parameter a: `[..., n, n]`, n ≤ 16; floating point. The mean with its transpose is what counts.
/// - Returns: `values`, `[..., n]`, ascending; `vectors`, `[..., n, n]`, orthonormal columns in the
///   order of the values. A vector's component of the largest magnitude, the first of equal ones, is
///   positive. The derivative of vectors that belong to equal values is taken as 0.
public func symmetricEigen(_ a: Tensor) -> (values: Tensor, vectors: Tensor) {
  let (values, vectors) = SymmetricEigen.parts(Tensor(SymmetricEigen(), [a]))
  return (values.reshaped(to: Shape(Array(a.shape.dimensions.dropLast()))), vectors)
}
