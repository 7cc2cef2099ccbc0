/// An operation that may share kernels with others that have the same operands, as the gradients of
/// one operation do: each by itself would read the same memory again.
///
/// Each remains an operation of its own, with its own result and derivative. Which of them are
/// wanted, and so computed together, shows when a graph is scheduled.
package protocol JointOperation: Operation {
  associatedtype Family: Hashable & Sendable

  /// Equal for operations that may share kernels.
  var jointFamily: Family { get }

  /// Kernels that compute several operations of one family from the same operands, or nil where each
  /// is better computed by itself. The result of `parts[i]` is `KernelCall.Argument.result(i)`.
  static func jointLowering(
    _ parts: [Self], of operands: [TensorDescription], to results: [TensorDescription],
    for profile: DeviceProfile
  ) -> KernelSequence?
}

extension JointOperation {
  /// `jointLowering` of this operation and others of its family.
  func jointLowering(
    with others: [any Operation], of operands: [TensorDescription],
    to results: [TensorDescription], for profile: DeviceProfile
  ) -> KernelSequence? {
    Self.jointLowering(
      [self] + others.compactMap { $0 as? Self }, of: operands, to: results, for: profile)
  }
}
