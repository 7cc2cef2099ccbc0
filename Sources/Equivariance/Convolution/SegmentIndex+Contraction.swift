import TensorGraph

extension SegmentIndex {
  /// As a contraction describes it.
  var relation: Contraction.Relation {
    Contraction.Relation(targets: targetCount, isSorted: order == nil)
  }

  /// The tensors in the order in which a contraction takes them.
  var contractionOperands: [Tensor] {
    [indices] + (order.map { [$0] } ?? []) + [offsets]
  }
}
