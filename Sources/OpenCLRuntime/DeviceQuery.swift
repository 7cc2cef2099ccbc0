import COpenCL

/// Reads the properties of one device from its driver.
struct DeviceQuery {
  let device: Handle
  let platform: Handle

  func description(index: Int) throws -> DeviceDescription {
    let type = try value(CL_DEVICE_TYPE, of: cl_device_type.self)
    let name = try text(CL_DEVICE_NAME)
    let extensions = try text(CL_DEVICE_EXTENSIONS).split(separator: " ").map(String.init)
    let isAvailable = try flag(CL_DEVICE_AVAILABLE)
    let hasCompiler = try flag(CL_DEVICE_COMPILER_AVAILABLE)
    return DeviceDescription(
      index: index,
      name: name,
      vendor: try text(CL_DEVICE_VENDOR),
      platformName: try platformText(CL_PLATFORM_NAME),
      platformVersion: try platformText(CL_PLATFORM_VERSION),
      driverVersion: try text(CL_DRIVER_VERSION),
      deviceVersion: DeviceVersion(text: try text(CL_DEVICE_VERSION)),
      kind: DeviceKind(type),
      computeUnits: Int(try value(CL_DEVICE_MAX_COMPUTE_UNITS, of: cl_uint.self)),
      clockFrequencyMHz: Int(try value(CL_DEVICE_MAX_CLOCK_FREQUENCY, of: cl_uint.self)),
      globalMemoryBytes: try byteCount(CL_DEVICE_GLOBAL_MEM_SIZE),
      maximumAllocationBytes: try byteCount(CL_DEVICE_MAX_MEM_ALLOC_SIZE),
      localMemoryBytes: try byteCount(CL_DEVICE_LOCAL_MEM_SIZE),
      hasDedicatedLocalMemory: try value(CL_DEVICE_LOCAL_MEM_TYPE, of: cl_uint.self)
        == cl_uint(CL_LOCAL),
      maximumWorkGroupSize: try value(CL_DEVICE_MAX_WORK_GROUP_SIZE, of: Int.self),
      maximumWorkItemSizes: try values(CL_DEVICE_MAX_WORK_ITEM_SIZES, of: Int.self),
      // Zero where the device has no double: core since 1.2, and always told by the extension.
      supportsDouble: extensions.contains("cl_khr_fp64")
        || (try? value(CL_DEVICE_DOUBLE_FP_CONFIG, of: cl_ulong.self)).map { $0 != 0 } ?? false,
      supportsHalf: extensions.contains("cl_khr_fp16"),
      // Deprecated in 2.0 yet answered by every driver; a refusal means memory of its own.
      sharesMemoryWithHost: (try? flag(CL_DEVICE_HOST_UNIFIED_MEMORY)) ?? false,
      nativeFloatVectorWidth: max(
        1, Int(try value(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, of: cl_uint.self))),
      memoryAlignmentBytes: max(
        1, Int(try value(CL_DEVICE_MEM_BASE_ADDR_ALIGN, of: cl_uint.self)) / 8),
      isUsable: isAvailable && hasCompiler,
      extensions: extensions)
  }

  // MARK: - One property

  private func values<Value: BitwiseCopyable>(
    _ property: Int32, of type: Value.Type
  ) throws -> [Value] {
    try Self.values(of: type) { size, bytes, needed in
      clGetDeviceInfo(device.pointer, cl_device_info(property), size, bytes, needed)
    }
  }

  private func value<Value: BitwiseCopyable>(
    _ property: Int32, of type: Value.Type
  ) throws -> Value {
    guard let first = try values(property, of: type).first else {
      throw OpenCLError.callFailed(
        call: "clGetDeviceInfo", status: OpenCLStatus(rawValue: CL_INVALID_VALUE),
        purpose: "reading property \(property) of a device, which came back empty")
    }
    return first
  }

  private func flag(_ property: Int32) throws -> Bool {
    try value(property, of: cl_bool.self) != 0
  }

  private func byteCount(_ property: Int32) throws -> Int {
    Int(clamping: try value(property, of: cl_ulong.self))
  }

  private func text(_ property: Int32) throws -> String {
    Self.text(try values(property, of: UInt8.self))
  }

  private func platformText(_ property: Int32) throws -> String {
    Self.text(
      try Self.values(of: UInt8.self) { size, bytes, needed in
        clGetPlatformInfo(platform.pointer, cl_platform_info(property), size, bytes, needed)
      })
  }

  // MARK: - The two calls of every query

  /// Asks for the size of a property, then for its value.
  static func values<Value: BitwiseCopyable>(
    of type: Value.Type,
    _ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
  ) throws -> [Value] {
    var byteCount = 0
    try check(query(0, nil, &byteCount), "clGet…Info", "asking how long a property is")
    let count = byteCount / MemoryLayout<Value>.stride
    guard count > 0 else { return [] }
    return try [Value](unsafeUninitializedCapacity: count) { memory, initialized in
      try check(
        query(byteCount, UnsafeMutableRawPointer(memory.baseAddress), nil), "clGet…Info",
        "reading a property")
      initialized = count
    }
  }

  /// The text of a zero-terminated property, without the blanks that some drivers pad it with.
  static func text(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

extension DeviceKind {
  init(_ type: cl_device_type) {
    if type & cl_device_type(CL_DEVICE_TYPE_GPU) != 0 {
      self = .gpu
    } else if type & cl_device_type(CL_DEVICE_TYPE_CPU) != 0 {
      self = .cpu
    } else if type & cl_device_type(CL_DEVICE_TYPE_ACCELERATOR) != 0 {
      self = .accelerator
    } else {
      self = .other
    }
  }
}
