/// Tensors one after the other along an axis.
struct Concatenate: Operation {
  var axis: Int

  var name: String { "concatenate" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    var shape = operands[0].shape
    for operand in operands.dropFirst() {
      var expected = operand.shape
      precondition(
        expected.rank == shape.rank && operand.elementType == operands[0].elementType,
        "concatenate: \(operands[0]) and \(operand)")
      expected[axis] = shape[axis]
      precondition(
        expected == shape,
        "concatenate: \(operands[0]) and \(operand) differ outside axis \(axis)")
      shape[axis] = shape[axis] + operand.shape[axis]
    }
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    var lower: Dimension = 0
    return operands.map { operand in
      defer { lower = lower + operand.shape[axis] }
      return cotangent.slice(from: lower, count: operand.shape[axis], along: axis)
    }
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .concatenation(axis: axis) }
}

/// Tensors one after the other along an axis (negative axes count from the end).
///
/// - Precondition: the tensors agree in type and in all other axes, and there is at least one.
public func concatenate(_ tensors: [Tensor], along axis: Int) -> Tensor {
  precondition(!tensors.isEmpty, "concatenate: no tensors")
  if tensors.count == 1 { return tensors[0] }
  return Tensor(Concatenate(axis: axis < 0 ? axis + tensors[0].rank : axis), tensors)
}
