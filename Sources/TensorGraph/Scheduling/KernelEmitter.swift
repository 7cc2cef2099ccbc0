import OpenCLRuntime

/// Writes the body of one fused kernel: the expressions that make an element of a stored vertex
/// from elements of other stored vertices.
struct KernelEmitter {
  /// An expression in the kernel: the name of a variable or a literal.
  struct Value {
    var text: String
    var isVector: Bool
  }

  /// The chosen lane cannot be vectorised; the kernel is written again without one.
  struct LaneMismatch: Error {}

  let graph: ScheduledGraph
  let stored: Set<Int>
  let lane: VectorLane?
  /// Whether the kernel runs over elements in memory order, all operands alike.
  let isFlat: Bool

  private(set) var lines: [String] = []
  /// Stored vertices in the order of the kernel's arguments.
  private(set) var arguments: [Int] = []
  private(set) var symbols: Set<SizeSymbol> = []
  private(set) var usesDouble = false
  /// Names of the operations fused, for profiles.
  private(set) var operationNames: [String] = []
  /// Arithmetic of all work-items together, by the operations' own cost.
  private(set) var operationCount: Dimension = 0
  /// What the kernel holds: elementwise work, reductions, segments.
  private(set) var families: Set<KernelFamily> = [.elementwise]
  /// How often, over all work-items, what is written now is evaluated.
  var evaluations: Dimension
  private var scopes: [[MemoKey: Value]] = [[:]]
  private var variables = 0
  private(set) var indentation = 1

  private struct MemoKey: Hashable {
    var vertex: Int
    var index: [IndexExpression]
  }

  /// - Parameter evaluations: how many elements all work-items evaluate together.
  init(
    graph: ScheduledGraph, stored: Set<Int>, lane: VectorLane?, isFlat: Bool,
    evaluations: Dimension
  ) {
    self.evaluations = evaluations
    self.graph = graph
    self.stored = stored
    self.lane = lane
    self.isFlat = isFlat
  }

  // MARK: Text

  mutating func write(_ line: String) {
    lines.append(String(repeating: "  ", count: indentation) + line)
  }

  mutating func append(_ lines: [String]) { self.lines += lines }

  mutating func replaceLines(with lines: [String]) { self.lines = lines }

  /// Takes over what another emitter of the same kernel found it needs.
  mutating func adopt(_ other: KernelEmitter) {
    for argument in other.arguments { _ = self.argument(argument) }
    symbols.formUnion(other.symbols)
    usesDouble = usesDouble || other.usesDouble
    operationCount = operationCount + other.operationCount
    families.formUnion(other.families)
  }

  /// Counts arithmetic that is written as text.
  mutating func count(_ cost: Int, times evaluations: Dimension) {
    operationCount = operationCount + evaluations * Dimension(cost)
  }

  mutating func note(_ dimension: Dimension) -> String {
    symbols.formUnion(dimension.symbols)
    return dimension.kernelExpression
  }

  private mutating func text(_ index: IndexExpression) -> String {
    symbols.formUnion(index.symbols)
    return index.text
  }

  mutating func variable(_ prefix: String = "v") -> String {
    variables += 1
    return "\(prefix)\(variables)"
  }

  mutating func typeName(_ type: ElementType, isVector: Bool) -> String {
    if type == .float64 { usesDouble = true }
    return KernelType(type, width: isVector ? lane?.width ?? 1 : 1).name
  }

  private mutating func define(
    _ type: ElementType, isVector: Bool, _ expression: String
  ) -> Value {
    let name = variable()
    write("const \(typeName(type, isVector: isVector)) \(name) = \(expression);")
    return Value(text: name, isVector: isVector)
  }

  /// The lines that `body` writes, in an inner scope.
  mutating func captured<Result>(
    _ body: (inout KernelEmitter) throws -> Result
  ) rethrows -> (lines: [String], result: Result) {
    let outer = lines
    lines = []
    scopes.append([:])
    indentation += 1
    defer {
      indentation -= 1
      scopes.removeLast()
      lines = outer
    }
    let result = try body(&self)
    return (lines, result)
  }

  func widened(_ value: Value, to type: ElementType) -> String {
    guard !value.isVector, let lane else { return value.text }
    return "(\(KernelType(type, width: lane.width).name))(\(value.text))"
  }

  // MARK: Expressions

  /// The element of `vertex` at `index`.
  mutating func emit(_ vertex: Int, at index: [IndexExpression]) throws -> Value {
    let key = MemoKey(vertex: vertex, index: index)
    for scope in scopes.reversed() {
      if let value = scope[key] { return value }
    }
    let value = try emitAnew(vertex, at: index)
    scopes[scopes.count - 1][key] = value
    return value
  }

  private func isBuffer(_ vertex: Int) -> Bool { graph.isBuffer(vertex, stored: stored) }

  private mutating func emitAnew(_ index: Int, at place: [IndexExpression]) throws -> Value {
    let base = graph.storage(of: index, isStored: isBuffer)
    if isBuffer(base) { return try load(base, as: graph[index].description, at: place) }
    return try compute(index, at: place)
  }

  /// The element as the operation makes it, whether the vertex is stored or not.
  mutating func compute(_ index: Int, at place: [IndexExpression]) throws -> Value {
    let vertex = graph[index]
    let type = vertex.description.elementType
    switch vertex.lowering {
    case .given, .kernels:
      preconditionFailure("\(vertex.name) has no expression")
    case .literal(let number):
      if type == .float64 { usesDouble = true }
      return Value(text: KernelType(type).literal(number), isVector: false)
    case .coordinate(let axis):
      return try coordinate(place[axis], of: type)
    case .elementwise(let expression):
      operationNames.append(vertex.name)
      count(expression.cost, times: evaluations)
      let values = try vertex.operands.map { try emit($0, at: place) }
      let isVector = values.contains(where: \.isVector)
      let texts = zip(values, vertex.operands).map { value, operand in
        isVector ? widened(value, to: graph[operand].description.elementType) : value.text
      }
      return define(
        type, isVector: isVector, expression.text(texts, isVector ? lane?.width ?? 1 : 1))
    case .view(let map):
      let source = vertex.operands[0]
      if isFlat {
        // Flat kernels hold only views that keep the order or repeat a single element.
        return try emit(
          source,
          at: map.keepsMemoryOrder
            ? place : graph[source].description.shape.dimensions.map { _ in .constant(0) })
      }
      let guards = map.guards(of: place)
      if guards.isEmpty { return try emit(source, at: map.source(of: place)) }
      let conditions = try guards.map { try condition($0) }
      return try branches(
        of: type,
        [
          Branch(
            condition: conditions.joined(separator: " && "), vertex: source,
            place: map.source(of: place), evaluations: evaluations)
        ])
    case .concatenation(let axis):
      var lower: Dimension = 0
      var cases: [Branch] = []
      for (position, operand) in vertex.operands.enumerated() {
        let upper = lower + graph[operand].description.shape[axis]
        var inner = place
        inner[axis] = inner[axis] + .constant(1) * (lower * -1)
        let guarding = try condition(IndexGuard(index: place[axis], lower: lower, upper: upper))
        // Each element is in one part.
        let part = graph[operand].description.shape.elementCount
        let share = evaluations.dividedExactly(by: vertex.description.shape.elementCount)
        cases.append(
          Branch(
            condition: position == vertex.operands.count - 1 ? nil : guarding, vertex: operand,
            place: inner, evaluations: share.map { $0 * part } ?? evaluations))
        lower = upper
      }
      return try branches(of: type, cases)
    case .gather:
      operationNames.append(vertex.name)
      families.insert(.segments)
      let row = try emit(vertex.operands[1], at: [place[0]])
      guard !row.isVector else { throw LaneMismatch() }
      return try emit(vertex.operands[0], at: [.loaded(row.text)] + place.dropFirst())
    case .reduction(let reduction, let axes):
      operationNames.append(vertex.name)
      families.insert(.reduction)
      return try reduce(vertex, reduction, axes, at: place)
    case .segmentSum:
      return try compute(index, at: [place])[0]
    }
  }

  /// The elements at several places; sums over segments read their rows in one loop for all.
  mutating func compute(_ index: Int, at places: [[IndexExpression]]) throws -> [Value] {
    let vertex = graph[index]
    guard case .segmentSum = vertex.lowering else {
      let all = evaluations
      evaluations = all.dividedExactly(by: Dimension(places.count)) ?? all
      defer { evaluations = all }
      return try places.map { try compute(index, at: $0) }
    }
    operationNames.append(vertex.name)
    families.insert(.segments)
    return try segmentSums(vertex, at: places)
  }

  private mutating func coordinate(
    _ index: IndexExpression, of type: ElementType
  ) throws -> Value {
    guard let lane, let stride = index.stride(along: lane) else {
      if self.lane != nil { throw LaneMismatch() }
      return define(type, isVector: false, "(\(type.kernelName))(\(text(index)))")
    }
    if stride == 0 {
      return define(type, isVector: false, "(\(type.kernelName))(\(text(index)))")
    }
    let steps = (0..<lane.width).map { "\($0)" }.joined(separator: ", ")
    let number = "int\(lane.width)"
    return define(
      type, isVector: true,
      "convert_\(KernelType(type, width: lane.width).name)((\(number))((int)(\(text(index)))) "
        + "+ (\(number))(\(steps)) * \(note(stride)))")
  }

  // MARK: Memory

  /// The argument's name of a stored vertex.
  mutating func argument(_ vertex: Int) -> String {
    if let place = arguments.firstIndex(of: vertex) { return "in\(place)" }
    arguments.append(vertex)
    return "in\(arguments.count - 1)"
  }

  private mutating func load(
    _ vertex: Int, as description: TensorDescription, at place: [IndexExpression]
  ) throws -> Value {
    var offset = IndexExpression.constant(0)
    if isFlat && place.count == 1 {
      offset = place[0]
    } else {
      for (axis, index) in place.enumerated() {
        offset = offset * description.shape[axis] + index
      }
    }
    let name = argument(vertex)
    let type = description.elementType
    guard let lane else {
      return define(type, isVector: false, "\(name)[\(text(offset))]")
    }
    guard let stride = offset.stride(along: lane) else { throw LaneMismatch() }
    if stride == 0 { return define(type, isVector: false, "\(name)[\(text(offset))]") }
    if stride == 1 {
      return define(type, isVector: true, "vload\(lane.width)(0, \(name) + \(text(offset)))")
    }
    let first = variable("offset")
    write("const index_t \(first) = \(text(offset));")
    let step = note(stride)
    let elements = (0..<lane.width).map { "\(name)[\(first) + \($0)*\(step)]" }
    return define(
      type, isVector: true,
      "(\(typeName(type, isVector: true)))(\(elements.joined(separator: ", ")))")
  }

  // MARK: Branches

  /// A condition that all elements of a vector share, or a mismatch.
  private mutating func condition(_ guarding: IndexGuard) throws -> String {
    if let lane {
      guard let stride = guarding.index.stride(along: lane) else { throw LaneMismatch() }
      if stride != 0 {
        guard stride == 1, guarding.index.isAligned(to: lane),
          guarding.lower.isMultiple(of: lane.width), guarding.upper.isMultiple(of: lane.width)
        else { throw LaneMismatch() }
      }
    }
    let index = text(guarding.index)
    let upper = "\(index) < \(note(guarding.upper))"
    return guarding.lower == 0 ? upper : "\(index) >= \(note(guarding.lower)) && \(upper)"
  }

  private struct Branch {
    var condition: String?
    var vertex: Int
    var place: [IndexExpression]
    var evaluations: Dimension
  }

  /// The first case whose condition holds; zero when none does.
  private mutating func branches(of type: ElementType, _ cases: [Branch]) throws -> Value {
    var bodies: [(lines: [String], result: Value)] = []
    let outer = evaluations
    for branch in cases {
      evaluations = branch.evaluations
      bodies.append(try captured { try $0.emit(branch.vertex, at: branch.place) })
    }
    evaluations = outer
    let isVector = bodies.contains(where: \.result.isVector)
    let name = variable()
    let zero = Value(text: KernelType(type).literal(0), isVector: false)
    write(
      "\(typeName(type, isVector: isVector)) \(name) = "
        + "\(isVector ? widened(zero, to: type) : zero.text);")
    for (position, body) in bodies.enumerated() {
      let start = position == 0 ? "" : "} else "
      write(start + (cases[position].condition.map { "if (\($0)) {" } ?? "{"))
      lines.append(contentsOf: body.lines)
      let value = isVector ? widened(body.result, to: type) : body.result.text
      write("  \(name) = \(value);")
    }
    write("}")
    return Value(text: name, isVector: isVector)
  }
}
