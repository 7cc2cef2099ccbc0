import OpenCLRuntime

/// Sums of the elements before each place of an axis, or from each place to the end.
struct PrefixSum: Operation {
  var axis: Int
  var isFromEnd: Bool

  var name: String { isFromEnd ? "suffixSum" : "prefixSum" }
  var kernelFamily: KernelFamily? { .ordering }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    var shape = operands[0].shape
    precondition(
      (0..<shape.rank).contains(axis) && operands[0].elementType != .bool,
      "\(name): axis \(axis) of \(operands[0]); expected numbers")
    shape[axis] = shape[axis] + 1
    return TensorDescription(shape, operands[0].elementType)
  }

  /// An element is part of all sums on one side of it.
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let extent = operands[0].shape[axis]
    // The sum of nothing, at one end, depends on no element.
    let dependent = cotangent.slice(from: isFromEnd ? 0 : 1, count: extent, along: axis)
    let sums = Tensor(PrefixSum(axis: axis, isFromEnd: !isFromEnd), [dependent])
    return [sums.slice(from: isFromEnd ? 1 : 0, count: extent, along: axis)]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let shape = operands[0].shape
    let outer = Shape(Array(shape.dimensions[..<axis])).elementCount
    let inner = Shape(Array(shape.dimensions[(axis + 1)...])).elementCount
    let kernels = PrefixSumKernels(
      value: result.elementType.kernelName, sum: result.elementType.kernelName,
      result: result.elementType.kernelName, isFromEnd: isFromEnd)
    return .kernels(
      kernels.sequence(
        lines: outer * inner, inner: inner, extent: shape[axis], sumType: result.elementType,
        for: profile))
  }
}

extension Tensor {
  /// The sums of the elements before each place of an axis (negative axes count from the end):
  /// element `k` of the result is the sum of the first `k` elements, so that there is one more of
  /// them, 0 is the first and the total the last.
  ///
  /// Of counts these are offsets, as `SegmentIndex` takes them. Additions are made in an order that
  /// depends on the shape alone.
  public func prefixSums(along axis: Int) -> Tensor {
    Tensor(PrefixSum(axis: axis < 0 ? axis + rank : axis, isFromEnd: false), [self])
  }

  /// The sums of the elements up to each place of an axis, that place included.
  public func cumulativeSum(along axis: Int) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    return prefixSums(along: axis).slice(from: 1, count: shape[axis], along: axis)
  }
}
