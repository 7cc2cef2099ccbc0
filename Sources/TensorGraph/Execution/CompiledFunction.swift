import OpenCLRuntime

/// A function on tensors that was traced once: a call binds its arguments and enqueues kernels,
/// nothing else.
///
/// Sizes in the arguments' shapes may be symbols; each call brings their values.
public final class CompiledFunction: Sendable {
  private let descriptions: [TensorDescription]
  private let executor: PlanExecutor

  /// Traces `body` and plans its kernels for the context's device.
  ///
  /// - Parameters:
  ///   - arguments: shapes and types of the arguments; equal symbols are equal sizes.
  ///   - context: where calls run; by default the context of the default device.
  ///   - body: the function; it is called once, with tensors that have no values.
  /// - Throws: when the device cannot run it or is out of memory.
  public init(
    of arguments: [TensorDescription], on context: Context? = nil,
    _ body: ([Tensor]) throws -> [Tensor]
  ) throws {
    let context = try context ?? Context.shared()
    descriptions = arguments
    let placeholders = arguments.enumerated().map { position, description in
      Tensor(Source(description, label: "argument \(position)"), [])
    }
    let results = try body(placeholders)
    try evaluate(
      constantTensors(of: results, varyingWith: placeholders), on: context)
    let plan = Plan(
      computing: results.map(\.node), from: placeholders.map(\.node),
      for: DeviceProfile(of: context))
    executor = try PlanExecutor(plan, on: context)
  }

  /// Runs the function. Results are tensors whose elements are on their way; reading one waits.
  ///
  /// - Throws: `TensorGraphError.argumentMismatch`; errors of building, memory and the device.
  public func callAsFunction(_ arguments: [Tensor]) throws -> [Tensor] {
    let sizes = try bind(arguments.map(\.node.description))
    try evaluate(arguments, on: executor.context)
    let buffers = try executor.run(
      arguments.map { try $0.node.buffer(on: executor.context) }, in: sizes)
    return zip(buffers, executor.plan.outputs).map { buffer, output in
      Tensor(
        buffer,
        TensorDescription(
          Shape(output.description.shape.extents(in: sizes)), output.description.elementType),
        on: executor.context)
    }
  }

  /// The OpenCL C of all kernels.
  package var kernelText: String { executor.plan.kernelText }

  /// The plan as a table: kernels in order, bytes, operations, memory; sizes as in `arguments`.
  ///
  /// - Throws: `TensorGraphError.argumentMismatch`.
  public func explain(for arguments: [TensorDescription]) throws -> PlanReport {
    PlanReport(of: executor.plan, in: try bind(arguments))
  }

  /// The plan as a table with the median time of each kernel over several calls.
  ///
  /// - Throws: as a call does.
  /// - Precondition: the function was compiled on a context that profiles.
  public func measure(_ arguments: [Tensor], runs: Int) throws -> PlanReport {
    _ = try self(arguments)
    let context = executor.context
    try context.resetProfile()
    for _ in 0..<runs { _ = try self(arguments) }
    try context.finish()
    let seconds = Dictionary(
      try context.profile.map { ($0.name, $0.medianSeconds) },
      uniquingKeysWith: { first, _ in first })
    var report = try explain(
      for: arguments.map { TensorDescription($0.shape, $0.elementType) })
    for index in report.kernels.indices {
      report.kernels[index].seconds = seconds[BoundSteps.label(ofStep: index)]
    }
    return report
  }

  private func bind(_ found: [TensorDescription]) throws -> [SizeSymbol: Int] {
    precondition(
      found.count == descriptions.count,
      "compiled function: \(found.count) arguments, expected \(descriptions.count)")
    var sizes: [SizeSymbol: Int] = [:]
    for (position, (expected, actual)) in zip(descriptions, found).enumerated() {
      guard expected.elementType == actual.elementType, expected.shape.rank == actual.shape.rank,
        let extents = actual.shape.fixedExtents
      else { throw Self.mismatch(at: position, expected, with: sizes, found: actual) }
      for (dimension, extent) in zip(expected.shape.dimensions, extents)
      where dimension.fixed != extent {
        if let (symbol, size) = dimension.solved(for: extent, in: sizes) { sizes[symbol] = size }
        guard dimension.symbols.allSatisfy({ sizes[$0] != nil }),
          dimension.value(in: sizes) == extent
        else { throw Self.mismatch(at: position, expected, with: sizes, found: actual) }
      }
    }
    return sizes
  }

  private static func mismatch(
    at position: Int, _ expected: TensorDescription, with sizes: [SizeSymbol: Int],
    found: TensorDescription
  ) -> TensorGraphError {
    let known = sizes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")
    return .argumentMismatch(
      position: position, expected: "\(expected)" + (known.isEmpty ? "" : " with \(known)"),
      found: "\(found)")
  }
}

/// The largest parts of a graph that do not depend on the arguments, such as scaled weights: they
/// are computed once, when the function is compiled.
private func constantTensors(of results: [Tensor], varyingWith arguments: [Tensor]) -> [Tensor] {
  let arguments = Set(arguments.map(\.node))
  var origins: [Node: ValueOrigin] = [:]
  var constants: [Node] = []
  var kept: Set<Node> = []
  /// Repeated numbers stay a view of those that are repeated.
  func keep(_ node: Node) {
    if node.operation is Broadcast {
      node.operands.forEach(keep)
    } else if kept.insert(node).inserted {
      constants.append(node)
    }
  }
  var stack: [(node: Node, entered: Bool)] = results.map { ($0.node, false) }
  while let (node, entered) = stack.popLast() {
    if origins[node] != nil { continue }
    if !entered {
      stack.append((node, true))
      stack.append(contentsOf: node.operands.map { ($0, false) })
      continue
    }
    let operands = node.operands.compactMap { origins[$0] }
    let origin: ValueOrigin =
      arguments.contains(node) || operands.contains(.varying)
        || !node.description.shape.symbols.isEmpty
      ? .varying
      : node.operation is Constant || node.operation is Coordinate
        || !operands.isEmpty && operands.allSatisfy { $0 == .recipe }
        ? .recipe : .constant
    origins[node] = origin
    if origin == .varying {
      for operand in node.operands where origins[operand] == .constant { keep(operand) }
    }
  }
  for result in results where origins[result.node] == .constant { keep(result.node) }
  return constants.map(Tensor.init)
}

/// How a part of a graph comes by its value.
private enum ValueOrigin {
  /// Anew at each call.
  case varying
  /// From few numbers or places alone, inside the kernels that want it.
  case recipe
  /// Once for all.
  case constant
}
