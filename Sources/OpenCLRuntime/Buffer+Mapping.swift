import COpenCL

extension Buffer {
  /// Lets `body` read elements where they lie, after waiting for the work enqueued before.
  ///
  /// Nothing is copied on a device that shares its memory with the host.
  public func withElements<Element: BitwiseCopyable, Result>(
    of type: Element.Type, _ body: (Span<Element>) throws -> Result
  ) throws -> Result {
    try withMapping(of: type, flags: CL_MAP_READ) { try body($0.span) }
  }

  /// Lets `body` change elements where they lie, after waiting for the work enqueued before.
  ///
  /// Nothing is copied on a device that shares its memory with the host.
  public func withMutableElements<Element: BitwiseCopyable, Result>(
    of type: Element.Type, _ body: (inout MutableSpan<Element>) throws -> Result
  ) throws -> Result {
    try withMapping(of: type, flags: CL_MAP_READ | CL_MAP_WRITE) { elements in
      var span = elements.mutableSpan
      return try body(&span)
    }
  }

  private func withMapping<Element: BitwiseCopyable, Result>(
    of type: Element.Type, flags: Int32,
    _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
  ) throws -> Result {
    let range = byteRange(of: type, count: nil, offset: 0)
    guard !range.isEmpty else { return try body(UnsafeMutableBufferPointer(start: nil, count: 0)) }
    let start = try map(range.count, flags: flags)
    let result = Swift.Result {
      let elements = range.count / MemoryLayout<Element>.stride
      return try body(
        UnsafeMutableBufferPointer(
          start: start.bindMemory(to: type, capacity: elements), count: elements))
    }
    // Unmapped whatever `body` did; its own error counts more than one of unmapping.
    let unmapping = Swift.Result { try unmap(start) }
    let value = try result.get()
    try unmapping.get()
    return value
  }

  private func map(_ byteCount: Int, flags: Int32) throws -> UnsafeMutableRawPointer {
    var address: UnsafeMutableRawPointer?
    var mapStatus: Int32 = 0
    let status = try pool.queue.submit("map") { queue, event in
      address = clEnqueueMapBuffer(
        queue, allocation.memory.pointer, cl_bool(CL_TRUE), cl_map_flags(flags), 0, byteCount, 0,
        nil, event, &mapStatus)
      return mapStatus
    }
    guard status == .success, let address else {
      throw OpenCLError.callFailed(
        call: "clEnqueueMapBuffer", status: status,
        purpose: "mapping \(ByteCount(byteCount)) of a buffer")
    }
    return address
  }

  private func unmap(_ address: UnsafeMutableRawPointer) throws {
    let status = try pool.queue.submit("unmap") { queue, event in
      clEnqueueUnmapMemObject(queue, allocation.memory.pointer, address, 0, nil, event)
    }
    try check(status.rawValue, "clEnqueueUnmapMemObject", "unmapping a buffer")
  }
}
