/// A tensor repeated along axes where its extent is 1, or along new outer axes.
struct Broadcast: Operation {
  var shape: Shape

  var name: String { "broadcast" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      Shape.broadcasting(operands[0].shape, shape) == shape,
      "broadcast: shape \(operands[0].shape) does not stretch to \(shape)")
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let source = operands[0].shape
    let added = shape.rank - source.rank
    let axes = (0..<shape.rank).filter {
      $0 < added || (source[$0 - added] == 1 && shape[$0] != 1)
    }
    return [cotangent.sum(along: axes).reshaped(to: source)]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .view(Map(source: operands[0].shape)) }

  private struct Map: IndexMap {
    var source: Shape
    func source(of index: [IndexExpression]) -> [IndexExpression] {
      (0..<source.rank).map {
        source[$0] == 1 ? .constant(0) : index[$0 + index.count - source.rank]
      }
    }
    var repeatsElements: Bool { true }
  }
}

extension Tensor {
  /// The tensor stretched to `shape` by NumPy's rule: axes are aligned at the end, extents of 1
  /// repeat.
  ///
  /// - Precondition: the tensor's shape stretches to `shape`.
  public func broadcast(to shape: Shape) -> Tensor {
    shape == self.shape ? self : Tensor(Broadcast(shape: shape), [self])
  }

  /// A tensor of `self`'s shape and type whose elements are all `value`.
  public func filled(with value: Double) -> Tensor {
    Tensor(Constant(value: value, shape: shape, elementType: elementType), [])
  }
}
