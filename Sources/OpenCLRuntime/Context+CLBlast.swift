import COpenCL

extension Context {
  /// Enqueues a product by CLBlast, which enqueues one kernel or several; they run after everything
  /// enqueued before. The first product of a kind builds its kernels.
  ///
  /// What it needs beside the operands is taken from the pool for a single product; for a batch it
  /// allocates itself.
  ///
  /// - Throws: `OpenCLError.libraryNotInstalled`, `.libraryCallFailed`, `.outOfMemory`.
  package func enqueue(
    _ product: StridedMatrixProduct, first: Buffer, second: Buffer, result: Buffer, label: String
  ) throws {
    for buffer in [first, second, result] {
      precondition(buffer.pool === pool, "a buffer of another context")
    }
    guard let library = CLBlast.installed else {
      throw OpenCLError.libraryNotInstalled(name: "CLBlast", package: "libclblast1")
    }
    guard product.batches > 0, product.rows > 0, product.columns > 0 else { return }
    guard product.depth > 0 else { return try writeEmptySums(of: product, to: result) }
    clblast.withLock { $0 = $0 ?? CLBlastUse(of: library) }

    let call = CLBlastCall(product: product, library: library)
    var status = try call.enqueue(first, second, result, on: self, label)
    if OpenCLStatus(rawValue: status.rawValue).meansMemoryRanOut, pool.trim() > 0 {
      try queue.finish()
      status = try call.enqueue(first, second, result, on: self, label)
    }
    guard status.rawValue != 0 else { return }
    throw OpenCLError.libraryCallFailed(
      call: call.name, status: status,
      purpose: "multiplying \(product.batches) × [\(product.rows), \(product.depth)] · "
        + "[\(product.depth), \(product.columns)]")
  }

  /// The library refuses sums of nothing.
  private func writeEmptySums(of product: StridedMatrixProduct, to result: Buffer) throws {
    guard !product.accumulates else { return }
    let bytes = product.isDouble ? 8 : 4
    for batch in 0..<product.batches {
      for row in 0..<product.rows {
        let place =
          product.result.offset + batch * product.result.batchStride
          + row * product.result.rowLength
        try fill(result, with: 0, byteCount: product.columns * bytes, offset: place * bytes)
      }
    }
  }
}

/// One call of CLBlast.
private struct CLBlastCall {
  let product: StridedMatrixProduct
  let library: CLBlast

  var name: String {
    "CLBlast\(product.isDouble ? "D" : "S")gemm"
      + (product.batches == 1 ? "WithTempBuffer" : "StridedBatched")
  }

  func enqueue(
    _ first: Buffer, _ second: Buffer, _ result: Buffer, on context: Context, _ label: String
  ) throws -> CLBlastStatus {
    let scratch = product.batches == 1 ? try scratch(on: context) : nil
    let status = try context.queue.submitSeveral(label) { queue, event in
      var queue: cl_command_queue? = queue
      return call(
        first.allocation.memory.pointer, second.allocation.memory.pointer,
        result.allocation.memory.pointer, scratch?.allocation.memory.pointer, &queue, event)
    }
    return CLBlastStatus(rawValue: status.rawValue)
  }

  private func scratch(on context: Context) throws -> Buffer? {
    var queue: cl_command_queue? = context.queue.pointer
    var bytes = 0
    let size = product.isDouble ? library.doubleScratch : library.singleScratch
    let status = size(
      CLBlast.rowMajor, form(product.first), form(product.second), product.rows, product.columns,
      product.depth, product.first.offset, product.first.rowLength, product.second.offset,
      product.second.rowLength, product.result.offset, product.result.rowLength, &queue, &bytes)
    // A refusal is left to the product's own call to report.
    guard status == 0, bytes > 0 else { return nil }
    return try context.makeBuffer(byteCount: bytes, for: "a matrix product's scratch")
  }

  private func form(_ matrix: StridedMatrixProduct.Matrix) -> Int32 {
    matrix.isTransposed ? CLBlast.transposed : CLBlast.asStored
  }

  private func call(
    _ first: cl_mem, _ second: cl_mem, _ result: cl_mem, _ scratch: cl_mem?, _ queue: CLBlast.Queue,
    _ event: CLBlast.Event?
  ) -> Int32 {
    let (p, a, b, c) = (product, product.first, product.second, product.result)
    let kept = p.accumulates ? 1.0 : 0.0
    return switch (p.isDouble, p.batches) {
    case (false, 1):
      library.single(
        CLBlast.rowMajor, form(a), form(b), p.rows, p.columns, p.depth, Float(p.scale), first,
        a.offset, a.rowLength, second, b.offset, b.rowLength, Float(kept), result, c.offset,
        c.rowLength, queue, event, scratch)
    case (true, 1):
      library.double(
        CLBlast.rowMajor, form(a), form(b), p.rows, p.columns, p.depth, p.scale, first, a.offset,
        a.rowLength, second, b.offset, b.rowLength, kept, result, c.offset, c.rowLength, queue,
        event, scratch)
    case (false, _):
      library.singleBatch(
        CLBlast.rowMajor, form(a), form(b), p.rows, p.columns, p.depth, Float(p.scale), first,
        a.offset, a.rowLength, a.batchStride, second, b.offset, b.rowLength, b.batchStride,
        Float(kept), result, c.offset, c.rowLength, c.batchStride, p.batches, queue, event)
    case (true, _):
      library.doubleBatch(
        CLBlast.rowMajor, form(a), form(b), p.rows, p.columns, p.depth, p.scale, first, a.offset,
        a.rowLength, a.batchStride, second, b.offset, b.rowLength, b.batchStride, kept, result,
        c.offset, c.rowLength, c.batchStride, p.batches, queue, event)
    }
  }
}
