/// Decides which vertices are stored in buffers; all others are computed inside the kernels that
/// read them.
///
/// A value is stored when it is asked for, when a kernel of its own makes or reads it, or when it
/// would be computed more than once and that costs more than a load. Any choice gives right
/// results; this one is found by going from the outputs back, twice, since what a value costs
/// depends on what is stored before it.
struct Fusion {
  /// Above this cost a value that one kernel would compute several times is stored.
  private static let cheapToRepeat = 2
  /// Above this cost a value that several kernels want is stored. An exponential costs less than
  /// the memory for it, which lives from the forward to the backward pass: without stored
  /// sigmoids a potential needs a tenth less memory and is no slower.
  private static let cheapToShare = 24
  /// A kernel that would inline more vertices or read more buffers than this is cut in two.
  private static let largestKernel = 96
  private static let mostBuffers = 20

  private let graph: ScheduledGraph
  private let readers: [[Reader]]
  private let forced: Set<Int>
  private var stored: Set<Int>
  /// What is computed in the kernel that computes a vertex, the vertex included.
  private var inlined: [Set<Int>]

  private struct Reader {
    enum Manner: Equatable {
      /// Elementwise: each element once, at its own place.
      case pointwise
      /// Each element once, at another place.
      case once
      case repeatedly
      /// As a whole buffer.
      case buffer
    }
    var vertex: Int
    var manner: Manner
  }

  /// The vertices of `graph` that get a buffer, without those whose elements are given.
  static func storedVertices(of graph: ScheduledGraph) -> Set<Int> {
    var fusion = Fusion(graph)
    for _ in 0..<2 {
      fusion.measure()
      fusion.decide()
    }
    fusion.measure()
    return fusion.withoutAliases()
  }

  private init(_ graph: ScheduledGraph) {
    var readers: [[Reader]] = Array(repeating: [], count: graph.vertices.count)
    for (index, vertex) in graph.vertices.enumerated() {
      for (position, operand) in vertex.operands.enumerated() {
        readers[operand].append(
          Reader(vertex: index, manner: Self.manner(of: vertex, reading: position)))
      }
    }
    let outputs = Set(graph.outputs)
    self.graph = graph
    self.readers = readers
    forced = Set(
      graph.vertices.indices.filter { index in
        if case .given = graph[index].lowering { return false }
        return outputs.contains(index)
          || Self.mustStore(graph[index], in: graph, readers: readers[index])
      })
    stored = forced
    inlined = Array(repeating: [], count: graph.vertices.count)
  }

  private static func manner(
    of vertex: ScheduledGraph.Vertex, reading operand: Int
  ) -> Reader.Manner {
    switch vertex.lowering {
    case .kernels: .buffer
    case .gather: .repeatedly
    case .segmentSum: operand == 0 ? .once : .repeatedly
    case .view(let map): map.repeatsElements ? .repeatedly : .once
    case .elementwise: .pointwise
    case .given, .literal, .coordinate, .concatenation, .reduction: .once
    }
  }

  private static func mustStore(
    _ vertex: ScheduledGraph.Vertex, in graph: ScheduledGraph, readers: [Reader]
  ) -> Bool {
    if readers.contains(where: { $0.manner == .buffer }) { return true }
    switch vertex.lowering {
    case .kernels: return true
    case .reduction, .segmentSum:
      return vertex.isSplitReduction(in: graph) || readers.map(\.manner) != [.pointwise]
    default: return false
    }
  }

  private func isBuffer(_ index: Int) -> Bool { graph.isBuffer(index, stored: stored) }

  /// Finds what each kernel would inline, and stores what would make one too large.
  private mutating func measure() {
    var reads: [Set<Int>] = Array(repeating: [], count: graph.vertices.count)
    for (index, vertex) in graph.vertices.enumerated() {
      var inside: Set<Int> = [index]
      for operand in vertex.operands {
        if isBuffer(operand) {
          reads[index].insert(operand)
        } else {
          inside.formUnion(inlined[operand])
          reads[index].formUnion(reads[operand])
        }
      }
      inlined[index] = inside
      if inside.count > Self.largestKernel || reads[index].count > Self.mostBuffers,
        case .elementwise = vertex.lowering
      {
        stored.insert(index)
      }
    }
  }

  private func cost(_ index: Int) -> Int {
    inlined[index].reduce(0) { total, inside in
      switch graph[inside].lowering {
      case .given, .literal, .coordinate, .view, .gather: total
      case .concatenation: total + 1
      case .elementwise(let expression): total + expression.cost
      case .reduction, .segmentSum, .kernels: total + 1000
      }
    }
  }

  /// Stores what several kernels, or one kernel several times, would compute at a cost.
  private mutating func decide() {
    var kernels: [Set<Int>] = Array(repeating: [], count: graph.vertices.count)
    var isRepeated = Array(repeating: false, count: graph.vertices.count)
    var next = forced
    for index in graph.vertices.indices.reversed() {
      for reader in readers[index] {
        if next.contains(reader.vertex) {
          kernels[index].insert(reader.vertex)
        } else {
          kernels[index].formUnion(kernels[reader.vertex])
          isRepeated[index] = isRepeated[index] || isRepeated[reader.vertex]
        }
        isRepeated[index] = isRepeated[index] || reader.manner == .repeatedly
      }
      if case .given = graph[index].lowering { continue }
      if isSliceOfWhole(index) { continue }
      let cost = cost(index)
      if isRepeated[index] && cost > Self.cheapToRepeat
        || kernels[index].count > 1 && cost > Self.cheapToShare
      {
        next.insert(index)
      }
    }
    stored = next
  }

  /// Whether a vertex is, seen through further views or not, one of several views that share out all
  /// elements of a computed one: then that one is stored if need be, by one kernel in place of one a
  /// view.
  private func isSliceOfWhole(_ index: Int) -> Bool {
    guard let source = graph[index].viewed, !forced.contains(index) else { return false }
    guard case .elementwise = graph[source].lowering else { return isSliceOfWhole(source) }
    let slices = readers[source].map(\.vertex)
    return slices.count > 1
      && slices.allSatisfy { graph[$0].viewed == source && !forced.contains($0) }
      && slices.reduce(Dimension(0)) { $0 + graph[$1].description.shape.elementCount }
        == graph[source].description.shape.elementCount
  }

  /// The stored vertices but those that are a plain view of another stored one.
  private func withoutAliases() -> Set<Int> {
    var result = stored
    for index in graph.vertices.indices where stored.contains(index) {
      if case .view(let map) = graph[index].lowering, map.keepsMemoryOrder {
        let base = graph.storage(of: graph[index].operands[0], isStored: isBuffer)
        if isBuffer(base) { result.remove(index) }
      }
    }
    return result
  }
}

extension ScheduledGraph.Vertex {
  /// The vertex of which this one is a view that repeats nothing.
  fileprivate var viewed: Int? {
    guard case .view(let map) = lowering, !map.repeatsElements else { return nil }
    return operands[0]
  }

  /// Whether few sums run over many elements, so that one work-item a sum would leave the device
  /// idle: such a reduction is made in two steps.
  func isSplitReduction(in graph: ScheduledGraph) -> Bool {
    guard case .reduction(_, let axes) = lowering,
      let results = description.shape.elementCount.fixed, results <= 256
    else { return false }
    let source = graph[operands[0]].description.shape
    let count = axes.reduce(Dimension(1)) { $0 * source[$1] }
    return count.fixed.map { $0 >= 4096 } ?? true
  }
}
