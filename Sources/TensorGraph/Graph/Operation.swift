import OpenCLRuntime

/// One operation of the graph: what it makes of its operands, its derivative, its kernel.
///
/// An operation is a small value in a file of its own. Equal operations on equal operands are
/// computed once. Derivatives are written in operations again, so derivatives of any order
/// follow from the same rule.
package protocol Operation: Hashable, Sendable {
  /// The name in profiles and in `explain()`.
  var name: String { get }

  /// Shape and type of the result.
  ///
  /// A mismatch is the caller's mistake in code: the precondition's message shows the operation
  /// and all shapes.
  func result(of operands: [TensorDescription]) -> TensorDescription

  /// The vector-Jacobian product: for each operand the derivative of `⟨cotangent, result⟩` with
  /// respect to it, or nil where there is none (indices, masks).
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?]

  /// Where its kernels come from; nil for an operation that has none of its own, since it lowers to
  /// what the scheduler fuses.
  var kernelFamily: KernelFamily? { get }

  /// How the result is computed on a device.
  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering
}

extension Operation {
  package var kernelFamily: KernelFamily? { nil }
}
