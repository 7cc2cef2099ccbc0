import OpenCLRuntime

/// The part of a recorded graph that some outputs need, operands before their readers, with equal
/// computations made one.
struct ScheduledGraph {
  struct Vertex {
    var name: String
    var description: TensorDescription
    var lowering: Lowering
    /// Where kernels of its own come from.
    var kernelFamily: KernelFamily?
    var operands: [Int]
    /// The recorded vertex, for those whose elements are given.
    var given: Node?
  }

  private(set) var vertices: [Vertex] = []
  private(set) var outputs: [Int] = []

  /// - Parameter isGiven: whether a node's elements are at hand, so that nothing before it counts.
  init(of outputs: [Node], for profile: DeviceProfile, isGiven: (Node) -> Bool) {
    var places: [Node: Int] = [:]
    var known: [Key: Int] = [:]
    // A stack instead of recursion: graphs of unrolled loops are deep.
    var stack = outputs.reversed().map { (node: $0, entered: false) }
    while let (node, entered) = stack.popLast() {
      if places[node] != nil { continue }
      let given = isGiven(node)
      if !entered && !given {
        stack.append((node, true))
        stack.append(contentsOf: node.operands.reversed().map { ($0, false) })
        continue
      }
      let operands = given ? [] : node.operands.compactMap { places[$0] }
      let key = Key(
        operation: given ? AnyHashable(node) : AnyHashable(node.operation), operands: operands)
      if let place = known[key] {
        places[node] = place
        continue
      }
      vertices.append(
        Vertex(
          name: node.operation.name, description: node.description,
          lowering: given
            ? .given
            : node.operation.lowering(
              of: node.operands.map(\.description), to: node.description, for: profile),
          kernelFamily: given ? nil : node.operation.kernelFamily,
          operands: operands, given: given ? node : nil))
      known[key] = vertices.count - 1
      places[node] = vertices.count - 1
    }
    self.outputs = outputs.compactMap { places[$0] }
  }

  private struct Key: Hashable {
    var operation: AnyHashable
    var operands: [Int]
  }

  subscript(vertex: Int) -> Vertex { vertices[vertex] }

  /// The vertex whose buffer holds this vertex's elements in the same order, seen through views
  /// that change nothing in memory.
  func storage(of vertex: Int, isStored: (Int) -> Bool) -> Int {
    var vertex = vertex
    while !isStored(vertex), case .view(let map) = vertices[vertex].lowering, map.keepsMemoryOrder {
      vertex = vertices[vertex].operands[0]
    }
    return vertex
  }
}
