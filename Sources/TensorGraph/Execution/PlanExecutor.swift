import OpenCLRuntime
import Synchronization

/// Runs a plan on a context. Kernels are built at the first run; the buffers of temporaries are
/// kept for the next run of the same sizes.
package final class PlanExecutor: Sendable {
  package let plan: Plan
  let context: Context
  private let steps: BoundSteps
  private let constants: [Int: Buffer]
  private let state = Mutex(State())

  private struct State {
    /// Kernels of the steps, by whether indices are 64 bits wide; nil for a library's call.
    var kernels: [Bool: [Kernel?]] = [:]
    var arena: Arena?
  }

  struct Arena {
    var sizes: [SizeSymbol: Int]
    var memory: MemoryPlan
    var buffers: [Buffer]
  }

  /// - Throws: when the device has no double precision but the plan needs it, is out of memory, or
  ///   was found to compute wrong numbers with a kernel family of the plan.
  package init(_ plan: Plan, on context: Context) throws {
    try context.requireAgreement(of: plan.families)
    self.plan = plan
    self.context = context
    steps = BoundSteps(of: plan)
    let needsDouble =
      plan.programs.contains(where: \.usesDouble)
      || plan.storages.contains { $0.description.elementType == .float64 }
    if needsDouble && !context.device.description.supportsDouble {
      throw TensorGraphError.doublePrecisionUnavailable(device: context.device.description.label)
    }
    var constants: [Int: Buffer] = [:]
    for (index, storage) in plan.storages.enumerated() {
      if case .constant(let node) = storage.role {
        constants[index] = try node.buffer(on: context)
      }
    }
    self.constants = constants
  }

  /// Enqueues every step.
  ///
  /// - Returns: the buffers of the plan's outputs, complete once the queue has come so far.
  /// - Throws: errors of building, of memory and of the device.
  package func run(_ arguments: [Buffer], in sizes: [SizeSymbol: Int]) throws -> [Buffer] {
    // The lock is held to the end: two runs that share temporaries must not be interleaved.
    try state.withLock { state in
      let values = steps.values(in: sizes)
      let kernels = try self.kernels(&state, isWide: steps.isWide(values))
      let arena = try self.arena(&state, in: sizes)
      var buffers = constants
      for (index, storage) in plan.storages.enumerated() {
        switch storage.role {
        case .argument(let place): buffers[index] = arguments[place]
        case .constant: break
        case .temporary:
          if let slot = arena.memory.slotOfStorage[index] { buffers[index] = arena.buffers[slot] }
        case .output:
          buffers[index] = try context.makeBuffer(
            byteCount: storage.byteCount(in: sizes), for: storage.name)
        }
      }
      for (index, kernel) in kernels.enumerated() {
        if let kernel {
          try enqueue(steps.launches[index], kernel, buffers, values)
        } else {
          try enqueueLibraryCall(index, buffers, in: sizes)
        }
      }
      return plan.outputs.compactMap { buffers[$0.storage] }
    }
  }

  private func enqueue(
    _ launch: BoundSteps.Launch, _ kernel: Kernel, _ buffers: [Int: Buffer], _ sizes: [Int]
  ) throws {
    let arguments = try launch.arguments.map { argument -> KernelArgument in
      switch argument {
      case .storage(let index):
        guard let buffer = buffers[index] else {
          preconditionFailure("\(launch.label): '\(plan.storages[index].name)' has no buffer")
        }
        return .buffer(buffer)
      case .size(let place):
        guard let size = Int32(exactly: sizes[place]) else {
          throw TensorGraphError.sizeTooLarge(kernel: kernel.name, size: sizes[place])
        }
        return .int32(size)
      case .constant(let argument): return argument
      }
    }
    try context.enqueue(
      kernel, arguments, global: launch.global.map { $0.length(in: sizes) }, local: launch.local,
      label: launch.label)
  }

  private func enqueueLibraryCall(
    _ index: Int, _ buffers: [Int: Buffer], in sizes: [SizeSymbol: Int]
  ) throws {
    let step = plan.steps[index]
    let operands = step.arguments.compactMap { argument in
      if case .storage(let storage) = argument { buffers[storage] } else { nil }
    }
    guard let library = step.library, operands.count == 3 else {
      preconditionFailure("\(step.name): a library's call with \(operands.count) buffers")
    }
    try context.enqueue(
      library.bound(in: sizes), first: operands[0], second: operands[1], result: operands[2],
      label: BoundSteps.label(ofStep: index))
  }

  private func kernels(_ state: inout State, isWide: Bool) throws -> [Kernel?] {
    if let kernels = state.kernels[isWide] { return kernels }
    var programs: [Int: Program] = [:]
    var kernels: [Kernel?] = []
    for step in plan.steps {
      guard let number = step.program else {
        kernels.append(nil)
        continue
      }
      let program =
        try programs[number]
        ?? {
          let text = plan.programs[number]
          return try context.program(
            KernelPreamble.text(usesDouble: text.usesDouble) + text.source,
            options: text.options + (isWide ? [KernelPreamble.wideIndexOption] : []),
            name: text.name)
        }()
      programs[number] = program
      kernels.append(try program.kernel(step.entryPoint))
    }
    state.kernels[isWide] = kernels
    return kernels
  }

  private func arena(_ state: inout State, in sizes: [SizeSymbol: Int]) throws -> Arena {
    if let arena = state.arena, arena.sizes == sizes { return arena }
    // Given back before the new ones are asked for, so that the pool can serve them again.
    state.arena = nil
    let memory = MemoryPlan(of: plan, in: sizes)
    let buffers = try memory.slots.map {
      try context.makeBuffer(byteCount: max($0, 1), for: "temporaries of a compiled plan")
    }
    let arena = Arena(sizes: sizes, memory: memory, buffers: buffers)
    state.arena = arena
    return arena
  }
}
