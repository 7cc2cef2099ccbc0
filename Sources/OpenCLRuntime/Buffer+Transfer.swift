import COpenCL

extension Buffer {
  /// Copies elements to the host, after waiting for the work enqueued before.
  ///
  /// - Parameters:
  ///   - count: How many elements; to the buffer's end where none is given.
  ///   - offset: The first element, counted in elements.
  public func read<Element: BitwiseCopyable>(
    as type: Element.Type, count: Int? = nil, offset: Int = 0
  ) throws -> [Element] {
    let range = byteRange(of: type, count: count, offset: offset)
    guard !range.isEmpty else { return [] }
    let elements = range.count / MemoryLayout<Element>.stride
    return try [Element](unsafeUninitializedCapacity: elements) { memory, initialized in
      let status = try pool.queue.submit("read") { queue, event in
        clEnqueueReadBuffer(
          queue, allocation.memory.pointer, cl_bool(CL_TRUE), range.lowerBound, range.count,
          UnsafeMutableRawPointer(memory.baseAddress), 0, nil, event)
      }
      try check(
        status.rawValue, "clEnqueueReadBuffer", "reading \(ByteCount(range.count)) of a buffer")
      initialized = elements
    }
  }

  /// Copies elements to the device, from element `offset` on; the array is free on return.
  public func write<Element: BitwiseCopyable>(_ values: [Element], offset: Int = 0) throws {
    let range = byteRange(of: Element.self, count: values.count, offset: offset)
    guard !range.isEmpty else { return }
    let status = try values.withUnsafeBytes { bytes in
      try pool.queue.submit("write") { queue, event in
        clEnqueueWriteBuffer(
          queue, allocation.memory.pointer, cl_bool(CL_TRUE), range.lowerBound, range.count,
          bytes.baseAddress, 0, nil, event)
      }
    }
    try check(
      status.rawValue, "clEnqueueWriteBuffer", "writing \(ByteCount(range.count)) to a buffer")
  }
}
