import KernelSources
import TensorGraph

/// The kernel of contractions with one channel axis on a CPU: a work-item owns a row of the
/// result, or a few items when rows are items, or a band of rows.
///
/// Rows whose items lie scattered, such as those of an edge's sender, go in bands (``ownsBand``):
/// a work-item takes the items of all its rows in ascending order, so that a receiver's row is read from
/// memory once for many edges, and rows of edges one after the other. Each item then adds to its
/// row in memory, which stays in the cache; the sums are the same, bit by bit.
///
/// Rows whose items bring vectors of their own, such as an edge's weights, are summed in private memory
/// and written once, past the caches (``sumsPrivately``): the weights leave no room there for results.
///
/// Items are taken in blocks. For each block the scalars are computed once and the operand rows
/// located; then the lanes of every group run in tiles, with the results of a tile in
/// registers over the items of the block. Operand rows are read while they are in the cache,
/// weights exactly once and in memory order. There are no atomics and no barriers.
struct LaneRowKernel {
  let interface: ContractionInterface
  let schedule: LaneSchedule
  let profile: DeviceProfile
  /// Items of a block.
  let blockSize: Int
  /// Lanes of a tile.
  let tileWidth: Int
  /// Whether the row that a work-item owns is summed in private memory and written once.
  let sumsPrivately: Bool

  /// Where results without lanes have their elements: each has its place in the array `sums`.
  let summed: [LaneSchedule.ResultPlace]

  init(interface: ContractionInterface, schedule: LaneSchedule, profile: DeviceProfile) {
    var interface = interface
    interface.ownsBand = Self.ownsBand(interface, schedule, profile)
    self.interface = interface
    self.schedule = schedule
    self.profile = profile
    sumsPrivately = Self.sumsPrivately(interface, schedule, profile)
    blockSize = Self.blockSize(interface, schedule, profile)
    tileWidth = Self.tileWidth(interface, schedule, profile)
    summed = Set(schedule.groups.flatMap(\.products).flatMap(\.places)).sorted()
      .filter { schedule.summedResults.contains($0.slot) }
  }

  var isPerItem: Bool { interface.rows == .items }

  /// Whether what is summed over lanes belongs to an item, not to the row of many.
  var sumsPerItem: Bool { summed.contains { interface.hasRowPerItem($0.slot) } }

  func sequence() -> KernelSequence { KernelSequence([call()], scratch: interface.scratch) }

  private func call() -> KernelCall {
    var text = KernelText()
    let owner =
      isPerItem
      ? "\(blockSize) items"
      : interface.ownsBand
        ? "a band of rows" : interface.rows == .chunks ? "one part" : "one row"
    let results = interface.outputs.map(interface.resultName).joined(separator: ", ")
    text.comment("A work-item computes \(owner) of \(results), all channels.")
    interface.writeSummary(to: &text)
    writeLaneSums(to: &text)
    text.block(interface.openKernel(named: "contraction")) { text in
      text.line("const int row = get_global_id(0);")
      if isPerItem { writeItems(to: &text) } else { writeRow(to: &text) }
    }
    let helpers = interface.ownsBand ? KernelSources.sortSegment + "\n" : ""
    return KernelCall(
      name: interface.contraction.name, source: helpers + text.text, entryPoint: "contraction",
      arguments: interface.parameters.map(\.argument), globalSize: [workSize],
      localSize: profile.isCPU ? [1] : nil,
      operationCount: interface.contraction.items
        * Dimension(schedule.operationCount(tabulated: interface.isTabulated)))
  }

  private var workSize: WorkSize {
    guard interface.ownsBand else {
      return WorkSize(interface.rowCount, itemsPerWorkItem: isPerItem ? blockSize : 1)
    }
    // As many bands for one core as for another, and more than one if one core is slower.
    return WorkSize(
      interface.rowCount, itemsPerWorkItem: Self.rowsPerBand,
      multipleOf: 2 * max(1, profile.computeUnits))
  }

  // MARK: Loops over items

  /// A block of items, each with its own rows of the results.
  private func writeItems(to text: inout KernelText) {
    text.line("const int first = row*\(blockSize);")
    text.line("if (first >= items) return;")
    text.line("const int count = min(\(blockSize), items - first);")
    writeArrays(to: &text)
    text.block("for (int b = 0; b < count; b++)") { text in
      writeLocation(to: &text)
      writeEmptyRows(to: &text)
    }
    writeGroups(to: &text)
    writeSums(to: &text)
  }

  /// The row of the result, or a band of rows, over blocks of the items.
  private func writeRow(to text: inout KernelText) {
    text.line("if (row >= \(interface.rowBound)) return;")
    interface.writeItemRange(to: &text)
    writeArrays(to: &text)
    writeZeros(to: &text)
    text.block("for (int first = begin; first < end; first += \(blockSize))") { text in
      text.line("const int count = min(\(blockSize), end - first);")
      text.block("for (int b = 0; b < count; b++)") { text in
        writeLocation(to: &text)
        writeEmptyRows(to: &text)
      }
      writeGroups(to: &text)
      if sumsPerItem { writeSums(to: &text) }
    }
    if sumsPrivately { writePrivateRow(to: &text) }
    guard !sumsPerItem else { return }
    for (index, place) in summed.enumerated() {
      let value = laneSum("sums[\(index)]", width: tileWidth)
      text.line("row_result[\(place.offset)] = \(value);")
    }
  }

  /// Sets the rows that a work-item owns to zero.
  private func writeZeros(to text: inout KernelText) {
    let width = interface.outputSlot.width
    if interface.ownsBand {
      let result = interface.resultName(interface.output)
      text.line(
        "for (index_t i = (index_t)first_row*\(width); i < (index_t)last_row*\(width); i++) "
          + "\(result)[i] = 0;")
    } else {
      text.line(
        sumsPrivately
          ? "\(interface.type) row_result[\(width)] __attribute__((aligned(64)));"
          : "__global \(interface.type)* restrict row_result = "
            + "\(interface.resultRow(interface.output, "row"));")
      text.line("for (int i = 0; i < \(width); i++) row_result[i] = 0;")
    }
  }

  /// Stores the row that is summed in private memory, in whole cache lines.
  private func writePrivateRow(to text: inout KernelText) {
    let line = Self.lanesOfLine(interface.elementType)
    let vector = interface.type(width: line)
    let row = interface.resultRow(interface.output, "row")
    text.block("for (int i = 0; i < \(interface.outputSlot.width); i += \(line))") { text in
      text.line("STREAM(\(vector), vload\(line)(0, row_result + i), \(row) + i);")
    }
  }

  /// Stores what a block's items have summed.
  private func writeSums(to text: inout KernelText) {
    guard !summed.isEmpty else { return }
    text.block("for (int b = 0; b < count; b++)") { text in
      text.line("const int item = \(interface.item(at: "first + b"));")
      for (index, place) in summed.enumerated() {
        let value = laneSum("sums[b][\(index)]", width: tileWidth)
        text.line("(\(interface.resultRow(place.slot, "item")))[\(place.offset)] = \(value);")
      }
    }
  }

  /// Private memory of a work-item: scalars and row starts of a block, sums over lanes.
  private func writeArrays(to text: inout KernelText) {
    if !schedule.scalars.isEmpty {
      text.line("\(interface.type) scalars[\(blockSize)][\(schedule.scalars.count)];")
    }
    for slot in movingSlots { text.line("index_t \(interface.name(slot))_start[\(blockSize)];") }
    if interface.ownsBand {
      text.line("index_t result_start[\(blockSize)];")
      text.line("index_t result_next[\(blockSize)];")
    }
    for order in interface.derivatives {
      text.line("\(interface.type) basis_\(order)[\(blockSize)][\(2 * KnotGrid.numbersPerKnot)];")
    }
    for slot in prefetchedSlots {
      text.line("index_t \(interface.name(slot))_next[\(blockSize)];")
    }
    guard !summed.isEmpty else { return }
    let type = interface.type(width: tileWidth)
    if sumsPerItem {
      text.line("\(type) sums[\(blockSize)][\(summed.count)];")
    } else {
      text.line("\(type) sums[\(summed.count)];")
      text.line("for (int i = 0; i < \(summed.count); i++) sums[i] = 0;")
    }
  }

  /// Where the rows of item `first + b` begin, and its scalars.
  private func writeLocation(to text: inout KernelText) {
    text.line("const int item = \(interface.item(at: "first + b"));")
    if interface.readsTable {
      interface.writeKnot(to: &text)
      interface.writeBasis(to: &text) { "basis_\($0)[b][\($1)]" }
    }
    for slot in movingSlots {
      let start = interface.rowStart(of: slot, item: "item") ?? "0"
      text.line("\(interface.name(slot))_start[b] = \(start);")
    }
    if !prefetchedSlots.isEmpty || interface.ownsBand {
      let next = interface.item(at: "min(first + b + \(blockSize), \(lastItem))")
      text.line("const int next_item = \(next);")
      for slot in prefetchedSlots {
        let start = interface.rowStart(of: slot, item: "next_item") ?? "0"
        text.line("\(interface.name(slot))_next[b] = \(start);")
      }
    }
    if interface.ownsBand {
      for (place, item) in [("start", "item"), ("next", "next_item")] {
        let start = interface.rowStart(of: interface.output, item: item) ?? "0"
        text.line("result_\(place)[b] = \(start);")
      }
    }
    let elements = schedule.scalars.joined().flatMap(\.elements)
    for slot in Set(elements.map(\.slot)).sorted() {
      let start = interface.rowStart(of: slot, item: "item").map { " + \($0)" } ?? ""
      text.line(
        "__global const \(interface.type)* restrict \(interface.name(slot))_row = "
          + "\(interface.name(slot))\(start);")
    }
    for (place, products) in schedule.scalars.enumerated() {
      let value = LaneArithmetic.expression(products, elementType: interface.elementType) {
        interface.value(
          of: $0, row: "\(interface.name($0.slot))_row", basis: { "basis_\($0)[b][\($1)]" })
      }
      text.line("scalars[b][\(place)] = \(value);")
    }
  }

  /// Sets an item's sums to zero, and the elements of its rows that no path reaches.
  private func writeEmptyRows(to text: inout KernelText) {
    if sumsPerItem {
      text.line("for (int i = 0; i < \(summed.count); i++) sums[b][i] = 0;")
    }
    for slot in interface.outputs where interface.hasRowPerItem(slot) {
      for range in interface.form.slots[slot].gaps(between: schedule.places(of: slot)) {
        text.line(
          "for (int i = \(range.lowerBound); i < \(range.upperBound); i++) "
            + "(\(interface.resultRow(slot, "item")))[i] = 0;")
      }
    }
  }

  // MARK: Rows that are read

  /// The last place whose item may be asked for. Where rows take their items from first to last, the
  /// first items of a row follow the last of the one before.
  private var lastItem: String {
    if isPerItem { return "items - 1" }
    if case .targets = interface.rows, interface.visitsItemsInOrder { return "offsets[rows] - 1" }
    return "end - 1"
  }

  /// Slots whose vectors are read at a place that depends on the item.
  var movingSlots: [Int] {
    let vectors = schedule.groups.flatMap(\.products).flatMap(\.vectors)
    return Set(vectors.map(\.slot)).filter { interface.rowStart(of: $0, item: "item") != nil }
      .sorted()
  }

  /// Slots whose rows for the next block are asked for while this one is computed: those that
  /// change from item to item. Rows found by a sorted relation stay the same for many items, unless
  /// only a band's items are visited.
  var prefetchedSlots: [Int] {
    guard profile.isCPU else { return [] }
    return movingSlots.filter { slot in
      switch interface.contraction.accesses[slot] {
      case .perItem: true
      case .indexed(let relation):
        interface.ownsBand
          || interface.rows != .targets(relation: relation)
            && !(interface.visitsItemsInOrder && interface.contraction.relations[relation].isSorted)
      case .shared, .tabulated: false
      }
    }
  }

  // MARK: Helpers in OpenCL C

  func laneSum(_ vector: String, width: Int) -> String {
    width == 1 ? vector : "lane_sum_\(width)(\(vector))"
  }

  /// Functions that add the lanes of a vector, halving it each time.
  private func writeLaneSums(to text: inout KernelText) {
    guard !summed.isEmpty else { return }
    var width = 2
    while width <= tileWidth {
      let type = interface.type(width: width)
      let half = laneSum("v.lo + v.hi", width: width / 2)
      text.line("inline \(interface.type) lane_sum_\(width)(\(type) v) { return \(half); }")
      width *= 2
    }
  }

  /// Whether rows of a result are written past the cache: they are long, nothing of them is read
  /// again, and all their vectors begin at a multiple of their size.
  func isStreamed(_ result: Int) -> Bool {
    let slot = interface.form.slots[result]
    return interface.hasRowPerItem(result) && tileWidth > 1 && slot.width >= 16 * tileWidth
      && slot.width.isMultiple(of: tileWidth)
      && slot.segments.allSatisfy {
        $0.offset.isMultiple(of: tileWidth) && $0.channelCount.isMultiple(of: tileWidth)
      }
  }
}
