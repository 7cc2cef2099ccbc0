import OpenCLRuntime
import Testing

@Suite("Enqueueing kernels")
struct EnqueueTests {
  let context: Context

  init() throws { context = try Context(device: Device.select()) }

  @Test("each kind of argument reaches the kernel")
  func everyArgumentKind() throws {
    let source = """
      kernel void gather_arguments(
          global double* out, int a, uint b, long c, ulong d, float e, double f,
          local float* scratch) {
        scratch[0] = e;
        out[0] = a; out[1] = b; out[2] = c; out[3] = d; out[4] = scratch[0]; out[5] = f;
      }
      """
    let kernel = try context.program(source, name: "arguments").kernel("gather_arguments")
    let out = try context.makeBuffer(byteCount: 48, for: "the result")
    try context.enqueue(
      kernel,
      [
        .buffer(out), .int32(-7), .uint32(.max), .int64(-1 << 40), .uint64(1 << 50), .float(0.5),
        .double(0.1), .local(byteCount: 4),
      ], global: [1], local: [1])
    #expect(
      try out.read(as: Double.self)
        == [-7, Double(UInt32.max), -Double(1 << 40), Double(1 << 50), 0.5, 0.1])
  }
}
