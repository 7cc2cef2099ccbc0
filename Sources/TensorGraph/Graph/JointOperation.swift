/// An operation that one launch can compute together with others that read the same tensors,
/// such as the derivatives of one product with respect to several of its factors.
package protocol JointOperation: Operation {
  /// Kernels that compute this operation and all others, or nil where that is not possible or
  /// would gain nothing.
  ///
  /// - Parameters:
  ///   - operands: Names of this operation's operands; the same name is the same tensor.
  ///   - others: Further operations with the names of their operands.
  func jointKernels(
    _ operands: [Int], with others: [(operation: any Operation, operands: [Int])],
    result: TensorDescription, for profile: DeviceProfile
  ) -> JointKernels?
}

/// Kernels with several results.
package struct JointKernels: Sendable {
  /// The launches. `operand` counts in `operands`; `jointResult(0)` is the operation's own result,
  /// the others' follow in order.
  package var sequence: KernelSequence
  /// The names of the tensors that are read.
  package var operands: [Int]

  package init(_ sequence: KernelSequence, operands: [Int]) {
    self.sequence = sequence
    self.operands = operands
  }
}
