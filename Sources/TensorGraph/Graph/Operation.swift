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

  /// How the result is computed on a device.
  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering
}

/// How an operation becomes OpenCL C.
package enum Lowering: Sendable {
  /// The elements are given: a constant, a parameter, an argument of a compiled function.
  case given

  /// One scalar expression an element, of operands that have the result's shape. The scheduler
  /// fuses such expressions with their neighbours; the closure receives the operands'
  /// expressions, all of one vector width, and must be valid for scalars and vectors.
  case elementwise(@Sendable (_ operands: [String], _ type: KernelType) -> String)

  /// The result's elements are operand 0's at other places (or zero): reshape, permute, slice…
  case view(any IndexMap)

  /// Elements of operand 0 at rows read from operand 1.
  case gather

  /// A sum or maximum over some axes of operand 0.
  case reduction(Reduction, axes: [Int])

  /// Sums of operand 0's rows over ranges: row `s` of the result adds rows
  /// `offsets[s] ..< offsets[s + 1]`; operand 1 is `offsets`.
  case segmentSum

  /// Kernels of its own; operands and result are whole buffers.
  case kernels(KernelSequence)
}

/// What a reduction does with its elements.
package enum Reduction: String, Hashable, Sendable {
  case sum
  case maximum
}
