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
    /// Later vertices whose results the kernels of this one write too (``JointOperation``).
    var companions: [Int] = []
  }

  private(set) var vertices: [Vertex] = []
  private(set) var outputs: [Int] = []

  /// - Parameter isGiven: whether a node's elements are at hand, so that nothing before it counts.
  init(of outputs: [Node], for profile: DeviceProfile, isGiven: (Node) -> Bool) {
    var places: [Node: Int] = [:]
    var known: [Key: Int] = [:]
    var operations: [Int: any JointOperation] = [:]
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
      let key = Key(given ? AnyHashable(node) : AnyHashable(node.operation), operands)
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
      if !given, let operation = node.operation as? any JointOperation {
        operations[vertices.count - 1] = operation
      }
      known[key] = vertices.count - 1
      places[node] = vertices.count - 1
    }
    self.outputs = outputs.compactMap { places[$0] }
    joinVertices(operations, for: profile)
  }

  /// Gives vertices that can share kernels to the first of them. It has the same operands as the
  /// others, so all are at hand where it stands.
  private mutating func joinVertices(
    _ operations: [Int: any JointOperation], for profile: DeviceProfile
  ) {
    let families = Dictionary(grouping: operations.keys.sorted()) { index in
      operations[index].map { Key($0, vertices[index].operands) }
    }
    for parts in families.values where parts.count > 1 {
      let operands = vertices[parts[0]].operands.map { vertices[$0].description }
      let sequence = operations[parts[0]]?.jointLowering(
        with: parts.dropFirst().compactMap { operations[$0] }, of: operands,
        to: parts.map { vertices[$0].description }, for: profile)
      guard let sequence else { continue }
      vertices[parts[0]].lowering = .kernels(sequence)
      vertices[parts[0]].companions = Array(parts.dropFirst())
      for part in parts.dropFirst() { vertices[part].lowering = .kernels(KernelSequence([])) }
    }
  }

  private struct Key: Hashable {
    var operation: AnyHashable
    var operands: [Int]

    init(_ operation: AnyHashable, _ operands: [Int]) {
      self.operation = operation
      self.operands = operands
    }

    /// The same for all operations that may share kernels.
    init(_ operation: some JointOperation, _ operands: [Int]) {
      self.init(AnyHashable(operation.jointFamily), operands)
    }
  }

  subscript(vertex: Int) -> Vertex { vertices[vertex] }

  /// Whether a vertex has elements in memory: it is given, or one of those that are stored.
  func isBuffer(_ vertex: Int, stored: Set<Int>) -> Bool {
    if case .given = vertices[vertex].lowering { return true }
    return stored.contains(vertex)
  }

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
