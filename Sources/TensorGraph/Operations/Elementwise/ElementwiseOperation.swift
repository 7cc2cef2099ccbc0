/// An operation that makes each element of its result from the operands' elements at the same
/// place. Adding one takes a file like `Exponential.swift` and a test; see the article
/// "Writing an operation".
package protocol ElementwiseOperation: Operation {
  /// The OpenCL C text; `type` is the operands' element type.
  func expression(of type: ElementType) -> ElementwiseExpression

  /// The result's element type; the operands' unless the operation says otherwise.
  func resultType(of operands: [ElementType]) -> ElementType
}

extension ElementwiseOperation {
  package func resultType(of operands: [ElementType]) -> ElementType { operands[0] }

  package func result(of operands: [TensorDescription]) -> TensorDescription {
    for operand in operands.dropFirst() {
      precondition(
        operand.shape == operands[0].shape,
        "\(name): operands have shapes \(operands.map { "\($0)" }.joined(separator: " and "))")
    }
    return TensorDescription(operands[0].shape, resultType(of: operands.map(\.elementType)))
  }

  package func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    .elementwise(expression(of: operands[0].elementType))
  }
}

/// Applies a two-operand operation after stretching both operands to their common shape.
///
/// - Precondition: the shapes broadcast and the element types agree.
func combine(_ operation: some ElementwiseOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(
    a.elementType == b.elementType,
    "\(operation.name): element types \(a.elementType) and \(b.elementType); convert one first")
  guard let shape = Shape.broadcasting(a.shape, b.shape) else {
    preconditionFailure("\(operation.name): shapes \(a.shape) and \(b.shape) do not broadcast")
  }
  return Tensor(operation, [a.broadcast(to: shape), b.broadcast(to: shape)])
}
