/// A range of one axis.
struct Slice: Operation {
  var axis: Int
  var lower: Dimension
  var extent: Dimension

  var name: String { "slice" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    var shape = operands[0].shape
    precondition(
      axis < shape.rank && (lower + extent).isKnown(notAbove: shape[axis]),
      "slice: \(lower)..<\(lower + extent) of axis \(axis) is not within \(shape)")
    shape[axis] = extent
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    [cotangent.padded(along: axis, before: lower, to: operands[0].shape[axis])]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .view(Map(axis: axis, lower: lower)) }

  private struct Map: IndexMap {
    var axis: Int
    var lower: Dimension
    func source(of index: [IndexExpression]) -> [IndexExpression] {
      var index = index
      index[axis] = index[axis] + .constant(1) * lower
      return index
    }
  }
}

/// Zeros before and after the elements of one axis.
struct Pad: Operation {
  var axis: Int
  var before: Dimension
  var extent: Dimension

  var name: String { "pad" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    var shape = operands[0].shape
    precondition(
      axis < shape.rank && (before + shape[axis]).isKnown(notAbove: extent),
      "pad: axis \(axis) of \(shape) with \(before) zeros before it exceeds \(extent)")
    shape[axis] = extent
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let extent = operands[0].shape[axis]
    return [Tensor(Slice(axis: axis, lower: before, extent: extent), [cotangent])]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    .view(Map(axis: axis, before: before, extent: operands[0].shape[axis]))
  }

  private struct Map: IndexMap {
    var axis: Int
    var before: Dimension
    var extent: Dimension
    func source(of index: [IndexExpression]) -> [IndexExpression] {
      var index = index
      index[axis] = index[axis] + .constant(1) * (before * -1)
      return index
    }
    func guards(of index: [IndexExpression]) -> [IndexGuard] {
      [IndexGuard(index: index[axis], lower: before, upper: before + extent)]
    }
  }
}

extension Tensor {
  /// The elements `range` of an axis.
  public func slice(_ range: Range<Int>, along axis: Int) -> Tensor {
    slice(from: Dimension(range.lowerBound), count: Dimension(range.count), along: axis)
  }

  /// `count` elements of an axis from `lower` on.
  public func slice(from lower: Dimension, count: Dimension, along axis: Int) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    if lower == 0, count == shape[axis] { return self }
    return Tensor(Slice(axis: axis, lower: lower, extent: count), [self])
  }

  /// The tensor within zeros: along `axis`, `before` zeros, the elements, and zeros up to `extent`.
  public func padded(along axis: Int, before: Dimension, to extent: Dimension) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    if before == 0, extent == shape[axis] { return self }
    return Tensor(Pad(axis: axis, before: before, extent: extent), [self])
  }
}
