import COpenCL

/// A value for one argument of a kernel.
public enum KernelArgument: Sendable {
  /// A `global` or `constant` pointer.
  case buffer(Buffer)
  case int32(Int32)
  case uint32(UInt32)
  case int64(Int64)
  case uint64(UInt64)
  case float(Float)
  case double(Double)
  /// Room for a `local` pointer.
  case local(byteCount: Int)

  /// The length of a buffer argument.
  var byteCount: Int? {
    if case .buffer(let buffer) = self { buffer.byteCount } else { nil }
  }

  var isLocal: Bool {
    if case .local = self { true } else { false }
  }

  /// The type of a number, as OpenCL C names it.
  var typeName: String? {
    switch self {
    case .buffer, .local: nil
    case .int32: "int"
    case .uint32: "uint"
    case .int64: "long"
    case .uint64: "ulong"
    case .float: "float"
    case .double: "double"
    }
  }

  /// The argument as an error shows it.
  var text: String {
    switch self {
    case .buffer(let buffer): "a buffer of \(buffer.byteCount) bytes"
    case .local(let byteCount): "\(byteCount) bytes of local memory"
    default: "'\(typeName ?? "")'"
    }
  }

  func set(at index: Int, of kernel: cl_kernel) -> Int32 {
    switch self {
    case .buffer(let buffer): set(buffer.allocation.memory.pointer, at: index, of: kernel)
    case .int32(let value): set(value, at: index, of: kernel)
    case .uint32(let value): set(value, at: index, of: kernel)
    case .int64(let value): set(value, at: index, of: kernel)
    case .uint64(let value): set(value, at: index, of: kernel)
    case .float(let value): set(value, at: index, of: kernel)
    case .double(let value): set(value, at: index, of: kernel)
    case .local(let byteCount): clSetKernelArg(kernel, cl_uint(index), byteCount, nil)
    }
  }

  private func set<Value>(_ value: Value, at index: Int, of kernel: cl_kernel) -> Int32 {
    withUnsafeBytes(of: value) { bytes in
      clSetKernelArg(kernel, cl_uint(index), bytes.count, bytes.baseAddress)
    }
  }
}
