extension LaneSchedule {
  /// Places in a row of a result, one range a component.
  func places(of result: Int) -> [Range<Int>] {
    let ranges = groups.flatMap { group in
      let extent = summedResults.contains(result) ? 1 : group.extent
      return group.products.flatMap(\.places).filter { $0.slot == result }
        .map { $0.offset..<($0.offset + extent) }
    }
    return Set(ranges).sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Floating-point operations that an item takes: a fused multiply-add is two.
  func operationCount(tabulated: (Int) -> Bool) -> Int {
    let scalarOperations = scalars.joined().reduce(0) { $0 + 2 * $1.elements.count }
    return groups.reduce(scalarOperations) { total, group in
      let tables = Set(group.products.flatMap(\.vectors).filter { tabulated($0.slot) })
      let lane = group.products.reduce(6 * tables.count) { $0 + $1.operationCount }
      return total + lane * group.extent
    }
  }
}

extension LaneSchedule.Product {
  /// Operations of one lane: each vector of a term is a multiply-add, each sum one more with the
  /// common vectors.
  fileprivate var operationCount: Int {
    let products = max(0, common.count - 1) + (scale == 1 ? 0 : 1)
    let sums = terms.reduce(0) { $0 + 2 * $1.vectors.count }
    let results = common.isEmpty ? 0 : 2 * termOffsets.count
    let read = readings.reduce(0) { $0 + 2 * ($1.factors.count + $1.common.count) }
    return products + sums + results + read
  }
}
