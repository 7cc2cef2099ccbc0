import OpenCLRuntime

/// The kernels that compute one stored vertex from others.
struct FusedKernel {
  /// OpenCL C functions; `entryPoints` are their names in the order they run.
  var calls: [Call]
  /// Type and size of the partial results that lie between two calls.
  var scratch: TensorDescription?

  struct Call {
    var name: String
    /// Everything from the parameter list on.
    var text: String
    /// Stored vertices read, in the order of parameters.
    var arguments: [Int]
    var symbols: [SizeSymbol]
    var globalSize: WorkSize
    var role: Role
    var usesDouble: Bool
    var operationCount: Dimension
    var families: Set<KernelFamily>
  }

  /// What the first parameter is and whether partial results are read.
  enum Role {
    case map
    case partialReduction
    case finalReduction
  }

  /// Partial sums of a reduction that is made in two steps.
  private static let partialCount = 256

  init(of vertex: Int, in graph: ScheduledGraph, stored: Set<Int>, for profile: DeviceProfile) {
    let description = graph[vertex].description
    if case .reduction(let reduction, let axes) = graph[vertex].lowering,
      graph[vertex].isSplitReduction(in: graph)
    {
      calls = Self.splitReduction(of: vertex, reduction, axes, in: graph, stored, profile)
      let partials = description.shape.elementCount * Dimension(Self.partialCount)
      scratch = TensorDescription([partials], description.elementType)
    } else {
      calls = [Self.map(of: vertex, in: graph, stored, profile)]
    }
  }

  // MARK: Maps

  private static func map(
    of vertex: Int, in graph: ScheduledGraph, _ stored: Set<Int>, _ profile: DeviceProfile
  ) -> Call {
    let description = graph[vertex].description
    let widest = widestType(reachedFrom: vertex, in: graph, stored)
    let width = profile.fusedVectorWidth(of: widest)
    if isFlat(vertex, in: graph, stored), description.shape.rank > 0 {
      if width > 1, let call = try? flatMap(of: vertex, width, in: graph, stored) { return call }
    } else if let inner = description.shape.dimensions.last?.fixed, width > 1 {
      var lanes = width
      while lanes > 1 {
        if inner.isMultiple(of: lanes),
          let call = try? shapedMap(
            of: vertex, lanes,
            vectors: vectorsPerItem(of: vertex, inner / lanes, in: graph, stored, profile),
            in: graph, stored)
        {
          return call
        }
        lanes /= 2
      }
    }
    do {
      return try shapedMap(of: vertex, 1, vectors: 1, in: graph, stored)
    } catch {
      preconditionFailure("\(graph[vertex].name): no scalar kernel (\(error))")
    }
  }

  /// How many vectors of a row a work-item takes, of the `count` that a row has: one, but several on CPUs
  /// where rows in memory are gathered or added up by segment. They lie far apart, so that each visit costs
  /// much the same for one vector as for six. (Measured with rows of 480 numbers: 2, 4 and 6 vectors
  /// took 0.79, 0.63 and 0.60 of the time with sorted segments, 0.81, 0.65 and 0.66 with scattered ones;
  /// 6 took 0.70 for a gather.)
  private static func vectorsPerItem(
    of vertex: Int, _ count: Int, in graph: ScheduledGraph, _ stored: Set<Int>,
    _ profile: DeviceProfile
  ) -> Int {
    func isBuffer(_ index: Int) -> Bool { graph.isBuffer(index, stored: stored) }
    switch graph[vertex].lowering {
    case .segmentSum, .gather: break
    default: return 1
    }
    guard profile.isCPU,
      isBuffer(graph.storage(of: graph[vertex].operands[0], isStored: isBuffer))
    else { return 1 }
    return [6, 4, 2].first { count.isMultiple(of: $0) } ?? 1
  }

  /// One work-item some vectors of the innermost axis.
  private static func shapedMap(
    of vertex: Int, _ width: Int, vectors: Int, in graph: ScheduledGraph, _ stored: Set<Int>
  ) throws -> Call {
    let shape = graph[vertex].description.shape
    let lane = width > 1 ? VectorLane(variable: "i\(shape.rank - 1)", width: width) : nil
    let span = width * vectors
    var emitter = KernelEmitter(
      graph: graph, stored: stored, lane: lane, isFlat: false, evaluations: shape.elementCount)
    let count = emitter.note(shape.elementCount)
    emitter.write("const index_t item = get_global_id(0);")
    emitter.write("if (item >= \(span == 1 ? count : "\(count)/\(span)")) return;")
    var place: [IndexExpression] = []
    var rest = "item"
    for axis in (0..<shape.rank).reversed() {
      let name = "i\(axis)"
      let steps = axis == shape.rank - 1 ? span : 1
      let extent = emitter.note(shape[axis])
      let blocks = steps == 1 ? extent : "(\(extent)/\(steps))"
      let index = axis == 0 ? rest : "\(rest) % \(blocks)"
      emitter.write("const index_t \(name) = \(steps == 1 ? index : "(\(index))*\(steps)");")
      if axis > 0 {
        emitter.write("const index_t rest\(axis) = \(rest) / \(blocks);")
        rest = "rest\(axis)"
      }
      place.insert(.variable(name, extent: shape[axis]), at: 0)
    }
    let places =
      vectors == 1
      ? [place]
      : (0..<vectors).map { place.dropLast() + [place[shape.rank - 1] + .constant($0 * width)] }
    let values = try emitter.compute(vertex, at: places)
    let type = graph[vertex].description.elementType
    for (number, value) in values.enumerated() {
      let target = vectors == 1 ? "item" : "item*\(vectors) + \(number)"
      if let lane {
        emitter.write(
          "vstore\(lane.width)(\(emitter.widened(value, to: type)), \(target), result);")
      } else {
        emitter.write("result[\(target)] = \(value.text);")
      }
    }
    return call(
      emitter, of: vertex, in: graph, WorkSize(shape.elementCount, itemsPerWorkItem: span), .map)
  }

  /// One work-item a vector of elements in memory order, and single elements at the end.
  private static func flatMap(
    of vertex: Int, _ width: Int, in graph: ScheduledGraph, _ stored: Set<Int>
  ) throws -> Call {
    let description = graph[vertex].description
    let count = description.shape.elementCount
    let place = [IndexExpression.variable("i", extent: count)]
    let lane = VectorLane(variable: "i", width: width)
    var emitter = KernelEmitter(
      graph: graph, stored: stored, lane: lane, isFlat: true, evaluations: count)
    let bound = emitter.note(count)
    let value = try emitter.compute(vertex, at: place)
    let body = emitter.lines
    let vectorValue = emitter.widened(value, to: description.elementType)
    if count.fixed.map({ $0.isMultiple(of: width) }) ?? false {
      emitter.replaceLines(
        with: [
          "  const index_t i = (index_t)get_global_id(0)*\(width);", "  if (i >= \(bound)) return;",
        ] + body)
      emitter.write("vstore\(width)(\(vectorValue), 0, result + i);")
    } else {
      var single = KernelEmitter(
        graph: graph, stored: stored, lane: nil, isFlat: true, evaluations: 0)
      let singleValue = try single.compute(vertex, at: place)
      emitter.replaceLines(
        with: [
          "  const index_t first = (index_t)get_global_id(0)*\(width);",
          "  if (first + \(width) <= \(bound)) {", "    const index_t i = first;",
        ]
          + body.map { "  " + $0 } + [
            "    vstore\(width)(\(vectorValue), 0, result + i);",
            "    return;", "  }",
            "  for (index_t i = first; i < \(bound); ++i) {",
          ]
          + single.lines.map { "  " + $0 } + ["    result[i] = \(singleValue.text);", "  }"])
    }
    return call(emitter, of: vertex, in: graph, WorkSize(count, itemsPerWorkItem: width), .map)
  }

  // MARK: Reductions in two steps

  private static func splitReduction(
    of vertex: Int, _ reduction: Reduction, _ axes: [Int], in graph: ScheduledGraph,
    _ stored: Set<Int>, _ profile: DeviceProfile
  ) -> [Call] {
    let type = graph[vertex].description.elementType
    let operand = graph[vertex].operands[0]
    let width = profile.fusedVectorWidth(
      of: widestType(reachedFrom: vertex, in: graph, stored))
    let isFlat =
      axes.count == graph[operand].description.shape.rank && isFlat(operand, in: graph, stored)
    let first =
      (isFlat && width > 1
        ? try? partial(of: vertex, reduction, axes, width, isFlat: true, in: graph, stored) : nil)
      ?? {
        do {
          return try partial(
            of: vertex, reduction, axes, 1, isFlat: false, in: graph, stored)
        } catch {
          preconditionFailure("\(graph[vertex].name): no scalar kernel (\(error))")
        }
      }()

    let results = graph[vertex].description.shape.elementCount
    var last = KernelEmitter(
      graph: graph, stored: stored, lane: nil, isFlat: false, evaluations: results)
    last.count(1, times: results * Dimension(partialCount))
    last.write("const index_t item = get_global_id(0);")
    last.write("if (item >= \(last.note(results))) return;")
    last.write("\(last.typeName(type, isVector: false)) total = \(reduction.identity(of: type));")
    last.write("for (int p = 0; p < \(partialCount); ++p) {")
    let part = "partial[item*\(partialCount) + p]"
    last.write("  total = \(reduction.combine("total", part, of: type));")
    last.write("}")
    last.write("result[item] = total;")
    return [first, call(last, of: vertex, in: graph, WorkSize(results), .finalReduction)]
  }

  /// Each work-item reduces a contiguous part of the elements.
  private static func partial(
    of vertex: Int, _ reduction: Reduction, _ axes: [Int], _ width: Int, isFlat: Bool,
    in graph: ScheduledGraph, _ stored: Set<Int>
  ) throws -> Call {
    let type = graph[vertex].description.elementType
    let operand = graph[vertex].operands[0]
    let source = graph[operand].description.shape
    let results = graph[vertex].description.shape
    let count = axes.reduce(Dimension(1)) { $0 * source[$1] }
    let lane = width > 1 ? VectorLane(variable: "r", width: width) : nil
    var emitter = KernelEmitter(
      graph: graph, stored: stored, lane: lane, isFlat: isFlat,
      evaluations: lane == nil ? 0 : source.elementCount)
    let bound = emitter.note(count)
    let items = results.elementCount * Dimension(partialCount)
    emitter.write("const index_t item = get_global_id(0);")
    emitter.write("if (item >= \(emitter.note(items))) return;")
    emitter.write("const index_t share = (\(bound) + \(partialCount - 1))/\(partialCount);")
    emitter.write(
      "const index_t begin = min((index_t)(item % \(partialCount)*share), (index_t)\(bound));")
    emitter.write("const index_t end = min((index_t)(begin + share), (index_t)\(bound));")

    // The result's index, then the reduced axes from the running position.
    var place: [IndexExpression] = []
    if isFlat {
      place = [.variable("r", extent: count)]
    } else {
      var outer = IndexExpression.variable("item", extent: items) / Dimension(partialCount)
      var resultIndex: [IndexExpression] = []
      for axis in (0..<results.rank).reversed() {
        resultIndex.insert(axis == 0 ? outer : outer % results[axis], at: 0)
        outer = outer / results[axis]
      }
      var position = IndexExpression.variable("r", extent: count)
      var reducedIndex: [Int: IndexExpression] = [:]
      for axis in axes.reversed() {
        reducedIndex[axis] = axis == axes[0] ? position : position % source[axis]
        position = position / source[axis]
      }
      var rest = resultIndex[...]
      for axis in 0..<source.rank {
        place.append(reducedIndex[axis] ?? rest.popFirst() ?? .constant(0))
      }
    }
    let identity = reduction.identity(of: type)
    let scalarName = emitter.typeName(type, isVector: false)
    emitter.write("\(scalarName) total = \(identity);")
    emitter.write("index_t r = begin;")
    if lane != nil {
      let vectorName = emitter.typeName(type, isVector: true)
      emitter.write("\(vectorName) totals = (\(vectorName))(\(identity));")
      emitter.write("for (; r + \(width) <= end; r += \(width)) {")
      let value = try emitter.emit(operand, at: place)
      let vector = emitter.widened(value, to: type)
      emitter.write("totals = \(reduction.combine("totals", vector, of: type));")
      emitter.write("}")
      for element in 0..<width {
        let part = "totals.s\(String(element, radix: 16))"
        emitter.write("total = \(reduction.combine("total", part, of: type));")
      }
    }
    var single = KernelEmitter(
      graph: graph, stored: stored, lane: nil, isFlat: isFlat,
      evaluations: lane == nil ? source.elementCount : 0)
    for argument in emitter.arguments { _ = single.argument(argument) }
    let value = try single.emit(operand, at: place)
    emitter.adopt(single)
    emitter.write("for (; r < end; ++r) {")
    emitter.append(single.lines)
    emitter.write("total = \(reduction.combine("total", value.text, of: type));")
    emitter.write("}")
    emitter.write("partial[item] = total;")
    emitter.count(1, times: source.elementCount)
    return call(emitter, of: vertex, in: graph, WorkSize(items), .partialReduction)
  }

  // MARK: Pieces

  private static func call(
    _ emitter: KernelEmitter, of vertex: Int, in graph: ScheduledGraph, _ size: WorkSize,
    _ role: Role
  ) -> Call {
    let type = graph[vertex].description.elementType
    let symbols = emitter.symbols.sorted()
    let results =
      switch role {
      case .map: ["__global \(type.kernelName) *restrict result"]
      case .partialReduction: ["__global \(type.kernelName) *restrict partial"]
      case .finalReduction:
        [
          "__global \(type.kernelName) *restrict result",
          "__global const \(type.kernelName) *restrict partial",
        ]
      }
    let inputs = emitter.arguments.enumerated().map { position, argument in
      "__global const \(graph[argument].description.elementType.kernelName) *restrict in\(position)"
    }
    let parameters = (results + inputs + symbols.map { "const int size_\($0.name)" })
      .joined(separator: ",\n    ")
    var names: [String] = []
    for name in emitter.operationNames where names.last != name { names.append(name) }
    let title =
      names.isEmpty
      ? graph[vertex].name
      : names.prefix(4).joined(separator: "·") + (names.count > 4 ? "·…\(names.count)" : "")
    return Call(
      name: role == .finalReduction ? graph[vertex].name : title,
      text: "(\n    \(parameters)) {\n\(emitter.lines.joined(separator: "\n"))\n}\n",
      arguments: emitter.arguments, symbols: symbols, globalSize: size, role: role,
      usesDouble: emitter.usesDouble || type == .float64
        || emitter.arguments.contains { graph[$0].description.elementType == .float64 },
      operationCount: emitter.operationCount,
      families: role == .map ? emitter.families : emitter.families.union([.reduction]))
  }

  /// Whether the vertex and all that is inlined into it read elements at their own place only.
  private static func isFlat(
    _ root: Int, in graph: ScheduledGraph, _ stored: Set<Int>
  ) -> Bool {
    var pending = [root]
    var seen: Set<Int> = []
    while let vertex = pending.popLast() {
      guard seen.insert(vertex).inserted else { continue }
      if vertex != root && stored.contains(vertex) { continue }
      switch graph[vertex].lowering {
      case .given, .literal: break
      case .elementwise: pending += graph[vertex].operands
      case .view(let map):
        let source = graph[vertex].operands[0]
        guard map.keepsMemoryOrder || graph[source].description.shape.elementCount == 1 else {
          return false
        }
        pending.append(source)
      default: return false
      }
    }
    return true
  }

  /// Double if any value in the kernel is, so that all vectors have the same number of elements.
  private static func widestType(
    reachedFrom vertex: Int, in graph: ScheduledGraph, _ stored: Set<Int>
  ) -> ElementType {
    var pending = [vertex]
    var seen: Set<Int> = []
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if graph[next].description.elementType == .float64 { return .float64 }
      if next == vertex || !stored.contains(next) { pending += graph[next].operands }
    }
    return .float32
  }
}
