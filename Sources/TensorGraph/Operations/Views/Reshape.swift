/// The same elements in the same order under another shape.
struct Reshape: Operation {
  var shape: Shape

  var name: String { "reshape" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0].shape.elementCount == shape.elementCount,
      "reshape: \(operands[0].shape) has \(operands[0].shape.elementCount) elements, "
        + "\(shape) has \(shape.elementCount)")
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent.reshaped(to: operands[0].shape)] }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .view(Map(source: operands[0].shape, target: shape)) }

  /// Axes that both shapes share at the front are passed on; the rest goes through the position
  /// in row-major order.
  private struct Map: IndexMap {
    var source: Shape
    var target: Shape
    var keepsMemoryOrder: Bool { true }

    func source(of index: [IndexExpression]) -> [IndexExpression] {
      var shared = 0
      while shared < min(source.rank, target.rank), source[shared] == target[shared] {
        shared += 1
      }
      var position = IndexExpression.constant(0)
      for axis in shared..<max(shared, target.rank) {
        position = position * target[axis] + index[axis]
      }
      var result: [IndexExpression] = []
      for axis in (shared..<max(shared, source.rank)).reversed() {
        result.append(axis == shared ? position : position % source[axis])
        position = position / source[axis]
      }
      return Array(index.prefix(shared)) + result.reversed()
    }
  }
}

extension Tensor {
  /// The same elements, in row-major order, under another shape.
  ///
  /// - Precondition: both shapes have the same number of elements.
  public func reshaped(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    return Tensor(Reshape(shape: shape), [self])
  }

  /// The tensor with a new axis of extent 1 before `axis`.
  public func expanded(at axis: Int) -> Tensor {
    var dimensions = shape.dimensions
    dimensions.insert(1, at: axis)
    return reshaped(to: Shape(dimensions))
  }
}
