import COpenCL
import Glibc

/// Memory of the host for large buffers of CPU devices, which asks the system for pages of 2 MB.
///
/// Where a system gives such pages only on request, drivers that take their memory from `malloc` have
/// pages of 4 KB: kernels that gather rows all over a large buffer then wait for page tables as often
/// as for the rows, above all on virtual machines. (Measured on one: gradients of convolutions took
/// 0.87 of the time.) A system that has no large pages gives small ones.
enum LargePages {
  static let pageByteCount = 2 << 20
  /// From this size on it pays, and at most half of a buffer is outside of a whole page.
  static let leastByteCount = 2 * pageByteCount

  /// A buffer in such memory, which is freed with the buffer; a status that says why there is none.
  static func makeBuffer(byteCount: Int, in context: OpaquePointer) -> (cl_mem?, OpenCLStatus) {
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, pageByteCount, byteCount) == 0, let address else {
      return (nil, .memoryObjectAllocationFailure)
    }
    madvise(address, byteCount, MADV_HUGEPAGE)
    var status: Int32 = 0
    let flags = cl_mem_flags(CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR)
    guard let memory = clCreateBuffer(context, flags, byteCount, address, &status) else {
      free(address)
      return (nil, OpenCLStatus(rawValue: status))
    }
    // Commands that are still under way keep the buffer, so only the driver knows when it goes.
    status = clSetMemObjectDestructorCallback(memory, { _, address in free(address) }, address)
    guard status == CL_SUCCESS else {
      clReleaseMemObject(memory)
      free(address)
      return (nil, OpenCLStatus(rawValue: status))
    }
    return (memory, .success)
  }
}
