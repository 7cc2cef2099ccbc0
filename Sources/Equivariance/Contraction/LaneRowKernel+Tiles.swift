import TensorGraph

/// The inner loops: lanes in tiles, and for each tile the items of the block.
extension LaneRowKernel {
  func writeGroups(to text: inout KernelText) {
    // Groups that read the same rows follow each other: the first asks for the next block's.
    var asked: Set<LaneSchedule.LaneVector> = []
    for group in schedule.groups.flatMap(parts) {
      let vectors = Set(group.products.flatMap(\.vectors)).filter {
        prefetchedSlots.contains($0.slot)
      }
      let prefetched = vectors.subtracting(asked)
      asked.formUnion(vectors)
      var first = 0
      var width = tileWidth
      while first < group.extent {
        let tiles = (group.extent - first) / width
        if tiles > 0 {
          writeTiles(
            of: group, lanes: first..<(first + tiles * width), width: width,
            prefetching: width == tileWidth ? prefetched : [], to: &text)
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
      if !parts.isEmpty && rowPlaces(of: joined).count <= resultsPerTile {
        parts[parts.count - 1].products.append(product)
      } else {
        parts.append(LaneSchedule.Group(extent: group.extent, products: [product]))
      }
    }
    return parts
  }

  /// Results of a tile that are kept in registers: of 16, or 32 with 512 bits, some are left for
  /// operands, and with blocks of one item for its scalars, which are the same for all tiles.
  private var resultsPerTile: Int {
    let width = profile.vectorWidth(of: interface.elementType)
    let some = profile.floatVectorWidth >= 16 ? 10 : 5
    let registers = profile.tuning[.contractionRegisters] ?? (blockSize == 1 ? some : 2 * some)
    return max(1, registers * width / max(tileWidth, width))
  }

  private func writeTiles(
    of group: LaneSchedule.Group, lanes: Range<Int>, width: Int,
    prefetching prefetched: Set<LaneSchedule.LaneVector>, to text: inout KernelText
  ) {
    let slots = Set(group.products.flatMap(\.vectors).map(\.slot)).sorted()
    let addresses = addresses(ahead: prefetched, extent: group.extent, width: width)
    let arithmetic = LaneArithmetic(
      interface: interface, type: KernelType(interface.elementType, width: width),
      row: { "\(interface.name($0))_row" }, scalar: { "scalars[b][\($0)]" },
      basis: { "basis_\($0)[b][\($1)]" },
      prefetch: { addresses[$0] })
    let head = "for (int lane = \(lanes.lowerBound); lane < \(lanes.upperBound); lane += \(width))"
    text.block(head) { text in
      if !isPerItem && !ownsBand { writeLoads(of: group, width: width, to: &text) }
      text.block("for (int b = 0; b < count; b++)") { text in
        for slot in slots {
          let start = movingSlots.contains(slot) ? " + \(interface.name(slot))_start[b]" : ""
          text.line(
            "__global const \(interface.type)* restrict \(interface.name(slot))_row = "
              + "\(interface.name(slot))\(start) + lane;")
          if prefetched.contains(where: { $0.slot == slot }) {
            text.line(
              "__global const \(interface.type)* restrict \(interface.name(slot))_ahead = "
                + "\(interface.name(slot)) + \(interface.name(slot))_next[b] + lane;")
          }
        }
        if ownsBand { writeLoads(of: group, width: width, to: &text) }
        writeProducts(of: group, arithmetic, width: width, to: &text)
        if ownsBand { writeStores(of: group, width: width, to: &text) }
      }
      if !isPerItem && !ownsBand { writeStores(of: group, width: width, to: &text) }
    }
  }

  /// Where the next block's lines lie that are asked for with the current tile of each vector. Vectors
  /// that follow each other in memory are asked for as one run from its first line to its last, over all
  /// tiles, which is what processors foresee.
  private func addresses(
    ahead vectors: Set<LaneSchedule.LaneVector>, extent: Int, width: Int
  ) -> [LaneSchedule.LaneVector: String] {
    var runs: [[LaneSchedule.LaneVector]] = []
    for vector in vectors.sorted(by: { ($0.slot, $0.offset) < ($1.slot, $1.offset) }) {
      if let last = runs.last?.last, last.slot == vector.slot, last.offset + extent == vector.offset
      {
        runs[runs.count - 1].append(vector)
      } else {
        runs.append([vector])
      }
    }
    var addresses: [LaneSchedule.LaneVector: String] = [:]
    for run in runs {
      for (number, vector) in run.enumerated() {
        let stride =
          run.count == 1 ? "" : run.count == 2 ? " + lane" : " + lane*\(run.count - 1)"
        addresses[vector] =
          "\(interface.name(vector.slot))_ahead + \(run[0].offset + number * width)\(stride)"
      }
    }
    return addresses
  }

  private func variable(_ place: LaneSchedule.ResultPlace) -> String {
    LaneArithmetic.result(interface, place)
  }

  private func isSummed(_ place: LaneSchedule.ResultPlace) -> Bool {
    schedule.summedResults.contains(place.slot)
  }

  // MARK: Results of a row

  private var ownsBand: Bool { interface.ownsBand }

  /// The pointer to the current lanes of the row that is added to.
  private var ownRow: String {
    ownsBand
      ? "\(interface.resultName(interface.output)) + result_start[b] + lane" : "row_result + lane"
  }

  /// Where products add to the row that a work-item owns.
  private func rowPlaces(of products: [LaneSchedule.Product]) -> [LaneSchedule.ResultPlace] {
    Set(products.flatMap(\.places)).sorted().filter { !interface.hasRowPerItem($0.slot) }
  }

  private func writeLoads(of group: LaneSchedule.Group, width: Int, to text: inout KernelText) {
    let type = interface.type(width: width)
    for place in rowPlaces(of: group.products) {
      let value =
        isSummed(place)
        ? "0" : LaneArithmetic.load(ownRow, offset: place.offset, width: width)
      text.line("\(type) \(variable(place)) = \(value);")
      if ownsBand && width == tileWidth {
        let result = interface.resultName(place.slot)
        text.line("PREFETCH(\(result) + result_next[b] + lane + \(place.offset));")
      }
    }
  }

  private func writeStores(of group: LaneSchedule.Group, width: Int, to text: inout KernelText) {
    for place in rowPlaces(of: group.products) {
      if isSummed(place) {
        writePartialSum(place, into: "sums", width: width, to: &text)
      } else {
        text.line(
          LaneArithmetic.store(
            variable(place), ownRow, offset: place.offset, width: width))
      }
    }
  }

  // MARK: Results of an item

  /// The products of one item. Its own results are declared when first added to and stored when
  /// complete, to keep registers free.
  private func writeProducts(
    of group: LaneSchedule.Group, _ arithmetic: LaneArithmetic, width: Int,
    to text: inout KernelText
  ) {
    let type = interface.type(width: width)
    func itemPlaces(_ products: some Sequence<LaneSchedule.Product>) -> [LaneSchedule.ResultPlace] {
      Set(products.flatMap(\.places)).sorted().filter { interface.hasRowPerItem($0.slot) }
    }
    let written = Set(itemPlaces(group.products).filter { !isSummed($0) }.map(\.slot)).sorted()
    for slot in written {
      text.line(
        "__global \(interface.type)* restrict \(interface.resultName(slot))_row = "
          + "\(interface.resultRow(slot, interface.item(at: "(first + b)"))) + lane;")
    }
    var open: Set<LaneSchedule.ResultPlace> = []
    var loaded: Set<LaneSchedule.LaneVector> = []
    for (index, product) in group.products.enumerated() {
      let own = itemPlaces([product])
      for place in own where open.insert(place).inserted {
        text.line("\(type) \(variable(place)) = 0;")
      }
      arithmetic.write([product], loaded: &loaded, to: &text)
      let needed = Set(group.products[(index + 1)...].flatMap(\.places))
      for place in own where !needed.contains(place) {
        if isSummed(place) {
          writePartialSum(place, into: "sums[b]", width: width, to: &text)
        } else {
          let row = "\(interface.resultName(place.slot))_row"
          text.line(
            isStreamed(place.slot) && width == tileWidth
              ? "STREAM(\(type), \(variable(place)), \(row) + \(place.offset));"
              : LaneArithmetic.store(variable(place), row, offset: place.offset, width: width))
        }
      }
    }
  }

  /// Adds a tile's sum to the private one; that of a narrow tile goes to the first lane.
  private func writePartialSum(
    _ place: LaneSchedule.ResultPlace, into sums: String, width: Int, to text: inout KernelText
  ) {
    let index = summed.firstIndex(of: place) ?? 0
    if width == tileWidth {
      text.line("\(sums)[\(index)] += \(variable(place));")
    } else {
      text.line("\(sums)[\(index)].s0 += \(laneSum(variable(place), width: width));")
    }
  }
}
