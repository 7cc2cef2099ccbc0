extension KernelEmitter {
  /// The reduction of a vertex, whose sum runs in loops of the work-item.
  mutating func reduce(
    _ vertex: ScheduledGraph.Vertex, _ reduction: Reduction, _ axes: [Int],
    at place: [IndexExpression]
  ) throws -> Value {
    let source = graph[vertex.operands[0]].description.shape
    var rest = place[...]
    var loops: [(name: String, extent: Dimension)] = []
    var inner: [IndexExpression] = []
    for axis in 0..<source.rank {
      if axes.contains(axis) {
        loops.append((variable("r"), source[axis]))
        inner.append(.variable(loops[loops.count - 1].name, extent: source[axis]))
      } else if let next = rest.popFirst() {
        inner.append(next)
      }
    }
    let heads = loops.map { loop in
      "for (int \(loop.name) = 0; \(loop.name) < \(note(loop.extent)); ++\(loop.name)) {"
    }
    let type = vertex.description.elementType
    return try accumulate(
      vertex.operands[0], at: [inner], reduction, of: type, heads,
      evaluations: loops.reduce(evaluations) { $0 * $1.extent })[0]
  }

  /// The sums over one segment, whose bounds are read, at several places of its rows: one loop that
  /// visits each row once.
  mutating func segmentSums(
    _ vertex: ScheduledGraph.Vertex, at places: [[IndexExpression]]
  ) throws -> [Value] {
    let offsets = vertex.operands[1]
    let begin = try emit(offsets, at: [places[0][0]])
    let end = try emit(offsets, at: [places[0][0] + .constant(1)])
    guard !begin.isVector else { throw LaneMismatch() }
    let position = variable("p")
    let count = graph[vertex.operands[0]].description.shape[0]
    var row = IndexExpression.variable(position, extent: count)
    // The rows of all segments together, as often as the sums themselves are formed.
    let terms = graph[vertex.operands[0]].description.shape.elementCount
    let sums = vertex.description.shape.elementCount
    let evaluations = evaluations.dividedExactly(by: sums).map { $0 * terms } ?? terms
    let head = "for (int \(position) = \(begin.text); \(position) < \(end.text); ++\(position)) {"
    var loading: [String] = []
    if vertex.operands.count > 3 {
      let order = vertex.operands[3]
      let name = variable("row")
      let (lines, value) = try captured { try $0.emit(order, at: [row]) }
      loading = lines + [indented("const int \(name) = \(value.text);")]
      row = .loaded(name)
    }
    return try accumulate(
      vertex.operands[0], at: places.map { [row] + $0.dropFirst() }, .sum,
      of: vertex.description.elementType, [head], evaluations: evaluations, before: loading)
  }

  private func indented(_ line: String) -> String {
    String(repeating: "  ", count: indentation + 1) + line
  }

  /// One total a place, all in the same loops.
  private mutating func accumulate(
    _ operand: Int, at places: [[IndexExpression]], _ reduction: Reduction, of type: ElementType,
    _ heads: [String], evaluations inner: Dimension, before: [String] = []
  ) throws -> [Value] {
    let outer = evaluations
    let share = inner.dividedExactly(by: Dimension(places.count)) ?? inner
    evaluations = share
    var (body, totals) = (before, [Value]())
    for place in places {
      let (lines, value) = try captured { try $0.emit(operand, at: place) }
      count(1, times: share)
      let total = variable("total")
      let identity = Value(text: reduction.identity(of: type), isVector: false)
      write(
        "\(typeName(type, isVector: value.isVector)) \(total) = "
          + "\(value.isVector ? widened(identity, to: type) : identity.text);")
      body += lines + [indented("\(total) = \(reduction.combine(total, value.text, of: type));")]
      totals.append(Value(text: total, isVector: value.isVector))
    }
    evaluations = outer
    for head in heads { write(head) }
    append(body)
    write(String(repeating: "}", count: heads.count))
    return totals
  }
}
