import OpenCLRuntime

extension NeighbourSearch {
  /// Enqueues the prefix sums of `count` int32 counts into `count + 1` offsets; the total, in 64
  /// bits, goes to the start of `total`.
  func enqueuePrefixSums(
    of counts: Buffer, count: Int, into offsets: Buffer, total: Buffer
  ) throws {
    let chunk = max(profile.isCPU ? 4096 : 64, Int(Double(count).squareRoot()))
    guard count > chunk else {
      return try enqueue(
        "add_up_counts",
        [.int32(Int32(count)), .buffer(counts), .buffer(offsets), .buffer(total)], items: 1)
    }
    let chunks = (count + chunk - 1) / chunk
    let sums = try buffer(chunks, of: 8, for: "the partial sums of a count")
    let sizes: [KernelArgument] = [.int32(Int32(count)), .int32(Int32(chunk))]
    try enqueue("sum_chunks", sizes + [.buffer(counts), .buffer(sums)], items: chunks)
    try enqueue(
      "add_up_chunks", [.int32(Int32(chunks)), .buffer(sums), .buffer(total)], items: 1)
    try enqueue(
      "write_offsets", sizes + [.buffer(counts), .buffer(sums), .buffer(offsets)], items: chunks)
  }
}
