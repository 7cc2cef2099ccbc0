/// What can go wrong between a program and its OpenCL device.
///
/// The description says what was asked for, what was found and what to do about it.
public enum OpenCLError: Error, Sendable, Equatable {
  /// No OpenCL implementation is installed.
  case noPlatform
  /// Implementations are there, but none offers a device that can be used.
  case noDevice(findings: [String])
  /// No device goes by the requested name or index; `origin` is the option or variable that asked.
  case unknownDevice(request: String, origin: String, available: [String])
  /// An OpenCL call failed; `purpose` says what it was made for.
  case callFailed(call: String, status: OpenCLStatus, purpose: String)
  /// A program does not build; `log` is the compiler's, with the source lines it points at.
  case buildFailed(program: String, device: String, status: OpenCLStatus, log: String)
  /// A program holds no kernel of this name.
  case unknownKernel(name: String, program: String, available: [String])
  /// The device has not the memory asked for.
  case outOfMemory(OutOfMemory)
  /// A kernel was called with arguments that it does not declare.
  case invalidArguments(kernel: String, problem: String)
  /// A kernel cannot run with this global and local size.
  case invalidWorkSize(kernel: String, problem: String)
  /// A library that a plan asks for is not installed; `package` is Debian's.
  case libraryNotInstalled(name: String, package: String)
  /// A function of CLBlast failed; `purpose` says what it was called for.
  case libraryCallFailed(call: String, status: CLBlastStatus, purpose: String)
  /// Kernels of this family were found to compute wrong numbers on this device; `finding` says how
  /// wrong.
  case kernelFamilyRefused(family: KernelFamily, device: String, finding: String)
}

/// A request for device memory that could not be met. Sizes are in bytes.
public struct OutOfMemory: Sendable, Equatable {
  public let requestedBytes: Int
  public let purpose: String
  public let bytesInUse: Int
  public let maximumAllocationBytes: Int
  /// The most that may be in use at one time: the device's memory, or the context's own limit.
  public let limitBytes: Int
  public let device: String

  package init(
    requestedBytes: Int, purpose: String, bytesInUse: Int, maximumAllocationBytes: Int,
    limitBytes: Int, device: String
  ) {
    self.requestedBytes = requestedBytes
    self.purpose = purpose
    self.bytesInUse = bytesInUse
    self.maximumAllocationBytes = maximumAllocationBytes
    self.limitBytes = limitBytes
    self.device = device
  }
}

extension OpenCLError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noPlatform:
      return "no OpenCL implementation is installed (CL_PLATFORM_NOT_FOUND_KHR).\n"
        + "Install your GPU's driver, or run on the CPU with: apt-get install pocl-opencl-icd"
    case .noDevice(let findings):
      let detail = findings.isEmpty ? "" : " (" + findings.joined(separator: "; ") + ")"
      return "OpenCL is installed but offers no usable device\(detail).\n"
        + "Check the driver with clinfo, or run on the CPU with: apt-get install pocl-opencl-icd"
    case .unknownDevice(let request, let origin, let available):
      return "\(origin): no OpenCL device matches '\(request)'.\n"
        + "Give an index or a part of a name: \(available.joined(separator: ", "))"
    case .callFailed(let call, let status, let purpose):
      return "\(call) failed while \(purpose): \(status)"
    case .buildFailed(let program, let device, let status, let log):
      return "program '\(program)' does not build on '\(device)' (\(status.name)):\n\(log)"
    case .unknownKernel(let name, let program, let available):
      return "program '\(program)' has no kernel '\(name)'; it has: "
        + (available.isEmpty ? "none" : available.joined(separator: ", "))
    case .outOfMemory(let shortage):
      return shortage.description
    case .invalidArguments(let kernel, let problem):
      return "kernel '\(kernel)': \(problem)"
    case .invalidWorkSize(let kernel, let problem):
      return "kernel '\(kernel)': \(problem)"
    case .libraryNotInstalled(let name, let package):
      return "\(name) is not installed, but was chosen for this device.\n"
        + "Install it (apt-get install \(package)), or forget the choice: clebsch tune --reset"
    case .libraryCallFailed(let call, let status, let purpose):
      return "\(call) failed while \(purpose): \(status)"
    case .kernelFamilyRefused(let family, let device, let finding):
      return "'\(family.rawValue)' kernels are refused on '\(device)': \(finding).\n"
        + "Take another device (--device), or run 'clebsch doctor' again after a new driver."
    }
  }
}

extension OutOfMemory: CustomStringConvertible {
  public var description: String {
    let request = "\(ByteCount(requestedBytes)) for \(purpose)"
    if requestedBytes > maximumAllocationBytes {
      return "out of device memory: \(request); '\(device)' gives at most "
        + "\(ByteCount(maximumAllocationBytes)) to one buffer.\n"
        + "Make the problem smaller (fewer structures a batch), or take another device."
    }
    return "out of device memory: \(request); of \(ByteCount(limitBytes)) on '\(device)' "
      + "\(ByteCount(bytesInUse)) are in use.\n"
      + "Make the problem smaller (fewer structures a batch), or take another device."
  }
}

/// A size in bytes that prints itself in the unit a person would choose.
struct ByteCount: CustomStringConvertible {
  let bytes: Int

  init(_ bytes: Int) { self.bytes = bytes }

  var description: String {
    let units = ["KiB", "MiB", "GiB", "TiB"]
    guard bytes >= 1024 else { return "\(bytes) bytes" }
    var value = Double(bytes) / 1024
    var unit = 0
    while value >= 1024, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return "\((value * 10).rounded() / 10) \(units[unit])"
  }
}

/// Throws what a failed OpenCL call means; `purpose` completes "failed while …".
func check(_ status: Int32, _ call: String, _ purpose: @autoclosure () -> String) throws {
  guard status != 0 else { return }
  throw OpenCLError.callFailed(
    call: call, status: OpenCLStatus(rawValue: status), purpose: purpose())
}
