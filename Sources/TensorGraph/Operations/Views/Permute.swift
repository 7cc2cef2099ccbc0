/// The same elements with axes in another order.
struct Permute: Operation {
  /// `order[k]` is the source's axis that becomes axis `k`.
  var order: [Int]

  var name: String { "permute" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      order.sorted() == Array(0..<operands[0].shape.rank),
      "permute: \(order) is no order of the axes of \(operands[0].shape)")
    return TensorDescription(
      Shape(order.map { operands[0].shape[$0] }), operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent.permuted(inverse)] }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .view(Map(inverse: inverse)) }

  private var inverse: [Int] {
    var inverse = order
    for (target, source) in order.enumerated() { inverse[source] = target }
    return inverse
  }

  private struct Map: IndexMap {
    var inverse: [Int]
    func source(of index: [IndexExpression]) -> [IndexExpression] { inverse.map { index[$0] } }
  }
}

extension Tensor {
  /// The tensor with its axes in another order: axis `order[k]` becomes axis `k`.
  public func permuted(_ order: [Int]) -> Tensor {
    order == Array(0..<rank) ? self : Tensor(Permute(order: order), [self])
  }

  /// The tensor with its last two axes exchanged.
  public func transposed() -> Tensor {
    permuted(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
  }
}
