import COpenCL
import Synchronization

/// One kernel of a program, ready to be enqueued.
///
/// Safe to share between threads: arguments are set and the work enqueued under the kernel's lock.
public final class Kernel: Sendable {
  public let name: String
  /// The most items a work-group of this kernel may hold, which its registers may keep below what
  /// the device allows.
  public let maximumWorkGroupSize: Int
  /// Work-groups of a multiple of this size fill the device's lanes.
  public let preferredWorkGroupSizeMultiple: Int
  /// What the kernel declares; nil at a place where the driver does not tell.
  let parameters: [KernelParameter?]
  private let handle: OwnedHandle
  private let lock = Mutex(())

  init(_ handle: OwnedHandle, name: String, device: Device) throws {
    self.handle = handle
    self.name = name
    var count: cl_uint = 0
    try check(
      clGetKernelInfo(
        handle.pointer, cl_kernel_info(CL_KERNEL_NUM_ARGS), MemoryLayout<cl_uint>.size, &count, nil),
      "clGetKernelInfo", "counting the arguments of kernel '\(name)'")
    let limits = try [CL_KERNEL_WORK_GROUP_SIZE, CL_KERNEL_PREFERRED_WORK_GROUP_SIZE_MULTIPLE].map {
      var size = 0
      try check(
        clGetKernelWorkGroupInfo(
          handle.pointer, device.id.pointer, cl_kernel_work_group_info($0), MemoryLayout<Int>.size,
          &size, nil),
        "clGetKernelWorkGroupInfo", "asking for the work-group sizes of kernel '\(name)'")
      return size
    }
    maximumWorkGroupSize = limits[0]
    preferredWorkGroupSizeMultiple = max(1, limits[1])
    parameters = (0..<Int(count)).map { KernelParameter(at: $0, of: handle.pointer) }
  }

  /// Sets all arguments and enqueues; no other thread's arguments come between.
  func enqueue(
    _ arguments: [KernelArgument], global: [Int], local: [Int]?, on queue: CommandQueue,
    label: String
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
      return try queue.submit(label) { queue, event in
        clEnqueueNDRangeKernel(
          queue, handle.pointer, cl_uint(global.count), nil, global, local, 0, nil, event)
      }
    }
  }
}
