import COpenCL

/// Makes programs out of source text or out of a binary that the driver gave earlier.
struct ProgramBuilder {
  let queue: CommandQueue

  /// Compiles `source`.
  ///
  /// - Throws: `OpenCLError.buildFailed` with the log and the source lines it points at.
  func build(_ source: String, options: [String], name: String) throws -> Program {
    var status: Int32 = 0
    let pointer = source.withCString { text -> cl_program? in
      var text: UnsafePointer<CChar>? = text
      return clCreateProgramWithSource(queue.context.pointer, 1, &text, nil, &status)
    }
    try check(status, "clCreateProgramWithSource", "making program '\(name)'")
    let handle = try queue.own(pointer, .program, madeBy: "clCreateProgramWithSource")
    let built = link(handle, options: options)
    guard built == .success else {
      throw OpenCLError.buildFailed(
        program: name, device: queue.device.description.name, status: built,
        log: BuildLog(text: log(of: handle)).annotated(with: source))
    }
    return Program(handle, name: name, on: queue)
  }

  /// Loads a binary that `binary(of:)` returned; nil where the driver does not take it any more.
  func load(_ binary: [UInt8], options: [String], name: String) -> Program? {
    var status: Int32 = 0
    var device: cl_device_id? = queue.device.id.pointer
    var length = binary.count
    let pointer = binary.withUnsafeBufferPointer { bytes -> cl_program? in
      var start = bytes.baseAddress
      return clCreateProgramWithBinary(
        queue.context.pointer, 1, &device, &length, &start, nil, &status)
    }
    guard status == 0,
      let handle = try? queue.own(pointer, .program, madeBy: "clCreateProgramWithBinary"),
      link(handle, options: options) == .success
    else { return nil }
    return Program(handle, name: name, on: queue)
  }

  /// What the driver made of a program; nil where it does not give it out.
  func binary(of program: Program) -> [UInt8]? {
    let handle = program.handle.pointer
    let sizes = try? DeviceQuery.values(of: Int.self) { size, bytes, needed in
      clGetProgramInfo(handle, cl_program_info(CL_PROGRAM_BINARY_SIZES), size, bytes, needed)
    }
    guard let length = sizes?.first, length > 0 else { return nil }
    var binary = [UInt8](repeating: 0, count: length)
    let status = binary.withUnsafeMutableBufferPointer { bytes -> Int32 in
      var start = bytes.baseAddress
      return clGetProgramInfo(
        handle, cl_program_info(CL_PROGRAM_BINARIES), MemoryLayout.size(ofValue: start), &start, nil
      )
    }
    return status == 0 ? binary : nil
  }

  private func link(_ program: OwnedHandle, options: [String]) -> OpenCLStatus {
    var device: cl_device_id? = queue.device.id.pointer
    // Kernels are written in OpenCL C 1.2 unless they say otherwise; the argument information is
    // what calls are checked against. Warnings are off: PoCL counts them on standard error, which
    // is for the user of a program, not for the writer of a kernel.
    let hasStandard = options.contains { $0.hasPrefix("-cl-std=") }
    let all = (hasStandard ? [] : ["-cl-std=CL1.2"]) + ["-cl-kernel-arg-info", "-w"] + options
    return OpenCLStatus(
      rawValue: clBuildProgram(
        program.pointer, 1, &device, all.joined(separator: " "), nil, nil))
  }

  private func log(of program: OwnedHandle) -> String {
    let bytes = try? DeviceQuery.values(of: UInt8.self) { size, bytes, needed in
      clGetProgramBuildInfo(
        program.pointer, queue.device.id.pointer, cl_program_build_info(CL_PROGRAM_BUILD_LOG), size,
        bytes, needed)
    }
    return DeviceQuery.text(bytes ?? [])
  }
}
