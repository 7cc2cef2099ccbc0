import OpenCLRuntime

/// Kernels in order, with the buffers they read and write: what a graph becomes for a device.
/// Pure data; sizes may be symbols.
package struct Plan: Sendable {
  /// A buffer of the plan.
  struct Storage: Sendable {
    var name: String
    var description: TensorDescription
    var role: Role

    enum Role: Sendable {
      /// The caller brings it at each run.
      case argument(Int)
      /// The same at each run.
      case constant(Node)
      /// Lives between its first write and its last read.
      case temporary
      /// Handed to the caller.
      case output
    }
  }

  /// One kernel launch, or one call of a library.
  struct Step: Sendable {
    var name: String
    /// Nil for a library's call, which has no kernel and no sizes either.
    var program: Int?
    var entryPoint: String
    /// The OpenCL C of the kernel, without the preamble; empty for a library's call.
    var source: String
    var arguments: [Argument]
    var globalSize: [WorkSize]
    var localSize: [Int]?
    /// What the library computes from its first two arguments into the third.
    var library: LibraryProduct?
    var operationCount: Dimension
    /// Where the kernel, or what was fused into it, comes from.
    var families: Set<KernelFamily>
    /// Storages read and written.
    var reads: [Int]
    var writes: [Int]

    enum Argument: Sendable {
      case storage(Int)
      case size(Dimension)
      case number(Double, ElementType)
    }
  }

  /// A source to build; several kernels may come from it.
  struct ProgramText: Hashable, Sendable {
    var name: String
    var source: String
    var options: [String]
    var usesDouble: Bool
  }

  private(set) var storages: [Storage] = []
  private(set) var steps: [Step] = []
  private(set) var programs: [ProgramText] = []
  /// For each output its storage and its own description.
  private(set) var outputs: [(storage: Int, description: TensorDescription)] = []

  /// Plans the computation of `outputs` from `arguments` and from nodes that have values.
  package init(computing outputs: [Node], from arguments: [Node], for profile: DeviceProfile) {
    let places = Dictionary(
      zip(arguments, arguments.indices), uniquingKeysWith: { first, _ in first })
    let graph = ScheduledGraph(of: outputs, for: profile) { node in
      places[node] != nil || node.operation is Source || node.value.withLock { $0 != nil }
    }
    var builder = PlanBuilder(graph: graph, profile: profile, argumentPlaces: places)
    builder.build()
    storages = builder.storages
    steps = builder.steps
    programs = builder.programs
    self.outputs = builder.outputs
  }

  /// The OpenCL C of all generated kernels, for people and for golden files.
  package var kernelText: String {
    programs.filter { !$0.source.isEmpty }.map { program in
      let options = program.options.isEmpty ? "" : "// " + program.options.joined(separator: " ")
      return (options.isEmpty ? [] : [options]).joined() + program.source
    }.joined(separator: "\n")
  }

  /// Where its kernels come from.
  package var families: Set<KernelFamily> {
    steps.reduce(into: []) { $0.formUnion($1.families) }
  }

  /// The launches in order, one a line.
  package var stepNames: [String] { steps.map(\.name) }
}

/// Writes a plan from a graph, vertex by vertex.
private struct PlanBuilder {
  let graph: ScheduledGraph
  let profile: DeviceProfile
  let argumentPlaces: [Node: Int]
  let stored: Set<Int>

  var storages: [Plan.Storage] = []
  var steps: [Plan.Step] = []
  var programs: [Plan.ProgramText] = []
  var outputs: [(storage: Int, description: TensorDescription)] = []

  private var storageOfVertex: [Int: Int] = [:]
  private var storageOfTable: [[Int32]: Int] = [:]
  /// Places of generated functions in `functions` by their text, so that equal kernels are built once.
  private var functionPlaces: [String: Int] = [:]
  private var functions: [String] = []
  private var usesDouble = false

  /// The generated kernels share one program, which is complete only at the end.
  private static let fusedProgram = 0

  init(graph: ScheduledGraph, profile: DeviceProfile, argumentPlaces: [Node: Int]) {
    self.graph = graph
    self.profile = profile
    self.argumentPlaces = argumentPlaces
    stored = Fusion.storedVertices(of: graph)
    programs = [Plan.ProgramText(name: "fused", source: "", options: [], usesDouble: false)]
  }

  mutating func build() {
    let outputVertices = Set(graph.outputs.map { graph.storage(of: $0, isStored: isBuffer) })
    for (index, vertex) in graph.vertices.enumerated() {
      if let node = vertex.given {
        let role: Plan.Storage.Role =
          argumentPlaces[node].map { .argument($0) } ?? .constant(node)
        storageOfVertex[index] = add(
          Plan.Storage(name: vertex.name, description: vertex.description, role: role))
      } else if stored.contains(index) {
        for written in [index] + vertex.companions where storageOfVertex[written] == nil {
          storageOfVertex[written] = add(
            Plan.Storage(
              name: graph[written].name, description: graph[written].description,
              role: outputVertices.contains(written) ? .output : .temporary))
        }
        addSteps(for: index)
      }
    }
    for output in graph.outputs {
      outputs.append((storage(of: output), graph[output].description))
    }
    let needsRandom = functions.contains { $0.contains("philox_2x32") }
    programs[Self.fusedProgram].source =
      (needsRandom ? KernelPreamble.random : "") + functions.joined(separator: "\n")
    programs[Self.fusedProgram].usesDouble = usesDouble
  }

  private func isBuffer(_ vertex: Int) -> Bool { graph.isBuffer(vertex, stored: stored) }

  private mutating func add(_ storage: Plan.Storage) -> Int {
    storages.append(storage)
    return storages.count - 1
  }

  private func storage(of vertex: Int) -> Int {
    let base = graph.storage(of: vertex, isStored: isBuffer)
    guard let storage = storageOfVertex[base] else {
      preconditionFailure("plan: '\(graph[vertex].name)' is read before it is computed")
    }
    return storage
  }

  private mutating func storage(of table: [Int32]) -> Int {
    if let known = storageOfTable[table] { return known }
    let node = Tensor(table).node
    let storage = add(
      Plan.Storage(name: "a table of sizes", description: node.description, role: .constant(node)))
    storageOfTable[table] = storage
    return storage
  }

  private mutating func addSteps(for index: Int) {
    switch graph[index].lowering {
    case .kernels(let sequence): addSteps(for: index, sequence)
    default: addFusedSteps(for: index)
    }
  }

  private mutating func addFusedSteps(for index: Int) {
    let kernel = FusedKernel(of: index, in: graph, stored: stored, for: profile)
    let result = storage(of: index)
    let partial = kernel.scratch.map {
      add(Plan.Storage(name: "partial results", description: $0, role: .temporary))
    }
    for call in kernel.calls {
      let place: Int
      if let known = functionPlaces[call.text] {
        place = known
      } else {
        place = functions.count
        functionPlaces[call.text] = place
        functions.append("// \(call.name)\n__kernel void fused\(place)\(call.text)")
        usesDouble = usesDouble || call.usesDouble
      }
      let reads = call.arguments.map { storage(of: $0) }
      let written: [Int]
      let inputs: [Int]
      switch (call.role, partial) {
      case (.partialReduction, let partial?): (written, inputs) = ([partial], reads)
      case (.finalReduction, let partial?): (written, inputs) = ([result], [partial] + reads)
      default: (written, inputs) = ([result], reads)
      }
      steps.append(
        Plan.Step(
          name: call.name, program: Self.fusedProgram, entryPoint: "fused\(place)",
          source: functions[place],
          arguments: (written + inputs).map { .storage($0) }
            + call.symbols.map { .size(Dimension($0)) },
          globalSize: [call.globalSize],
          localSize: [profile.tuning[.fusedGroup] ?? profile.localSize],
          operationCount: call.operationCount, families: call.families, reads: inputs,
          writes: written))
    }
  }

  private mutating func addSteps(for index: Int, _ sequence: KernelSequence) {
    guard let family = graph[index].kernelFamily else {
      preconditionFailure("\(graph[index].name): an operation with kernels names their family")
    }
    let results = ([index] + graph[index].companions).map { storage(of: $0) }
    let operands = graph[index].operands.map { storage(of: $0) }
    let scratch = sequence.scratch.map {
      add(Plan.Storage(name: "scratch of \(graph[index].name)", description: $0, role: .temporary))
    }
    let types =
      graph[index].operands.map { graph[$0].description.elementType }
      + [graph[index].description.elementType]
    for call in sequence.calls {
      let program =
        call.library == nil ? program(of: call, usesDouble: types.contains(.float64)) : nil
      var reads: [Int] = []
      var writes: [Int] = []
      let arguments: [Plan.Step.Argument] = call.arguments.map { argument in
        switch argument {
        case .operand(let position):
          reads.append(operands[position])
          return .storage(operands[position])
        case .result(let position):
          writes.append(results[position])
          return .storage(results[position])
        case .scratch(let position):
          // Scratch may be read back by a later kernel of the sequence.
          reads.append(scratch[position])
          writes.append(scratch[position])
          return .storage(scratch[position])
        case .size(let dimension): return .size(dimension)
        case .number(let number, let type): return .number(number, type)
        case .table(let numbers):
          let table = storage(of: numbers)
          reads.append(table)
          return .storage(table)
        }
      }
      steps.append(
        Plan.Step(
          name: call.name, program: program, entryPoint: call.entryPoint, source: call.source,
          arguments: arguments,
          globalSize: call.globalSize, localSize: call.localSize, library: call.library,
          operationCount: call.operationCount, families: [call.family ?? family],
          reads: reads, writes: writes))
    }
  }

  private mutating func program(of call: KernelCall, usesDouble: Bool) -> Int {
    let known = programs.firstIndex {
      $0.source == call.source && $0.options == call.options && $0.usesDouble == usesDouble
    }
    if let known { return known }
    programs.append(
      Plan.ProgramText(
        name: call.name, source: call.source, options: call.options, usesDouble: usesDouble))
    return programs.count - 1
  }
}
