import COpenCL
import Synchronization

/// One kernel of a program, ready to be enqueued.
///
/// Safe to share between threads: arguments are set and the work enqueued under the kernel's lock.
public final class Kernel: Sendable {
  public let name: String
  /// What the kernel declares; nil at a place where the driver does not tell.
  let parameters: [KernelParameter?]
  private let handle: OwnedHandle
  private let lock = Mutex(())

  init(_ handle: OwnedHandle, name: String) throws {
    self.handle = handle
    self.name = name
    var count: cl_uint = 0
    try check(
      clGetKernelInfo(
        handle.pointer, cl_kernel_info(CL_KERNEL_NUM_ARGS), MemoryLayout<cl_uint>.size, &count, nil),
      "clGetKernelInfo", "counting the arguments of kernel '\(name)'")
    parameters = (0..<Int(count)).map { KernelParameter(at: $0, of: handle.pointer) }
  }

  /// Sets all arguments and enqueues; no other thread's arguments come between.
  func enqueue(
    _ arguments: [KernelArgument], global: [Int], local: [Int]?, on queue: CommandQueue
  ) throws -> OpenCLStatus {
    try lock.withLock { _ in
      for (index, argument) in arguments.enumerated() {
        let status = argument.set(at: index, of: handle.pointer)
        if status != 0 {
          throw OpenCLError.invalidArguments(
            kernel: name,
            problem: "argument \(index) is given as \(argument.text): "
              + OpenCLStatus(rawValue: status).description)
        }
      }
      return try queue.submit(name) { queue, event in
        clEnqueueNDRangeKernel(
          queue, handle.pointer, cl_uint(global.count), nil, global, local, 0, nil, event)
      }
    }
  }
}
