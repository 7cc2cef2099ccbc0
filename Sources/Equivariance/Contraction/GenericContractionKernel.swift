import TensorGraph

/// The kernel of any contraction: a work-item owns one channel of one segment of a row of the
/// result, all components, and runs over the items of the row, the paths that reach the
/// segment, and the channel axes that are summed.
///
/// It asks nothing of the form and is the reference that other strategies must agree with.
struct GenericContractionKernel {
  let interface: ContractionInterface
  let profile: DeviceProfile

  /// One range of work-items on the first axis.
  private enum Part {
    case segment(Int)
    case zeros(Range<Int>)
  }

  private var output: Int { interface.output }

  private func extent(_ part: Part) -> Int {
    switch part {
    case .segment(let segment): interface.outputSlot.segments[segment].channelCount
    case .zeros(let range): range.count
    }
  }

  private var parts: [Part] {
    let reached = Set(
      interface.form.paths.compactMap { $0.factor(of: output)?.segment }
    ).sorted()
    let ranges = reached.map { segment in
      let segment = interface.outputSlot.segments[segment]
      return segment.offset..<(segment.offset + segment.elementCount)
    }
    return reached.map(Part.segment) + interface.outputSlot.gaps(between: ranges).map(Part.zeros)
  }

  func call() -> KernelCall {
    let parts = parts
    let placeCount = parts.reduce(0) { $0 + extent($1) }
    var text = KernelText()
    text.comment("A work-item computes all components of one channel of one row.")
    interface.writeSummary(to: &text)
    text.block(interface.openKernel(named: "contraction")) { text in
      text.line("const int place = get_global_id(0);")
      text.line("const int row = get_global_id(1);")
      text.line("if (place >= \(placeCount) || row >= \(interface.rowBound)) return;")
      interface.writeItemRange(to: &text)
      text.line(
        "__global \(interface.type)* restrict row_result = "
          + "\(interface.resultRow(interface.output, "row"));")
      var first = 0
      for part in parts {
        let end = first + extent(part)
        text.block("if (place >= \(first) && place < \(end))") { text in
          text.line("const int channel = place - \(first);")
          switch part {
          case .segment(let segment): write(segment, to: &text)
          case .zeros(let range): text.line("row_result[\(range.lowerBound) + channel] = 0;")
          }
        }
        first = end
      }
    }
    return KernelCall(
      name: interface.contraction.name, source: text.text, entryPoint: "contraction",
      arguments: interface.parameters.map(\.argument),
      globalSize: [WorkSize(Dimension(placeCount)), WorkSize(interface.rowCount)],
      operationCount: interface.contraction.items
        * Dimension(interface.contraction.operationCount))
  }

  private func write(_ segment: Int, to text: inout KernelText) {
    let target = interface.outputSlot.segments[segment]
    var stride = target.channelCount
    for (axis, extent) in target.channels.enumerated() {
      stride /= extent
      text.line("const int channel_\(axis) = channel/\(stride)%\(extent);")
    }
    for component in 0..<target.components {
      text.line("\(interface.type) sum_\(component) = 0;")
    }
    switch interface.rows {
    case .items:
      text.line("const int item = row;")
      writeItem(segment, to: &text)
    case .targets, .chunks:
      text.block("for (int entry = begin; entry < end; entry++)") { text in
        text.line("const int item = \(interface.item(at: "entry"));")
        writeItem(segment, to: &text)
      }
    }
    for component in 0..<target.components {
      let offset = target.offset + component * target.channelCount
      text.line("row_result[\(offset) + channel] = sum_\(component);")
    }
  }

  private func writeItem(_ segment: Int, to text: inout KernelText) {
    if interface.readsTable { interface.writeBasis(to: &text) }
    let paths = interface.form.paths.enumerated().filter {
      $0.element.factor(of: output)?.segment == segment
    }
    let slots = Set(paths.flatMap { $0.element.factors.map(\.slot) }).subtracting([output])
    for slot in slots.sorted() {
      let start = interface.rowStart(of: slot, item: "item").map { " + \($0)" } ?? ""
      let name = interface.name(slot)
      text.line("__global const \(interface.type)* restrict \(name)_row = \(name)\(start);")
    }
    for (index, path) in paths {
      text.comment("path \(index)")
      text.block("") { text in write(path, to: &text) }
    }
  }

  private func write(_ path: MultilinearForm.Path, to text: inout KernelText) {
    guard let target = path.factor(of: output) else { return }
    for (axis, name) in target.subscripts.enumerated() {
      text.line("const int \(name) = channel_\(axis);")
    }
    let extents = path.subscriptExtents(in: interface.form.slots)
    let summed = extents.keys.filter { !target.subscripts.contains($0) }.sorted()
    writeLoops(over: summed[...], extents: extents, to: &text) { text in
      writeEntries(of: path, to: &text)
    }
  }

  private func writeLoops(
    over summed: ArraySlice<Character>, extents: [Character: Int], to text: inout KernelText,
    body: (inout KernelText) -> Void
  ) {
    guard let name = summed.first else { return body(&text) }
    text.block("for (int \(name) = 0; \(name) < \(extents[name] ?? 0); \(name)++)") { text in
      writeLoops(over: summed.dropFirst(), extents: extents, to: &text, body: body)
    }
  }

  private func writeEntries(of path: MultilinearForm.Path, to text: inout KernelText) {
    var loaded: Set<String> = []
    let literalType = KernelType(interface.elementType)
    for entry in path.entries {
      var factors = [literalType.literal(entry.coefficient)]
      var target = 0
      for (factor, component) in zip(path.factors, entry.components) {
        if factor.slot == output {
          target = component
          continue
        }
        let derivative = factor.derivative == 0 ? "" : "_d\(factor.derivative)"
        let value = "\(interface.name(factor.slot))_\(component)\(derivative)"
        if loaded.insert(value).inserted {
          let segment = interface.form.slots[factor.slot].segments[factor.segment]
          let place = segment.offset + component * segment.channelCount
          let channel = channelPlace(factor.subscripts, segment.channels)
          let row = "\(interface.name(factor.slot))_row"
          let element =
            interface.isTabulated(factor.slot)
            ? interface.cubic(
              factor.slot, derivative: factor.derivative,
              load: { "\(row)[\(place + $0)\(channel)]" }, basis: { "basis_\($0)_\($1)" })
            : "\(row)[\(place)\(channel)]"
          text.line("const \(interface.type) \(value) = \(element);")
        }
        factors.append(value)
      }
      text.line("sum_\(target) += \(factors.joined(separator: "*"));")
    }
  }

  /// ` + u*32 + v` for subscripts `uv`.
  private func channelPlace(_ subscripts: String, _ extents: [Int]) -> String {
    var stride = extents.reduce(1, *)
    return zip(subscripts, extents).map { name, extent in
      stride /= extent
      return stride == 1 ? " + \(name)" : " + \(name)*\(stride)"
    }.joined()
  }
}
