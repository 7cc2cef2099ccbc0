import TensorGraph

/// What the kernels of a contraction have in common: parameters, rows of the result, the items
/// of a row, and where an item's operands begin.
struct ContractionInterface {
  /// What a row of the result is, and so which items belong to it.
  enum Rows: Hashable {
    /// Row and item are the same.
    case items
    /// The items whose index is the row.
    case targets(relation: Int)
    /// A fixed part of all items.
    case chunks
  }

  let contraction: Contraction
  let elementType: ElementType
  let rows: Rows
  /// Whether a work-item owns a band of rows and takes the items of all of them in ascending order,
  /// as `sorted`: then each item adds to the row that its index names. Goes with rows that are
  /// targets of a relation that is not sorted.
  var ownsBand = false
  /// Slots that are read: those with a factor in some path of the result.
  let usedSlots: [Int]

  init(_ contraction: Contraction, elementType: ElementType) {
    self.contraction = contraction
    self.elementType = elementType
    switch contraction.accesses[contraction.output] {
    case .perItem: rows = .items
    case .indexed(let relation): rows = .targets(relation: relation)
    case .shared: rows = .chunks
    case .tabulated: preconditionFailure("a table is not a result")
    }
    var used: Set<Int> = []
    for path in contraction.form.paths where contraction.result(of: path) != nil {
      used.formUnion(path.factors.map(\.slot))
    }
    used.subtract(contraction.outputs)
    usedSlots = used.sorted()
  }

  var form: MultilinearForm { contraction.form }
  /// The result whose rows the kernel runs over, and all results.
  var output: Int { contraction.output }
  var outputs: [Int] { contraction.outputs }
  var outputSlot: MultilinearForm.Slot { form.slots[output] }
  var type: String { elementType.kernelName }
  func name(_ slot: Int) -> String { form.slots[slot].name }
  func resultName(_ slot: Int) -> String { "result_\(name(slot))" }

  /// Whether a result has a row of its own for each item.
  func hasRowPerItem(_ slot: Int) -> Bool { contraction.accesses[slot] == .perItem }

  /// The type of a vector.
  func type(width: Int) -> String { KernelType(elementType, width: width).name }

  /// The number of rows.
  var rowCount: Dimension {
    switch rows {
    case .items: contraction.items
    case .targets(let relation): contraction.relations[relation].targets
    case .chunks: Dimension(ContractionGenerator.chunkCount)
    }
  }

  // MARK: Parameters

  /// Relations whose `indices` are read.
  private var gatheredRelations: [Int] {
    var gathered: Set<Int> = []
    for slot in usedSlots {
      if case .indexed(let relation) = contraction.accesses[slot], relation != runningRelation {
        gathered.insert(relation)
      }
    }
    if ownsBand, case .targets(let relation) = rows { gathered.insert(relation) }
    return gathered.sorted()
  }

  /// The relation whose row is the running `row`.
  private var runningRelation: Int? {
    if !ownsBand, case .targets(let relation) = rows { relation } else { nil }
  }

  /// Two buffers in which the items of bands are sorted.
  var scratch: [TensorDescription] {
    Array(repeating: TensorDescription([contraction.items], .int32), count: ownsBand ? 2 : 0)
  }

  /// Parameters in OpenCL C and what each is bound to, in order.
  var parameters: [(text: String, argument: KernelCall.Argument)] {
    var list: [(String, KernelCall.Argument)] = []
    for slot in usedSlots {
      if let operand = contraction.operand(of: slot) {
        list.append(("__global const \(type)* restrict \(name(slot))", .operand(operand)))
      }
    }
    for relation in gatheredRelations {
      let operand = contraction.firstOperand(ofRelation: relation)
      list.append(("__global const int* restrict indices_\(relation)", .operand(operand)))
    }
    if case .targets(let relation) = rows {
      let first = contraction.firstOperand(ofRelation: relation)
      if contraction.relations[relation].isSorted {
        list.append(("__global const int* restrict offsets", .operand(first + 1)))
      } else {
        list.append(("__global const int* restrict order", .operand(first + 1)))
        list.append(("__global const int* restrict offsets", .operand(first + 2)))
      }
    }
    for place in scratch.indices {
      list.append(("__global int* restrict sorted_\(place)", .scratch(place)))
    }
    list += tableParameters
    for (place, slot) in outputs.enumerated() {
      list.append(
        (
          "__global \(type)* restrict \(resultName(slot))",
          rows == .chunks ? .scratch(0) : .result(place)
        ))
    }
    if rows == .chunks || rows == .items || ownsBand {
      list.append(("const int items", .size(contraction.items)))
    }
    if case .targets = rows { list.append(("const int rows", .size(rowCount))) }
    return list
  }

  func openKernel(named entryPoint: String) -> String {
    "__kernel void \(entryPoint)(\n    " + parameters.map(\.text).joined(separator: ",\n    ") + ")"
  }

  // MARK: Items

  /// The number of rows as the kernel knows it.
  var rowBound: String {
    switch rows {
    case .items: "items"
    case .targets: "rows"
    case .chunks: "\(ContractionGenerator.chunkCount)"
    }
  }

  /// Declares `begin` and `end`, the places of the items of `row`; of a band of rows also
  /// `first_row`, `last_row` and `sorted`.
  func writeItemRange(to text: inout KernelText) {
    switch rows {
    case .items: break
    case .targets where ownsBand:
      text.line("const int band = (rows - 1)/(int)get_global_size(0) + 1;")
      text.line("const int first_row = min(row*band, rows);")
      text.line("const int last_row = min(first_row + band, rows);")
      text.line("const int begin = offsets[first_row];")
      text.line("const int end = offsets[last_row];")
      text.comment("The items of these rows, in ascending order.")
      text.line(
        "__global const int* sorted = sort_segment(order, begin, end, items, sorted_0, sorted_1);")
    case .targets:
      text.line("const int begin = offsets[row];")
      text.line("const int end = offsets[row + 1];")
    case .chunks:
      let count = ContractionGenerator.chunkCount
      text.line("const int chunk = items/\(count) + (items%\(count) != 0);")
      text.line("const int begin = min(row*chunk, items);")
      text.line("const int end = min(begin + chunk, items);")
    }
  }

  /// Whether the rows one after the other take the items from first to last.
  var visitsItemsInOrder: Bool {
    if case .targets(let relation) = rows { contraction.relations[relation].isSorted } else { true }
  }

  /// The item at `place` of a row's range.
  func item(at place: String) -> String {
    if ownsBand { return "sorted[\(place)]" }
    if case .targets(let relation) = rows, !contraction.relations[relation].isSorted {
      return "order[\(place)]"
    }
    return place
  }

  /// Where the row of a slot begins for `item`; nil when it is the only row. A row that the
  /// result's own index names is the running `row`, if a work-item has one; that of a table is the one
  /// of `knot`.
  func rowStart(of slot: Int, item: String) -> String? {
    let width = form.slots[slot].width
    switch contraction.accesses[slot] {
    case .perItem: return "(index_t)\(item)*\(width)"
    case .indexed(let relation):
      let index = relation == runningRelation ? "row" : "indices_\(relation)[\(item)]"
      return "(index_t)\(index)*\(width)"
    case .shared: return nil
    case .tabulated: return "(index_t)knot*\(KnotGrid.numbersPerKnot * width)"
    }
  }

  /// Lines at the top of a kernel: what it computes from what.
  func writeSummary(to text: inout KernelText) {
    func shape(_ slot: Int) -> String {
      let width = form.slots[slot].width
      switch contraction.accesses[slot] {
      case .perItem: return "\(name(slot)) [item, \(width)]"
      case .indexed(let relation): return "\(name(slot)) [indices_\(relation)[item], \(width)]"
      case .shared: return "\(name(slot)) [\(width)]"
      case .tabulated: return "\(name(slot)) [knot, value · rise · slope, \(width)]"
      }
    }
    text.comment("Reads " + usedSlots.map(shape).joined(separator: ", ") + ".")
    for slot in outputs {
      let (name, width) = (resultName(slot), form.slots[slot].width)
      if hasRowPerItem(slot) {
        text.comment("Writes \(name) [item, \(width)].")
      } else if rows == .chunks {
        text.comment(
          "Writes \(name) [\(ContractionGenerator.chunkCount), \(width)]: a sum over a part of the "
            + "items in each row.")
      } else {
        text.comment("Writes \(name) [row, \(width)]: the sum over the items of each row.")
      }
    }
  }

  /// Where row `row` of a result begins.
  func resultRow(_ slot: Int, _ row: String) -> String {
    "\(resultName(slot)) + (index_t)\(row)*\(form.slots[slot].width)"
  }
}
