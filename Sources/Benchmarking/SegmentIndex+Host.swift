import TensorGraph

extension SegmentIndex {
  /// The index of targets known on the host; with an order only where they are not sorted.
  init(of targets: [Int], count: Int) {
    let order = targets.indices.sorted { (targets[$0], $0) < (targets[$1], $1) }
    var offsets = [Int32](repeating: 0, count: count + 1)
    for target in targets { offsets[target + 1] += 1 }
    for target in 0..<count { offsets[target + 1] += offsets[target] }
    self.init(
      indices: Tensor(targets.map(Int32.init)),
      order: order == Array(targets.indices) ? nil : Tensor(order.map(Int32.init)),
      offsets: Tensor(offsets))
  }
}
