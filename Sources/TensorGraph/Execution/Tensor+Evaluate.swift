import OpenCLRuntime

extension Tensor {
  /// Computes the tensor now, unless its elements are known already.
  ///
  /// - Parameter context: where to compute; by default the context of the default device.
  /// - Throws: errors of the device, of building kernels and of memory.
  /// - Precondition: no size in the shape is a symbol.
  @discardableResult
  public func evaluated(on context: Context? = nil) throws -> Tensor {
    try evaluate([self], on: context)
    return self
  }

  /// The elements in row-major order, computed if need be.
  ///
  /// - Throws: errors of the device, of building kernels and of memory.
  /// - Precondition: the tensor is of `float32`.
  public func floats(on context: Context? = nil) throws -> [Float] {
    try elements(on: context, .float32)
  }

  /// The elements in row-major order as double-precision numbers, computed if need be.
  ///
  /// - Throws: errors of the device, of building kernels and of memory.
  /// - Precondition: the tensor is of `float32` or `float64`.
  public func doubles(on context: Context? = nil) throws -> [Double] {
    elementType == .float32
      ? try floats(on: context).map(Double.init) : try elements(on: context, .float64)
  }

  /// The elements in row-major order, computed if need be.
  ///
  /// - Throws: errors of the device, of building kernels and of memory.
  /// - Precondition: the tensor is of `int32`.
  public func integers(on context: Context? = nil) throws -> [Int32] {
    try elements(on: context, .int32)
  }

  /// The mask's elements in row-major order, computed if need be.
  ///
  /// - Throws: errors of the device, of building kernels and of memory.
  /// - Precondition: the tensor is a mask.
  public func booleans(on context: Context? = nil) throws -> [Bool] {
    let bytes: [UInt8] = try elements(on: context, .bool)
    return bytes.map { $0 != 0 }
  }

  private func elements<Element: BitwiseCopyable>(
    on context: Context?, _ type: ElementType
  ) throws -> [Element] {
    precondition(elementType == type, "reading \(node.description) as \(type)")
    let context = try context ?? Context.shared()
    try evaluate([self], on: context)
    guard let count = shape.elementCount.fixed else {
      preconditionFailure("reading \(node.description): its size is not known")
    }
    return count == 0 ? [] : try node.buffer(on: context).read(as: Element.self, count: count)
  }

  /// The tensor that a device buffer holds.
  package init(_ buffer: Buffer, _ description: TensorDescription, on context: Context) {
    self.init(
      Node(
        Source(description, label: "buffer"), [],
        value: Realization(context: context, buffer: buffer)))
  }
}

/// Computes several tensors at once, so that what they share is computed once.
///
/// - Parameter context: where to compute; by default the context of the default device.
/// - Throws: errors of the device, of building kernels and of memory.
public func evaluate(_ tensors: [Tensor], on context: Context? = nil) throws {
  let context = try context ?? Context.shared()
  let pending = tensors.map(\.node).filter { node in
    !(node.operation is Source) && node.value.withLock { $0 == nil }
  }
  guard !pending.isEmpty else { return }
  let plan = Plan(
    computing: pending, from: [], for: DeviceProfile(of: context))
  let buffers = try PlanExecutor(plan, on: context).run([], in: [:])
  for (node, buffer) in zip(pending, buffers) {
    node.value.withLock { $0 = Realization(context: context, buffer: buffer) }
  }
}

extension Node {
  /// The elements as a buffer of `context`: uploaded from the host, or copied through it from
  /// another context.
  package func buffer(on context: Context) throws -> Buffer {
    let known = value.withLock { $0 }
    if let known, known.context === context { return known.buffer }
    let buffer: Buffer
    if let known {
      let bytes = try known.buffer.read(as: UInt8.self)
      buffer = try context.makeBuffer(bytes, for: operation.name)
    } else if let elements = (operation as? Source)?.identity.elements {
      buffer = try elements.uploaded(to: context, for: operation.name)
    } else {
      preconditionFailure("'\(operation.name)' (\(description)) has no elements yet")
    }
    value.withLock { $0 = Realization(context: context, buffer: buffer) }
    return buffer
  }
}

extension Elements {
  func uploaded(to context: Context, for purpose: String) throws -> Buffer {
    if count == 0 { return try context.makeBuffer(byteCount: 1, for: purpose) }
    return switch self {
    case .float32(let values): try context.makeBuffer(values, for: purpose)
    case .float64(let values): try context.makeBuffer(values, for: purpose)
    case .int32(let values): try context.makeBuffer(values, for: purpose)
    case .bool(let values): try context.makeBuffer(values, for: purpose)
    }
  }
}
