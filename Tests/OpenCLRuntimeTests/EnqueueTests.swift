import OpenCLRuntime
import Testing

@Suite("Enqueueing kernels")
struct EnqueueTests {
  let context: Context

  init() throws { context = try Context(device: Device.select(), options: options()) }

  @Test("each kind of argument reaches the kernel")
  func everyArgumentKind() throws {
    let source = """
      kernel void gather_arguments(
          global long* integers, global float* floats, int a, uint b, long c, ulong d, float e,
          local float* scratch) {
        scratch[0] = e;
        integers[0] = a; integers[1] = b; integers[2] = c; integers[3] = d;
        floats[0] = scratch[0];
      }
      """
    let kernel = try context.program(source, name: "arguments").kernel("gather_arguments")
    let integers = try context.makeBuffer(byteCount: 32, for: "the integers")
    let floats = try context.makeBuffer(byteCount: 4, for: "the floats")
    try context.enqueue(
      kernel,
      [
        .buffer(integers), .buffer(floats), .int32(-7), .uint32(.max), .int64(-1 << 40),
        .uint64(1 << 50), .float(0.1), .local(byteCount: 4),
      ], global: [1], local: [1])
    #expect(try integers.read(as: Int64.self) == [-7, Int64(UInt32.max), -1 << 40, 1 << 50])
    #expect(try floats.read(as: Float.self) == [0.1])
  }

  @Test("a double reaches the kernel where the device has double")
  func doubleArgument() throws {
    guard context.device.description.supportsDouble else { return }
    let source = "kernel void keep(global double* out, double value) { out[0] = value; }"
    let kernel = try context.program(source, name: "double").kernel("keep")
    let out = try context.makeBuffer(byteCount: 8, for: "the result")
    try context.enqueue(kernel, [.buffer(out), .double(0.1)], global: [1])
    #expect(try out.read(as: Double.self) == [0.1])
  }

  @Test("work-items run along up to three axes", arguments: [[24], [4, 6], [2, 3, 4]])
  func axes(global: [Int]) throws {
    let source = """
      kernel void count(global int* out) {
        int item = get_global_id(0)
          + get_global_size(0) * (get_global_id(1) + get_global_size(1) * get_global_id(2));
        out[item] = item;
      }
      """
    let kernel = try context.program(source, name: "count").kernel("count")
    for local in [nil, [Int](repeating: 1, count: global.count)] {
      let out = try context.makeBuffer([Int32](repeating: -1, count: 24), for: "the result")
      try context.enqueue(kernel, [.buffer(out)], global: global, local: local)
      #expect(try out.read(as: Int32.self) == (0..<24).map(Int32.init))
    }
  }

  @Test("the items of a work-group share local memory across a barrier", arguments: [1, 4, 64])
  func localMemoryAndBarriers(size: Int) throws {
    let source = """
      kernel void reverse(global float* values, local float* scratch) {
        size_t item = get_local_id(0);
        scratch[item] = values[get_global_id(0)];
        barrier(CLK_LOCAL_MEM_FENCE);
        values[get_global_id(0)] = scratch[get_local_size(0) - 1 - item];
      }
      """
    let kernel = try context.program(source, name: "reverse").kernel("reverse")
    #expect(kernel.maximumWorkGroupSize >= size)
    let groups = 5
    let values = (0..<groups * size).map(Float.init)
    let buffer = try context.makeBuffer(values, for: "a test")
    try context.enqueue(
      kernel, [.buffer(buffer), .local(byteCount: 4 * size)], global: [groups * size],
      local: [size])
    let expected = (0..<groups).flatMap { values[$0 * size..<($0 + 1) * size].reversed() }
    #expect(try buffer.read(as: Float.self) == expected)
  }

  @Test("a global size of zero runs nothing")
  func nothingToDo() throws {
    let kernel = try context.program(scaleSource(by: 2), name: "scale").kernel("scale")
    let buffer = try context.makeBuffer([1, 2] as [Float], for: "a test")
    try context.enqueue(kernel, [.buffer(buffer)], global: [0])
    #expect(try buffer.read(as: Float.self) == [1, 2])
  }

  @Test("a buffer dropped after the enqueue stays whole until the kernel is done")
  func droppedBuffers() throws {
    let source = """
      kernel void add(global float* sum, global const float* values, int count) {
        for (int i = 0; i < count; i++) sum[0] += values[i];
      }
      """
    let kernel = try context.program(source, name: "add").kernel("add")
    let sum = try context.makeBuffer([0] as [Float], for: "the sum")
    for round in 1...20 {
      // Each round's values take the memory of the round before, whose kernel may still run.
      let values = try context.makeBuffer(byteCount: 4 * 4096, for: "the values")
      try context.fill(values, with: 0)
      try values.write([Float(round)], offset: round)
      try context.enqueue(
        kernel, [.buffer(sum), .buffer(values), .int32(4096)], global: [1])
    }
    #expect(try sum.read(as: Float.self) == [210])
    #expect(context.statistics.allocations == 2)
  }

  @Test("a wrong number of arguments is refused with both numbers")
  func argumentCount() throws {
    let kernel = try context.program(scaleSource(by: 2), name: "scale").kernel("scale")
    let error = #expect(throws: OpenCLError.self) {
      try context.enqueue(kernel, [.int32(1), .int32(2)], global: [1])
    }
    #expect(
      error?.description == "kernel 'scale': given 2 arguments, declared with 1")
  }

  @Test("an argument of another kind is refused with its place and both kinds")
  func argumentKinds() throws {
    let source = """
      kernel void keep(global float* out, float value, local float* scratch) { out[0] = value; }
      """
    let kernel = try context.program(source, name: "keep").kernel("keep")
    let out = try context.makeBuffer(byteCount: 4, for: "the result")
    let good: [KernelArgument] = [.buffer(out), .float(1), .local(byteCount: 4)]
    let wrong: [(place: Int, KernelArgument, text: String)] = [
      (0, .int64(1), "argument 0 is declared as a pointer to global memory, given as 'long'"),
      (1, .int32(1), "argument 1 is declared as 'float', given as 'int'"),
      (1, .buffer(out), "argument 1 is declared as 'float', given as a buffer of 4 bytes"),
      (2, .float(1), "argument 2 is declared as a pointer to local memory, given as 'float'"),
    ]
    for (place, argument, text) in wrong {
      var arguments = good
      arguments[place] = argument
      let error = #expect(throws: OpenCLError.self) {
        try context.enqueue(kernel, arguments, global: [1])
      }
      #expect(error == .invalidArguments(kernel: "keep", problem: text))
    }
  }

  @Test("a value of a type of the kernel's own is let through")
  func typedefArgument() throws {
    let source = """
      typedef float real;
      kernel void keep(global float* out, real value) { out[0] = value; }
      """
    let kernel = try context.program(source, name: "keep").kernel("keep")
    let out = try context.makeBuffer(byteCount: 4, for: "the result")
    try context.enqueue(kernel, [.buffer(out), .float(3)], global: [1])
    #expect(try out.read(as: Float.self) == [3])
  }

  @Test("more local memory than there is is refused with both sizes")
  func localMemory() throws {
    let source = "kernel void keep(local float* scratch) { scratch[0] = 1; }"
    let kernel = try context.program(source, name: "keep").kernel("keep")
    let limit = context.device.description.localMemoryBytes
    let error = #expect(throws: OpenCLError.self) {
      try context.enqueue(kernel, [.local(byteCount: limit + 1)], global: [1])
    }
    #expect(try #require(error).description.contains("of local memory asked for"))
  }

  @Test("a local size that does not fit is refused", arguments: [[3], [1, 1], [0]])
  func localSize(local: [Int]) throws {
    let kernel = try context.program(scaleSource(by: 2), name: "scale").kernel("scale")
    let buffer = try context.makeBuffer(byteCount: 32, for: "a test")
    let error = #expect(throws: OpenCLError.self) {
      try context.enqueue(kernel, [.buffer(buffer)], global: [8], local: local)
    }
    let text = try #require(error).description
    #expect(text.contains("\(local)") && text.contains("[8]"))
  }

  @Test("several contexts work side by side")
  func severalContexts() throws {
    let other = try Context(device: context.device, options: options())
    #expect(try context.scale([1, 2], by: 2) == [2, 4])
    #expect(try other.scale([1, 2], by: 3) == [3, 6])
  }

  @Test("the shared context is the same each time, on the default device")
  func sharedContext() throws {
    #expect(try Context.shared() === Context.shared())
    #expect(try Context.shared().device == Device.select())
  }
}
