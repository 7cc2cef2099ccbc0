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
      if !parts.isEmpty && targets(of: joined).count <= resultsPerTile {
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
      interface: interface, type: KernelType(interface.elementType, width: width),
      row: { "\(interface.name($0))_row" }, scalar: { "scalars[b][\($0)]" },
      basis: { "basis_\($0)[b][\($1)]" },
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

  private func variable(_ offset: Int) -> String { LaneArithmetic.result(interface, offset) }

  private func targets(of products: [LaneSchedule.Product]) -> [Int] {
    Set(products.flatMap(\.offsets)).sorted()
  }

  private func writeLoads(of group: LaneSchedule.Group, width: Int, to text: inout KernelText) {
    let type = interface.type(width: width)
    for offset in targets(of: group.products) {
      let value =
        schedule.sumsLanes
        ? "0" : LaneArithmetic.load("row_result + lane", offset: offset, width: width)
      text.line("\(type) \(variable(offset)) = \(value);")
    }
  }

  private func writeStores(of group: LaneSchedule.Group, width: Int, to text: inout KernelText) {
    for offset in targets(of: group.products) {
      if schedule.sumsLanes {
        writePartialSum(offset, into: "sums", width: width, to: &text)
      } else {
        text.line(
          LaneArithmetic.store(
            variable(offset), "row_result + lane", offset: offset, width: width))
      }
    }
  }

  // MARK: Results of an item

  /// Results are declared when first added to and stored when complete, to keep registers free.
  private func writeItemResults(
    of group: LaneSchedule.Group, _ arithmetic: LaneArithmetic, width: Int,
    to text: inout KernelText
  ) {
    let type = interface.type(width: width)
    let row = "\(interface.resultName)_row"
    if !schedule.sumsLanes {
      text.line(
        "__global \(interface.type)* restrict \(row) = "
          + "\(interface.resultRow("(first + b)")) + lane;")
    }
    var open: Set<Int> = []
    var loaded: Set<LaneSchedule.LaneVector> = []
    for (place, product) in group.products.enumerated() {
      let own = targets(of: [product])
      for offset in own where open.insert(offset).inserted {
        text.line("\(type) \(variable(offset)) = 0;")
      }
      arithmetic.write([product], loaded: &loaded, to: &text)
      let needed = Set(group.products[(place + 1)...].flatMap(\.offsets))
      for offset in own where !needed.contains(offset) {
        if schedule.sumsLanes {
          writePartialSum(offset, into: "sums[b]", width: width, to: &text)
        } else {
          text.line(
            isStreamed && width == tileWidth
              ? "STREAM(\(variable(offset)), \(row) + \(offset));"
              : LaneArithmetic.store(variable(offset), row, offset: offset, width: width))
        }
      }
    }
  }

  /// Adds a tile's sum to the private one; that of a narrow tile goes to the first lane.
  private func writePartialSum(
    _ offset: Int, into sums: String, width: Int, to text: inout KernelText
  ) {
    let place = summed.firstIndex(of: offset) ?? 0
    if width == tileWidth {
      text.line("\(sums)[\(place)] += \(variable(offset));")
    } else {
      text.line("\(sums)[\(place)].s0 += \(laneSum(variable(offset), width: width));")
    }
  }
}
