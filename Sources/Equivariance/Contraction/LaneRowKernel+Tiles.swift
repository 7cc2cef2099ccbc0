import TensorGraph

/// The inner loops: lanes in tiles, and for each tile the items of the block.
extension LaneRowKernel {
  func writeGroups(to text: inout KernelText) {
    for group in schedule.groups.flatMap(parts) {
      var first = 0
      var width = tileWidth
      while first < group.extent {
        let tiles = (group.extent - first) / width
        if tiles > 0 {
          writeTiles(of: group, lanes: first..<(first + tiles * width), width: width, to: &text)
          first += tiles * width
        }
        width /= 2
      }
    }
  }

  /// A group in parts whose results fit into registers while the items of a block are added up.
  private func parts(of group: LaneSchedule.Group) -> [LaneSchedule.Group] {
    guard !isPerItem else { return [group] }
    var parts: [LaneSchedule.Group] = []
    for product in group.products {
      let joined = (parts.last?.products ?? []) + [product]
      let count = targets(of: joined, summed: false).count + targets(of: joined, summed: true).count
      if !parts.isEmpty && count <= resultsPerTile {
        parts[parts.count - 1].products.append(product)
      } else {
        parts.append(LaneSchedule.Group(extent: group.extent, products: [product]))
      }
    }
    return parts
  }

  /// Results of a tile that are kept in registers: of 16, or 32 with 512 bits, some are left for
  /// operands.
  private var resultsPerTile: Int {
    let width = profile.vectorWidth(of: interface.elementType)
    let registers = profile.floatVectorWidth >= 16 ? 20 : 10
    return max(1, registers * width / max(tileWidth, width))
  }

  private func writeTiles(
    of group: LaneSchedule.Group, lanes: Range<Int>, width: Int, to text: inout KernelText
  ) {
    let slots = Set(group.products.flatMap(\.vectors).map(\.slot)).sorted()
    let prefetched = width == tileWidth ? prefetchedSlots : []
    let arithmetic = LaneArithmetic(
      interface: interface, outputs: schedule.outputs,
      type: KernelType(interface.elementType, width: width),
      row: { "\(interface.name($0))_row" }, scalar: { "scalars[b][\($0)]" },
      prefetch: { prefetched.contains($0.slot) ? "\(interface.name($0.slot))_ahead" : nil })
    let head = "for (int lane = \(lanes.lowerBound); lane < \(lanes.upperBound); lane += \(width))"
    text.block(head) { text in
      if !isPerItem { writeLoads(of: group, width: width, to: &text) }
      text.block("for (int b = 0; b < count; b++)") { text in
        for slot in slots {
          let start = movingSlots.contains(slot) ? " + \(interface.name(slot))_start[b]" : ""
          text.line(
            "__global const \(interface.type)* restrict \(interface.name(slot))_row = "
              + "\(interface.name(slot))\(start) + lane;")
          if prefetched.contains(slot) {
            text.line(
              "__global const \(interface.type)* restrict \(interface.name(slot))_ahead = "
                + "\(interface.name(slot)) + \(interface.name(slot))_next[b] + lane;")
          }
        }
        if isPerItem {
          writeItemResults(of: group, arithmetic, width: width, to: &text)
        } else {
          arithmetic.write(group.products, to: &text)
        }
      }
      if !isPerItem { writeStores(of: group, width: width, to: &text) }
    }
  }

  // MARK: Results of a row

  private func variable(_ target: Target) -> String {
    LaneArithmetic.result(interface, target.slot, target.offset)
  }

  private func targets(of products: [LaneSchedule.Product], summed: Bool) -> [Target] {
    Set(
      products.filter { $0.sumsLanes == summed }.flatMap { product in
        product.offsets.map { Target(slot: schedule.outputs[product.output], offset: $0) }
      }
    ).sorted()
  }

  private func writeLoads(of group: LaneSchedule.Group, width: Int, to text: inout KernelText) {
    let type = interface.type(width: width)
    for target in targets(of: group.products, summed: false) {
      let value = LaneArithmetic.load("row_result + lane", offset: target.offset, width: width)
      text.line("\(type) \(variable(target)) = \(value);")
    }
    for target in targets(of: group.products, summed: true) {
      text.line("\(type) \(variable(target)) = 0;")
    }
  }

  private func writeStores(of group: LaneSchedule.Group, width: Int, to text: inout KernelText) {
    for target in targets(of: group.products, summed: false) {
      text.line(
        LaneArithmetic.store(
          variable(target), "row_result + lane", offset: target.offset, width: width))
    }
    for target in targets(of: group.products, summed: true) {
      writePartialSum(target, into: "sums", width: width, to: &text)
    }
  }

  // MARK: Results of an item

  /// Results are declared when first added to and stored when complete, to keep registers free.
  private func writeItemResults(
    of group: LaneSchedule.Group, _ arithmetic: LaneArithmetic, width: Int,
    to text: inout KernelText
  ) {
    let type = interface.type(width: width)
    for slot in Set(targets(of: group.products, summed: false).map(\.slot)).sorted() {
      text.line(
        "__global \(interface.type)* restrict \(interface.resultName(slot))_row = "
          + "\(interface.resultRow(slot, "(first + b)")) + lane;")
    }
    var open: Set<Target> = []
    var loaded: Set<LaneSchedule.LaneVector> = []
    for (place, product) in group.products.enumerated() {
      let own = targets(of: [product], summed: product.sumsLanes)
      for target in own where open.insert(target).inserted {
        text.line("\(type) \(variable(target)) = 0;")
      }
      arithmetic.write([product], loaded: &loaded, to: &text)
      let later = group.products[(place + 1)...]
      let needed = Set(later.flatMap { targets(of: [$0], summed: $0.sumsLanes) })
      for target in own where !needed.contains(target) {
        if product.sumsLanes {
          writePartialSum(target, into: "sums[b]", width: width, to: &text)
        } else {
          let row = "\(interface.resultName(target.slot))_row"
          text.line(
            isStreamed(target.slot) && width == tileWidth
              ? "STREAM(\(variable(target)), \(row) + \(target.offset));"
              : LaneArithmetic.store(variable(target), row, offset: target.offset, width: width))
        }
      }
    }
  }

  /// Adds a tile's sum to the private one; that of a narrow tile goes to the first lane.
  private func writePartialSum(
    _ target: Target, into sums: String, width: Int, to text: inout KernelText
  ) {
    let place = summed.firstIndex(of: target) ?? 0
    if width == tileWidth {
      text.line("\(sums)[\(place)] += \(variable(target));")
    } else {
      text.line("\(sums)[\(place)].s0 += \(laneSum(variable(target), width: width));")
    }
  }
}
