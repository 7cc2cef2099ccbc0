import TensorGraph

/// The kernel of a contraction with one channel axis on a device whose lanes are work-items: a
/// work-item owns one channel of one row of the result and keeps its components in registers
/// while it runs over the items of the row. Neighbouring work-items own neighbouring channels,
/// so they read memory in order.
struct LaneTileKernel {
  let interface: ContractionInterface
  let schedule: LaneSchedule
  let profile: DeviceProfile

  /// One range of work-items on the first axis.
  private enum Part {
    case group(LaneSchedule.Group)
    case zeros(Range<Int>)

    var extent: Int {
      switch self {
      case .group(let group): group.extent
      case .zeros(let range): range.count
      }
    }
  }

  private var parts: [Part] {
    return schedule.groups.map(Part.group)
      + interface.outputSlot.gaps(between: schedule.places(of: interface.output)).map(Part.zeros)
  }

  func call() -> KernelCall {
    let parts = parts
    let laneCount = parts.reduce(0) { $0 + $1.extent }
    var text = KernelText()
    text.comment("A work-item computes all components of one channel of one row.")
    interface.writeSummary(to: &text)
    text.block(interface.openKernel(named: "contraction")) { text in
      text.line("const int place = get_global_id(0);")
      text.line("const int row = get_global_id(1);")
      text.line("if (place >= \(laneCount) || row >= \(interface.rowBound)) return;")
      interface.writeItemRange(to: &text)
      text.line(
        "__global \(interface.type)* restrict row_result = "
          + "\(interface.resultRow(interface.output, "row"));")
      var first = 0
      for part in parts {
        let end = first + part.extent
        text.block("if (place >= \(first) && place < \(end))") { text in
          text.line("const int lane = place - \(first);")
          switch part {
          case .group(let group): write(group, to: &text)
          case .zeros(let range): text.line("row_result[\(range.lowerBound) + lane] = 0;")
          }
        }
        first = end
      }
    }
    return KernelCall(
      name: interface.contraction.name, source: text.text, entryPoint: "contraction",
      arguments: interface.parameters.map(\.argument),
      globalSize: [WorkSize(Dimension(laneCount)), WorkSize(interface.rowCount)],
      localSize: [profile.tuning[.contractionGroup] ?? profile.localSize, 1],
      operationCount: interface.contraction.items
        * Dimension(schedule.operationCount(tabulated: interface.isTabulated)))
  }

  private func write(_ group: LaneSchedule.Group, to text: inout KernelText) {
    let places = Set(group.products.flatMap(\.places)).sorted()
    func variable(_ place: LaneSchedule.ResultPlace) -> String {
      LaneArithmetic.result(interface, place)
    }
    for place in places { text.line("\(interface.type) \(variable(place)) = 0;") }
    switch interface.rows {
    case .items:
      text.line("const int item = row;")
      writeItem(group, to: &text)
    case .targets, .chunks:
      text.block("for (int entry = begin; entry < end; entry++)") { text in
        text.line("const int item = \(interface.item(at: "entry"));")
        writeItem(group, to: &text)
      }
    }
    for place in places { text.line("row_result[\(place.offset) + lane] = \(variable(place));") }
  }

  private func writeItem(_ group: LaneSchedule.Group, to text: inout KernelText) {
    if interface.readsTable { interface.writeBasis(to: &text) }
    let vectors = group.products.flatMap(\.vectors)
    for slot in Set(vectors.map(\.slot)).sorted() {
      writeRow(slot, suffix: "row", addend: " + lane", to: &text)
    }
    let places = Set(
      group.products.flatMap(\.terms).compactMap { term in
        if case .computed(let place, _) = term.factor { place } else { nil }
      }
    ).sorted()
    let elements = places.flatMap { schedule.scalars[$0].flatMap(\.elements) }
    for slot in Set(elements.map(\.slot)).sorted() {
      writeRow(slot, suffix: "scalars", addend: "", to: &text)
    }
    for place in places {
      let value = LaneArithmetic.expression(
        schedule.scalars[place], elementType: interface.elementType
      ) {
        interface.value(
          of: $0, row: "\(interface.name($0.slot))_scalars", basis: { "basis_\($0)_\($1)" })
      }
      text.line("const \(interface.type) scalar_\(place) = \(value);")
    }
    LaneArithmetic(
      interface: interface, type: KernelType(interface.elementType),
      row: { "\(interface.name($0))_row" }, scalar: { "scalar_\($0)" },
      basis: { "basis_\($0)_\($1)" }
    ).write(group.products, to: &text)
  }

  private func writeRow(_ slot: Int, suffix: String, addend: String, to text: inout KernelText) {
    let start = interface.rowStart(of: slot, item: "item").map { " + \($0)" } ?? ""
    let name = interface.name(slot)
    text.line(
      "__global const \(interface.type)* restrict \(name)_\(suffix) = \(name)\(start)\(addend);")
  }
}
