import OpenCLRuntime
import TensorGraph

extension NeighbourSearch {
  /// Counts are added in 64 bits, so that a total that is too large for 32-bit offsets shows.
  static let prefixSumKernels = PrefixSumKernels(value: "int", sum: "long", result: "int")

  /// Enqueues the prefix sums of `count` int32 counts into `count + 1` offsets; the total, in 64
  /// bits, goes to the start of `total`.
  func enqueuePrefixSums(
    of counts: Buffer, count: Int, into offsets: Buffer, total: Buffer
  ) throws {
    let (line, inner) = (KernelArgument.int32(1), KernelArgument.int32(1))
    let extent = KernelArgument.int32(Int32(count))
    let length = max(profile.isCPU ? 4096 : 64, Int(Double(count).squareRoot()))
    guard count > length else {
      return try enqueue(
        "add_up", [line, inner, extent, .buffer(counts), .buffer(offsets), .buffer(total)],
        items: 1)
    }
    let parts = (count + length - 1) / length
    let sums = try buffer(parts, of: 8, for: "the partial sums of a count")
    let sizes = [line, inner, extent, .int32(Int32(parts))]
    try enqueue("sum_parts", sizes + [.buffer(counts), .buffer(sums)], items: parts)
    try enqueue(
      "add_up_parts", [line, .int32(Int32(parts)), .buffer(sums), .buffer(total)], items: 1)
    try enqueue(
      "write_sums", sizes + [.buffer(counts), .buffer(sums), .buffer(offsets)], items: parts)
  }
}
