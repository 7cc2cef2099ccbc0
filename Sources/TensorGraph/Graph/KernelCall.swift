import OpenCLRuntime

/// The type of an expression in a kernel: an element type and a vector width.
package struct KernelType: Hashable, Sendable {
  package var elementType: ElementType
  /// 1, 2, 4, 8 or 16.
  package var width: Int

  package init(_ elementType: ElementType, width: Int = 1) {
    self.elementType = elementType
    self.width = width
  }

  /// The name in OpenCL C, such as `float8`.
  package var name: String { elementType.kernelName + (width == 1 ? "" : "\(width)") }

  /// A literal that reads back as the nearest number of this type, such as `1.5f`.
  package func literal(_ value: Double) -> String {
    switch elementType {
    case .float32:
      KernelType.literal(Float(value))
    case .float64:
      KernelType.literal(value)
    case .int32, .bool:
      value < 0 ? "(\(Int(value)))" : "\(Int(value))"
    }
  }

  private static func literal(_ value: Float) -> String {
    if value.isNaN { return "NAN" }
    if value.isInfinite { return value < 0 ? "(-INFINITY)" : "INFINITY" }
    let text = value == value.rounded() && abs(value) < 1e6 ? "\(Int(value)).0f" : "\(value)f"
    return value.sign == .minus ? "(\(value == 0 ? "-0.0f" : text))" : text
  }

  private static func literal(_ value: Double) -> String {
    if value.isNaN { return "((double)NAN)" }
    if value.isInfinite { return value < 0 ? "((double)-INFINITY)" : "((double)INFINITY)" }
    let text = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value)).0" : "\(value)"
    return value.sign == .minus ? "(\(value == 0 ? "-0.0" : text))" : text
  }
}

/// A number of work-items: the sum of its parts.
package struct WorkSize: Hashable, Sendable {
  /// `ceil(items / itemsPerWorkItem) · repetitions`.
  package struct Part: Hashable, Sendable {
    package var items: Dimension
    package var itemsPerWorkItem: Int
    package var repetitions: Int

    /// The number for so many items.
    func value(for items: Int) -> Int {
      (items + itemsPerWorkItem - 1) / itemsPerWorkItem * repetitions
    }
  }

  package var parts: [Part]

  init(_ parts: [Part]) { self.parts = parts }

  package init(_ items: Dimension, itemsPerWorkItem: Int = 1) {
    parts = [Part(items: items, itemsPerWorkItem: itemsPerWorkItem, repetitions: 1)]
  }

  /// The least multiple of `multiple` with which a work-item has at most `itemsPerWorkItem` items.
  package init(_ items: Dimension, itemsPerWorkItem: Int, multipleOf multiple: Int) {
    parts = [
      Part(items: items, itemsPerWorkItem: itemsPerWorkItem * multiple, repetitions: multiple)
    ]
  }

  /// The number under an assignment of symbols.
  package func value(in sizes: [SizeSymbol: Int]) -> Int {
    parts.reduce(0) { $0 + $1.value(for: $1.items.value(in: sizes)) }
  }
}

/// One kernel launch, or one call of a library, as an operation asks for it.
package struct KernelCall: Hashable, Sendable {
  /// What a kernel's argument is bound to, in the order of the kernel's parameters.
  package enum Argument: Hashable, Sendable {
    /// The buffer of an operand.
    case operand(Int)
    /// The buffer of the result: of the operation, or of one of those that share the kernel
    /// (``JointOperation``).
    case result(Int)
    /// A scratch buffer of the sequence.
    case scratch(Int)
    /// A size, as a 32-bit `int`.
    case size(Dimension)
    /// A number, as a `float` or `double`.
    case number(Double, ElementType)
    /// A buffer of these numbers, as 32-bit `int`.
    case table([Int32])

    /// The buffer of the only result.
    package static var result: Argument { .result(0) }
  }

  /// The name in profiles.
  package var name: String
  /// Complete OpenCL C text; the preamble (`KernelPreamble`) is put before it.
  package var source: String
  /// The name of the `__kernel` function.
  package var entryPoint: String
  /// Build options such as `-DTILE=8`.
  package var options: [String]
  package var arguments: [Argument]
  /// The work-items of each axis, before padding to `localSize`; kernels check their bounds.
  package var globalSize: [WorkSize]
  /// Work-items a group, or nil to leave it to the driver.
  package var localSize: [Int]?
  /// Floating-point operations of the launch (a fused multiply-add counts as two).
  package var operationCount: Dimension
  /// Where the kernel comes from, if from elsewhere than its operation's other kernels.
  package var family: KernelFamily?
  /// What a library computes: then there is no source, and the arguments are the buffers of the first
  /// matrix, of the second and of the result.
  package private(set) var library: LibraryProduct?

  package init(
    name: String, source: String, entryPoint: String, options: [String] = [],
    arguments: [Argument], globalSize: [WorkSize], localSize: [Int]? = nil,
    operationCount: Dimension = 0, family: KernelFamily? = nil
  ) {
    self.name = name
    self.source = source
    self.entryPoint = entryPoint
    self.options = options
    self.arguments = arguments
    self.globalSize = globalSize
    self.localSize = localSize
    self.operationCount = operationCount
    self.family = family
  }

  /// A call of a library.
  package init(
    name: String, library: LibraryProduct, arguments: [Argument], operationCount: Dimension,
    family: KernelFamily
  ) {
    self.init(
      name: name, source: "", entryPoint: "", arguments: arguments, globalSize: [],
      operationCount: operationCount, family: family)
    self.library = library
  }
}

/// Kernels to run one after the other, and the scratch buffers that they share.
package struct KernelSequence: Hashable, Sendable {
  package var calls: [KernelCall]
  package var scratch: [TensorDescription]

  package init(_ calls: [KernelCall], scratch: [TensorDescription] = []) {
    self.calls = calls
    self.scratch = scratch
  }
}
