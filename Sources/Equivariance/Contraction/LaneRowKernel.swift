import TensorGraph

/// The kernel of a contraction with one channel axis on a CPU: a work-item owns a row of the
/// result, or a few items when rows are items.
///
/// Items are taken in blocks. For each block the scalars are computed once and the operand rows
/// located; then the lanes of every group run in tiles, with the results of a tile in
/// registers over the items of the block. Operand rows are read while they are in the cache,
/// weights exactly once and in memory order. There are no atomics and no barriers.
struct LaneRowKernel {
  let interface: ContractionInterface
  let schedule: LaneSchedule
  let profile: DeviceProfile
  var blockSize: Int

  init(interface: ContractionInterface, schedule: LaneSchedule, profile: DeviceProfile) {
    self.interface = interface
    self.schedule = schedule
    self.profile = profile
    blockSize = profile.isCPU ? 8 : 1
  }

  /// Lanes of a tile: enough to use each broadcast scalar for more than one register.
  private var tileWidth: Int {
    guard profile.isCPU else { return 1 }
    return interface.elementType == .float64 ? 8 : 16
  }

  private var isPerItem: Bool { interface.rows == .items }

  /// Elements of the result that have no lanes, each with its place in `sums`.
  private var summedOffsets: [Int] {
    Set(schedule.groups.flatMap(\.products).filter(\.sumsLanes).flatMap(\.offsets)).sorted()
  }

  func call() -> KernelCall {
    var text = KernelText()
    writeSummary(to: &text)
    writeLaneSums(to: &text)
    text.block(interface.openKernel(named: "contraction")) { text in
      text.line("const int row = get_global_id(0);")
      if isPerItem {
        text.line("const int first = row*\(blockSize);")
        text.line("if (first >= items) return;")
        text.line("const int count = min(\(blockSize), items - first);")
        writeArrays(to: &text)
        writeBlock(to: &text)
      } else {
        text.line("if (row >= \(interface.rowBound)) return;")
        interface.writeItemRange(to: &text)
        writeArrays(to: &text)
        text.line(
          "__global \(interface.type)* restrict row_result = "
            + "\(interface.resultName) + (index_t)row*\(interface.output.width);")
        text.line("for (int i = 0; i < \(interface.output.width); i++) row_result[i] = 0;")
        text.block("for (int first = begin; first < end; first += \(blockSize))") { text in
          text.line("const int count = min(\(blockSize), end - first);")
          writeBlock(to: &text)
        }
        writeSums(from: "sums", to: "row_result", &text)
      }
    }
    let rows = WorkSize(interface.rowCount, itemsPerWorkItem: isPerItem ? blockSize : 1)
    return KernelCall(
      name: interface.contraction.name, source: text.text, entryPoint: "contraction",
      arguments: interface.parameters.map(\.argument), globalSize: [rows],
      localSize: profile.isCPU ? [1] : nil,
      operationCount: interface.contraction.items
        * Dimension(interface.form.operationCount(for: interface.contraction.output)))
  }

  private func writeSummary(to text: inout KernelText) {
    let owner =
      isPerItem ? "\(blockSize) items" : interface.rows == .chunks ? "one part" : "one row"
    text.comment("A work-item computes \(owner) of \(interface.resultName), all channels.")
    interface.writeSummary(to: &text)
  }

  /// Private memory of a work-item: scalars and row starts of a block, sums over lanes.
  private func writeArrays(to text: inout KernelText) {
    if !schedule.scalars.isEmpty {
      text.line("\(interface.type) scalars[\(blockSize)][\(schedule.scalars.count)];")
    }
    for slot in movingSlots { text.line("index_t \(interface.name(slot))_start[\(blockSize)];") }
    let sums = summedOffsets.count
    if sums > 0 {
      let type = interface.type(width: tileWidth)
      if isPerItem {
        text.line("\(type) sums[\(blockSize)][\(sums)];")
      } else {
        text.line("\(type) sums[\(sums)];")
        text.line("for (int i = 0; i < \(sums); i++) sums[i] = 0;")
      }
    }
  }

  /// Slots whose vectors are read at a place that depends on the item.
  private var movingSlots: [Int] {
    let products = schedule.groups.flatMap(\.products)
    let vectors = products.flatMap { $0.common + $0.terms.flatMap(\.vectors) }
    return Set(vectors.map(\.slot)).filter { interface.rowStart(of: $0, item: "item") != nil }
      .sorted()
  }

  private func writeBlock(to text: inout KernelText) {
    text.block("for (int b = 0; b < count; b++)") { text in
      text.line("const int item = \(interface.item(at: "first + b"));")
      for slot in movingSlots {
        text.line(
          "\(interface.name(slot))_start[b] = \(interface.rowStart(of: slot, item: "item") ?? "0");"
        )
      }
      writeScalars(to: &text)
      if isPerItem && !summedOffsets.isEmpty {
        text.line("for (int i = 0; i < \(summedOffsets.count); i++) sums[b][i] = 0;")
      }
      if isPerItem {
        writeZeros(to: &text)
      }
    }
    for group in schedule.groups {
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
    if isPerItem && !summedOffsets.isEmpty {
      text.block("for (int b = 0; b < count; b++)") { text in
        text.line(
          "__global \(interface.type)* restrict row_result = "
            + "\(interface.resultName) + (index_t)(first + b)*\(interface.output.width);")
        writeSums(from: "sums[b]", to: "row_result", &text)
      }
    }
  }

  /// Elements of an item's row that no path reaches.
  private func writeZeros(to text: inout KernelText) {
    var reached = summedOffsets.map { $0..<($0 + 1) }
    for group in schedule.groups {
      for product in group.products where !product.sumsLanes {
        reached += product.offsets.map { $0..<($0 + group.extent) }
      }
    }
    for range in interface.unreachedRanges(reached: reached) {
      text.line(
        "for (int i = \(range.lowerBound); i < \(range.upperBound); i++) "
          + "\(interface.resultName)[(index_t)item*\(interface.output.width) + i] = 0;")
    }
  }

  private func writeScalars(to text: inout KernelText) {
    guard !schedule.scalars.isEmpty else { return }
    for slot in Set(schedule.scalars.joined().flatMap(\.elements).map(\.slot)).sorted() {
      let start = interface.rowStart(of: slot, item: "item").map { " + \($0)" } ?? ""
      text.line(
        "__global const \(interface.type)* restrict \(interface.name(slot))_row = "
          + "\(interface.name(slot))\(start);")
    }
    for (place, products) in schedule.scalars.enumerated() {
      let value = LaneArithmetic.expression(products, elementType: interface.elementType) {
        "\(interface.name($0.slot))_row[\($0.offset)]"
      }
      text.line("scalars[b][\(place)] = \(value);")
    }
  }

  private func writeTiles(
    of group: LaneSchedule.Group, lanes: Range<Int>, width: Int, to text: inout KernelText
  ) {
    let type = KernelType(interface.elementType, width: width)
    let output = interface.contraction.output
    let laneOffsets = Set(group.products.filter { !$0.sumsLanes }.flatMap(\.offsets)).sorted()
    let sumOffsets = Set(group.products.filter(\.sumsLanes).flatMap(\.offsets)).sorted()
    func variable(_ offset: Int) -> String {
      LaneArithmetic.variable(interface, output, offset)
    }
    let arithmetic = LaneArithmetic(
      interface: interface, type: type, row: { "\(interface.name($0))_row" },
      scalar: { "scalars[b][\($0)]" })
    let slots = Set(
      group.products.flatMap { $0.common + $0.terms.flatMap(\.vectors) }.map(\.slot)
    ).sorted()

    text.block(
      "for (int lane = \(lanes.lowerBound); lane < \(lanes.upperBound); lane += \(width))"
    ) { text in
      if !isPerItem {
        for offset in laneOffsets {
          let value = LaneArithmetic.load("(row_result + lane)", offset: offset, width: width)
          text.line("\(type.name) \(variable(offset)) = \(value);")
        }
        for offset in sumOffsets { text.line("\(type.name) \(variable(offset)) = 0;") }
      }
      text.block("for (int b = 0; b < count; b++)") { text in
        for slot in slots {
          let start = movingSlots.contains(slot) ? " + \(interface.name(slot))_start[b]" : ""
          text.line(
            "__global const \(interface.type)* restrict \(interface.name(slot))_row = "
              + "\(interface.name(slot))\(start) + lane;")
        }
        if isPerItem {
          for offset in laneOffsets + sumOffsets {
            text.line("\(type.name) \(variable(offset)) = 0;")
          }
        }
        arithmetic.write(group.products, output: { _ in output }, to: &text)
        if isPerItem {
          if !laneOffsets.isEmpty {
            text.line(
              "__global \(interface.type)* restrict row_result = \(interface.resultName) + "
                + "(index_t)(first + b)*\(interface.output.width) + lane;")
          }
          for offset in laneOffsets {
            text.line(
              LaneArithmetic.store(variable(offset), "row_result", offset: offset, width: width))
          }
          writePartialSums(sumOffsets, into: "sums[b]", width: width, to: &text)
        }
      }
      if !isPerItem {
        for offset in laneOffsets {
          text.line(
            LaneArithmetic.store(
              variable(offset), "(row_result + lane)", offset: offset, width: width))
        }
        writePartialSums(sumOffsets, into: "sums", width: width, to: &text)
      }
    }
  }

  /// Adds a tile's sums to the private ones; those of a narrow tile go to the first lane.
  private func writePartialSums(
    _ offsets: [Int], into sums: String, width: Int, to text: inout KernelText
  ) {
    for offset in offsets {
      let place = summedOffsets.firstIndex(of: offset) ?? 0
      let value = LaneArithmetic.variable(interface, interface.contraction.output, offset)
      if width == tileWidth {
        text.line("\(sums)[\(place)] += \(value);")
      } else {
        text.line("\(sums)[\(place)].s0 += \(horizontalSum(value, width: width));")
      }
    }
  }

  private func writeSums(from sums: String, to row: String, _ text: inout KernelText) {
    for (place, offset) in summedOffsets.enumerated() {
      text.line("\(row)[\(offset)] = \(horizontalSum("\(sums)[\(place)]", width: tileWidth));")
    }
  }

  private func horizontalSum(_ vector: String, width: Int) -> String {
    width == 1 ? vector : "lane_sum_\(width)(\(vector))"
  }

  /// Functions that add the lanes of a vector, halving it each time.
  private func writeLaneSums(to text: inout KernelText) {
    guard !summedOffsets.isEmpty else { return }
    var width = 2
    while width <= tileWidth {
      let type = interface.type(width: width)
      let half = horizontalSum("v.lo + v.hi", width: width / 2)
      text.line("inline \(interface.type) lane_sum_\(width)(\(type) v) { return \(half); }")
      width *= 2
    }
  }
}
