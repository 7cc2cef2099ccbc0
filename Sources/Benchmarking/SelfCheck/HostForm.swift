import Equivariance

/// A multilinear form evaluated on the host by plain loops, entry by entry.
struct HostForm: Sendable {
  let form: MultilinearForm
  /// The row of a slot that an item reads or adds to.
  let row: @Sendable (_ slot: Int, _ item: Int) -> Int

  /// The result of `output`, by rows; `values` are those of all slots in order, the result's
  /// cotangent included.
  func evaluate(_ values: [[Double]], output: Int, items: Int, rows: Int) -> [HostSum] {
    var result = [HostSum](repeating: HostSum(), count: rows * form.slots[output].width)
    for path in form.paths {
      let extents = path.subscriptExtents(in: form.slots).sorted { $0.key < $1.key }
      let channelCount = extents.reduce(1) { $0 * $1.value }
      for channel in 0..<channelCount {
        var numbers: [Character: Int] = [:]
        var rest = channel
        for (name, extent) in extents {
          numbers[name] = rest % extent
          rest /= extent
        }
        let places = path.factors.map { factor in
          let segment = form.slots[factor.slot].segments[factor.segment]
          return zip(factor.subscripts, segment.channels).reduce(0) { place, axis in
            place * axis.1 + (numbers[axis.0] ?? 0)
          } + segment.offset
        }
        for item in 0..<items {
          for entry in path.entries {
            add(entry, of: path, at: places, item, values, output, to: &result)
          }
        }
      }
    }
    return result
  }

  private func add(
    _ entry: MultilinearForm.Entry, of path: MultilinearForm.Path, at places: [Int], _ item: Int,
    _ values: [[Double]], _ output: Int, to result: inout [HostSum]
  ) {
    var product = entry.coefficient
    var target = 0
    for (index, factor) in path.factors.enumerated() {
      let slot = form.slots[factor.slot]
      let place =
        row(factor.slot, item) * slot.width + places[index]
        + entry.components[index] * slot.segments[factor.segment].channelCount
      if factor.slot == output {
        target = place
      } else {
        product *= values[factor.slot][place]
      }
    }
    result[target].add(product)
  }
}
