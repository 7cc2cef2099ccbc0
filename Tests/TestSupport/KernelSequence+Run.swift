import OpenCLRuntime
import TensorGraph

extension KernelSequence {
  /// Runs the kernels of one operation by hand, without a graph, their scratch filled with NaN first.
  package func run(
    on context: Context, operands: [Buffer], result: Buffer, sizes: [SizeSymbol: Int]
  ) throws {
    let scratch = try scratch.map { description in
      let count = description.shape.elementCount.value(in: sizes)
      let buffer = try context.makeBuffer(
        byteCount: count * description.elementType.byteCount, for: "scratch")
      try context.fill(buffer, with: 0xFF)
      return buffer
    }
    func buffer(_ argument: KernelCall.Argument) -> Buffer {
      if case .operand(let place) = argument { operands[place] } else { result }
    }
    for call in calls {
      if let library = call.library {
        try context.enqueue(
          library.bound(in: sizes), first: buffer(call.arguments[0]),
          second: buffer(call.arguments[1]), result: buffer(call.arguments[2]), label: call.name)
        continue
      }
      let arguments = try call.arguments.map { argument -> KernelArgument in
        switch argument {
        case .operand, .result: .buffer(buffer(argument))
        case .scratch(let place): .buffer(scratch[place])
        case .size(let size): .int32(Int32(size.value(in: sizes)))
        case .number(let number, let type):
          type == .float64 ? .double(number) : .float(Float(number))
        case .table(let numbers): .buffer(try context.makeBuffer(numbers, for: "a table"))
        }
      }
      var global = call.globalSize.map { $0.value(in: sizes) }
      if let local = call.localSize {
        global = zip(global, local).map { ($0 + $1 - 1) / $1 * $1 }
      }
      guard global.allSatisfy({ $0 > 0 }) else { continue }
      let preamble = KernelPreamble.text(usesDouble: call.source.contains("double"))
      let program = try context.program(
        preamble + call.source, options: call.options, name: call.name)
      try context.enqueue(
        try program.kernel(call.entryPoint), arguments, global: global, local: call.localSize)
    }
    try context.finish()
  }
}
