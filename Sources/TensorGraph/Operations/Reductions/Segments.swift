/// Which target (node) each item (edge) belongs to, with the inverse relation beside it, so that
/// a gather by items and a sum by targets are each other's derivative.
public struct SegmentIndex: Sendable {
  /// [items] int32: the target of each item.
  public var indices: Tensor
  /// [items] int32: the items sorted by target, or nil when they already are.
  public var order: Tensor?
  /// [targets + 1] int32: target `t` owns places `offsets[t] ..< offsets[t + 1]` of the order.
  public var offsets: Tensor

  /// - Precondition: all are int32 tensors with one axis, and `order` is as long as `indices`.
  public init(indices: Tensor, order: Tensor? = nil, offsets: Tensor) {
    for tensor in [indices, offsets] + (order.map { [$0] } ?? []) {
      precondition(
        tensor.elementType == .int32 && tensor.rank == 1,
        "segment index: expected int32 tensors with one axis, found \(tensor.node.description)")
    }
    precondition(
      order.map { $0.shape == indices.shape } ?? true,
      "segment index: the order has not the indices' shape")
    self.indices = indices
    self.order = order
    self.offsets = offsets
  }

  /// The number of items.
  public var itemCount: Dimension { indices.shape[0] }
  /// The number of targets.
  public var targetCount: Dimension { offsets.shape[0] - 1 }
}

/// Rows of a tensor by index.
///
/// With the inverse relation (operands 2: offsets, 3: order) the derivative is a segment sum.
struct Gather: Operation {
  var hasOrder: Bool
  var hasInverse: Bool

  var name: String { "gather" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0].shape.rank >= 1 && operands[1].shape.rank == 1
        && operands[1].elementType == .int32,
      "gather: rows of \(operands[0]) at \(operands[1]); expected int32 indices with one axis")
    var shape = operands[0].shape
    shape[0] = operands[1].shape[0]
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    precondition(
      hasInverse, "gather: by plain indices it has no derivative; gather by a SegmentIndex")
    let index = SegmentIndex(
      indices: operands[1], order: hasOrder ? operands[3] : nil, offsets: operands[2])
    return [cotangent.segmentSum(by: index)] + operands.dropFirst().map { _ in nil }
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .gather }
}

/// Sums of rows over ranges of an order; operands: values, offsets, indices for the derivative,
/// and the order unless rows are already sorted by target.
struct SegmentSum: Operation {
  var hasOrder: Bool

  var name: String { "segmentSum" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0].shape.rank >= 1 && operands[0].shape[0] == operands[2].shape[0],
      "segmentSum: rows of \(operands[0]) by indices \(operands[2])")
    var shape = operands[0].shape
    shape[0] = operands[1].shape[0] - 1
    return TensorDescription(shape, operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let index = SegmentIndex(
      indices: operands[2], order: hasOrder ? operands[3] : nil, offsets: operands[1])
    return [cotangent.gather(at: index)] + operands.dropFirst().map { _ in nil }
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .segmentSum }
}

extension Tensor {
  /// The rows (first axis) that the index names: [targets, …] becomes [items, …].
  public func gather(at index: SegmentIndex) -> Tensor {
    precondition(
      rank >= 1 && shape[0] == index.targetCount,
      "gather: \(node.description) has not \(index.targetCount) rows")
    return Tensor(
      Gather(hasOrder: index.order != nil, hasInverse: true),
      [self, index.indices, index.offsets] + (index.order.map { [$0] } ?? []))
  }

  /// The rows (first axis) at these places, an int32 tensor with one axis. Has no derivative.
  public func rows(at indices: Tensor) -> Tensor {
    Tensor(Gather(hasOrder: false, hasInverse: false), [self, indices])
  }

  /// For each target the sum of its items' rows, in the order of the index: [items, …] becomes
  /// [targets, …]. A target without items has zeros.
  public func segmentSum(by index: SegmentIndex) -> Tensor {
    precondition(
      rank >= 1 && shape[0] == index.itemCount,
      "segmentSum: \(node.description) has not \(index.itemCount) rows")
    return Tensor(
      SegmentSum(hasOrder: index.order != nil),
      [self, index.offsets, index.indices] + (index.order.map { [$0] } ?? []))
  }
}
