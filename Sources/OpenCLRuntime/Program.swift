import COpenCL
import Synchronization

/// A program built for one device.
public final class Program: Sendable {
  /// The name that errors and profiles show.
  public let name: String

  let queue: CommandQueue
  let handle: OwnedHandle
  private let kernels = Mutex<[String: Kernel]>([:])

  init(_ handle: OwnedHandle, name: String, on queue: CommandQueue) {
    self.handle = handle
    self.name = name
    self.queue = queue
  }

  /// The kernel of this name, made at the first request.
  ///
  /// - Throws: `OpenCLError.unknownKernel`, which lists the kernels that there are.
  public func kernel(_ name: String) throws -> Kernel {
    try kernels.withLock { kernels in
      if let kernel = kernels[name] { return kernel }
      var status: Int32 = 0
      let pointer = clCreateKernel(handle.pointer, name, &status)
      if OpenCLStatus(rawValue: status) == .invalidKernelName {
        throw OpenCLError.unknownKernel(name: name, program: self.name, available: kernelNames)
      }
      try check(status, "clCreateKernel", "making kernel '\(name)' of program '\(self.name)'")
      let kernel = try Kernel(
        try queue.own(pointer, .kernel, madeBy: "clCreateKernel"), name: name,
        device: queue.device)
      kernels[name] = kernel
      return kernel
    }
  }

  /// The names of the program's kernels; empty where the driver does not tell.
  public var kernelNames: [String] {
    let bytes = try? DeviceQuery.values(of: UInt8.self) { size, bytes, needed in
      clGetProgramInfo(
        handle.pointer, cl_program_info(CL_PROGRAM_KERNEL_NAMES), size, bytes, needed)
    }
    return DeviceQuery.text(bytes ?? []).split(separator: ";").map(String.init)
  }
}
