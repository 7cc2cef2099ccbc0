/// A status that an OpenCL call returned: its code, its name in the standard and what it means.
///
/// Source: OpenCL 1.2 specification, section 5, and the headers of the Khronos extensions.
public struct OpenCLStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The standard's name, `CL_SUCCESS` for 0; a code outside the table is named by its number.
  public var name: String { Self.table[rawValue]?.name ?? "OpenCL status \(rawValue)" }

  /// What the status means, in a few words.
  public var meaning: String { Self.table[rawValue]?.meaning ?? "a code outside the standard" }

  /// Name, code and meaning: `CL_OUT_OF_RESOURCES (-5): the device ran out of resources`.
  public var description: String { "\(name) (\(rawValue)): \(meaning)" }

  static let success = Self(rawValue: 0)
  static let deviceNotFound = Self(rawValue: -1)
  static let memoryObjectAllocationFailure = Self(rawValue: -4)
  static let outOfResources = Self(rawValue: -5)
  static let buildProgramFailure = Self(rawValue: -11)
  static let invalidKernelName = Self(rawValue: -46)
  static let invalidBufferSize = Self(rawValue: -61)
  static let platformNotFound = Self(rawValue: -1001)

  /// The device had not the memory for a buffer or for a command that uses it.
  ///
  /// Drivers that allocate on first use report it at enqueue, some as `CL_OUT_OF_RESOURCES`.
  var meansMemoryRanOut: Bool {
    self == .memoryObjectAllocationFailure || self == .outOfResources
  }

  private static let table: [Int32: (name: String, meaning: String)] = [
    0: ("CL_SUCCESS", "no error"),
    -1: ("CL_DEVICE_NOT_FOUND", "the platform has no device of this kind"),
    -2: ("CL_DEVICE_NOT_AVAILABLE", "the device is there but cannot be used now"),
    -3: ("CL_COMPILER_NOT_AVAILABLE", "the driver has no OpenCL C compiler"),
    -4: ("CL_MEM_OBJECT_ALLOCATION_FAILURE", "the device has no memory left for the buffer"),
    -5: ("CL_OUT_OF_RESOURCES", "the device ran out of resources"),
    -6: ("CL_OUT_OF_HOST_MEMORY", "the driver ran out of host memory"),
    -7: ("CL_PROFILING_INFO_NOT_AVAILABLE", "the event carries no times"),
    -8: ("CL_MEM_COPY_OVERLAP", "source and destination of the copy overlap"),
    -9: ("CL_IMAGE_FORMAT_MISMATCH", "the images have different formats"),
    -10: ("CL_IMAGE_FORMAT_NOT_SUPPORTED", "the device lacks this image format"),
    -11: ("CL_BUILD_PROGRAM_FAILURE", "the program does not build"),
    -12: ("CL_MAP_FAILURE", "the buffer cannot be mapped into host memory"),
    -13: ("CL_MISALIGNED_SUB_BUFFER_OFFSET", "the sub-buffer starts at an unaligned offset"),
    -14: ("CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", "a command waited for has failed"),
    -15: ("CL_COMPILE_PROGRAM_FAILURE", "the program does not compile"),
    -16: ("CL_LINKER_NOT_AVAILABLE", "the driver has no linker"),
    -17: ("CL_LINK_PROGRAM_FAILURE", "the program does not link"),
    -18: ("CL_DEVICE_PARTITION_FAILED", "the device cannot be partitioned so"),
    -19: ("CL_KERNEL_ARG_INFO_NOT_AVAILABLE", "the kernel was built without argument information"),
    -30: ("CL_INVALID_VALUE", "an argument of the call has a value that is not allowed"),
    -31: ("CL_INVALID_DEVICE_TYPE", "no such kind of device"),
    -32: ("CL_INVALID_PLATFORM", "the platform is not valid"),
    -33: ("CL_INVALID_DEVICE", "the device is not valid"),
    -34: ("CL_INVALID_CONTEXT", "the context is not valid"),
    -35: ("CL_INVALID_QUEUE_PROPERTIES", "the device lacks a property asked of its queue"),
    -36: (
      "CL_INVALID_COMMAND_QUEUE", "the command queue is not valid, or an earlier command broke it"
    ),
    -37: ("CL_INVALID_HOST_PTR", "the host pointer does not fit the flags"),
    -38: ("CL_INVALID_MEM_OBJECT", "the buffer is not valid here"),
    -39: ("CL_INVALID_IMAGE_FORMAT_DESCRIPTOR", "the image format is not valid"),
    -40: ("CL_INVALID_IMAGE_SIZE", "the image is too large for the device"),
    -41: ("CL_INVALID_SAMPLER", "the sampler is not valid"),
    -42: ("CL_INVALID_BINARY", "the program binary is not for this device"),
    -43: ("CL_INVALID_BUILD_OPTIONS", "the driver does not know a build option"),
    -44: ("CL_INVALID_PROGRAM", "the program is not valid"),
    -45: ("CL_INVALID_PROGRAM_EXECUTABLE", "the program is not built for this device"),
    -46: ("CL_INVALID_KERNEL_NAME", "the program has no kernel of this name"),
    -47: ("CL_INVALID_KERNEL_DEFINITION", "the kernel is declared differently for its devices"),
    -48: ("CL_INVALID_KERNEL", "the kernel is not valid"),
    -49: ("CL_INVALID_ARG_INDEX", "the kernel has fewer arguments"),
    -50: ("CL_INVALID_ARG_VALUE", "the argument's value is not of the declared kind"),
    -51: ("CL_INVALID_ARG_SIZE", "the argument's size is not that of the declared type"),
    -52: ("CL_INVALID_KERNEL_ARGS", "an argument of the kernel was never set"),
    -53: ("CL_INVALID_WORK_DIMENSION", "work has one to three dimensions"),
    -54: (
      "CL_INVALID_WORK_GROUP_SIZE", "the work-group size does not fit the kernel or the global size"
    ),
    -55: ("CL_INVALID_WORK_ITEM_SIZE", "a work-group has too many items along one dimension"),
    -56: ("CL_INVALID_GLOBAL_OFFSET", "the global offset is too large"),
    -57: ("CL_INVALID_EVENT_WAIT_LIST", "the list of events to wait for is not valid"),
    -58: ("CL_INVALID_EVENT", "the event is not valid"),
    -59: ("CL_INVALID_OPERATION", "the operation is not allowed now"),
    -60: ("CL_INVALID_GL_OBJECT", "the OpenGL object is not valid"),
    -61: ("CL_INVALID_BUFFER_SIZE", "the buffer is empty or larger than the device allows"),
    -62: ("CL_INVALID_MIP_LEVEL", "the mip level is not valid"),
    -63: ("CL_INVALID_GLOBAL_WORK_SIZE", "the global size is zero or too large"),
    -64: ("CL_INVALID_PROPERTY", "a property is not known"),
    -65: ("CL_INVALID_IMAGE_DESCRIPTOR", "the image description is not valid"),
    -66: ("CL_INVALID_COMPILER_OPTIONS", "the driver does not know a compiler option"),
    -67: ("CL_INVALID_LINKER_OPTIONS", "the driver does not know a linker option"),
    -68: ("CL_INVALID_DEVICE_PARTITION_COUNT", "the partition count is not valid"),
    -69: ("CL_INVALID_PIPE_SIZE", "the pipe size is not valid"),
    -70: ("CL_INVALID_DEVICE_QUEUE", "the device queue is not valid"),
    -71: ("CL_INVALID_SPEC_ID", "the specialisation constant is not known"),
    -72: ("CL_MAX_SIZE_RESTRICTION_EXCEEDED", "a size restriction is exceeded"),
    -1001: ("CL_PLATFORM_NOT_FOUND_KHR", "no OpenCL implementation is installed"),
    -9999: ("NVIDIA illegal access (-9999)", "a kernel read or wrote outside of its buffers"),
  ]
}
