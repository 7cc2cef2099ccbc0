import COpenCL

/// What a kernel declares at one place of its argument list.
///
/// Drivers trust the caller: a number where a pointer is declared crashes some of them, and an
/// `int` where a `float` is declared has the right size. So the kinds are compared here.
struct KernelParameter: Sendable {
  enum Place: Sendable, Equatable {
    /// A `global` or `constant` pointer.
    case buffer
    /// A `local` pointer.
    case local
    /// A value of the type of this name.
    case value(type: String)
  }

  let place: Place

  /// Nil where the driver does not tell.
  init?(at index: Int, of kernel: cl_kernel) {
    var qualifier: cl_kernel_arg_address_qualifier = 0
    let status = clGetKernelArgInfo(
      kernel, cl_uint(index), cl_kernel_arg_info(CL_KERNEL_ARG_ADDRESS_QUALIFIER),
      MemoryLayout.size(ofValue: qualifier), &qualifier, nil)
    guard status == 0 else { return nil }
    switch Int32(bitPattern: qualifier) {
    case CL_KERNEL_ARG_ADDRESS_GLOBAL, CL_KERNEL_ARG_ADDRESS_CONSTANT: place = .buffer
    case CL_KERNEL_ARG_ADDRESS_LOCAL: place = .local
    default:
      let name = try? DeviceQuery.values(of: UInt8.self) { size, bytes, needed in
        clGetKernelArgInfo(
          kernel, cl_uint(index), cl_kernel_arg_info(CL_KERNEL_ARG_TYPE_NAME), size, bytes, needed)
      }
      place = .value(type: DeviceQuery.text(name ?? []))
    }
  }

  /// Whether an argument may stand here.
  func accepts(_ argument: KernelArgument) -> Bool {
    switch (place, argument.typeName) {
    case (.buffer, _): argument.byteCount != nil
    case (.local, _): argument.isLocal
    case (.value, nil): false
    // What a typedef stands for is not known here; the driver may compare sizes.
    case (.value(let declared), let given?): declared == given || !Self.scalars.contains(declared)
    }
  }

  /// The declaration as an error shows it.
  var text: String {
    switch place {
    case .buffer: "a pointer to global memory"
    case .local: "a pointer to local memory"
    case .value(let type): "'\(type)'"
    }
  }

  private static let scalars: Set = [
    "char", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "half", "float", "double",
  ]
}
