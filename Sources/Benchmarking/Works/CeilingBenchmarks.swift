import KernelSources
import OpenCLRuntime
import TensorGraph

/// The device's limits and the cost of a launch: `ceiling/copy`, `ceiling/fma`, `launch/empty`.
enum CeilingBenchmarks {
  static let all = [copy, multiplyAdd, launch]

  /// A copy of 256 MB, far beyond any cache of today.
  static let copy = Benchmark("ceiling/copy") { bed in
    let byteCount = min(256 << 20, bed.context.device.description.maximumAllocationBytes / 4)
    let shape = KernelShape(for: bed.profile)
    let itemBytes = 4 * shape.width * KernelShape.vectorsPerItem
    let groupBytes = itemBytes * shape.group
    let groups = max(1, byteCount / groupBytes)
    let source = try bed.context.makeBuffer(
      byteCount: groups * groupBytes, for: "the source of a copy")
    let target = try bed.context.makeBuffer(
      byteCount: groups * groupBytes, for: "the target of a copy")
    try bed.context.fill(source, with: 0)
    let kernel = try shape.program(on: bed.context).kernel("copy_vectors")
    return PreparedWork(counts: WorkCounts(bytes: 2 * groups * groupBytes)) { _ in
      try bed.context.enqueue(
        kernel, [.buffer(source), .buffer(target)], global: [groups * shape.group],
        local: [shape.group])
    }
  }

  /// Multiply-adds that stay in registers.
  static let multiplyAdd = Benchmark("ceiling/fma") { bed in
    let shape = KernelShape(for: bed.profile)
    let device = bed.context.device.description
    // A core needs a few items to share evenly, a GPU's unit many to hide its latency.
    let groups = device.computeUnits * (bed.profile.isCPU ? 8 : 32)
    let steps = bed.profile.isCPU ? 100_000 : 20_000
    let group = bed.profile.isCPU ? 1 : shape.group
    let totals = try bed.context.makeBuffer(
      byteCount: 4 * groups * group * shape.width, for: "sums of multiply-adds")
    let kernel = try shape.program(on: bed.context).kernel("multiply_add")
    let operations = 2 * groups * group * steps * shape.width * KernelShape.chains
    return PreparedWork(counts: WorkCounts(operations: operations)) { _ in
      try bed.context.enqueue(
        kernel, [.int32(Int32(steps)), .float(0.999), .buffer(totals)], global: [groups * group],
        local: [group])
    }
  }

  /// Enqueueing and finishing a kernel of one work-item that does nothing.
  static let launch = Benchmark("launch/empty") { bed in
    let kernel = try KernelShape(for: bed.profile).program(on: bed.context).kernel("nothing")
    let unused = try bed.context.makeBuffer(byteCount: 4, for: "an empty kernel")
    return PreparedWork(counts: WorkCounts()) { _ in
      try bed.context.enqueue(kernel, [.buffer(unused)], global: [1], local: [1])
    }
  }

  /// The vectors and groups of these kernels on a device.
  private struct KernelShape {
    let width: Int
    let group: Int

    static let vectorsPerItem = 64
    /// Twelve cover the latency of two multiply-add units and leave registers for the factors.
    static let chains = 12

    init(for profile: DeviceProfile) {
      width = profile.isCPU ? profile.floatVectorWidth : 4
      group = profile.localSize
    }

    func program(on context: Context) throws -> Program {
      let definitions = """
        typedef float\(width) vector;
        #define VECTOR_WIDTH \(width)
        #define LOAD(pointer) vload\(width)(0, pointer)
        #define STORE(value, pointer) vstore\(width)(value, 0, pointer)
        #define VECTORS_PER_ITEM \(Self.vectorsPerItem)
        #define CHAINS \(Self.chains)


        """
      return try context.program(definitions + KernelSources.ceilings, name: "ceilings")
    }
  }
}
