import COpenCL

/// A device of one of the OpenCL implementations on this machine.
public final class Device: Sendable {
  public let description: DeviceDescription

  let id: Handle
  let platform: Handle

  init(_ description: DeviceDescription, id: Handle, platform: Handle) {
    self.description = description
    self.id = id
    self.platform = platform
  }

  /// Every device of every platform, in the order of the platforms.
  ///
  /// - Throws: `OpenCLError.noPlatform` where no implementation is installed and
  ///   `OpenCLError.noDevice` where none of them offers a device.
  public static func all() throws -> [Device] { try discovered.get() }

  /// Looked up once: implementations set themselves up at the first call, and not all of them can
  /// bear two threads there (PoCL 3.1 lists no device to the second, or crashes).
  private static let discovered = Result { try discover() }

  private static func discover() throws -> [Device] {
    _ = PoCLDefaults.apply
    var devices: [Device] = []
    var findings: [String] = []
    for platform in try platforms() {
      do {
        for id in try deviceIDs(of: platform) {
          let query = DeviceQuery(device: id, platform: platform)
          devices.append(
            Device(
              try query.description(index: devices.count), id: id, platform: platform))
        }
      } catch let error as OpenCLError {
        // A broken implementation must not hide the devices of the others.
        findings.append(error.description)
      }
    }
    guard !devices.isEmpty else { throw OpenCLError.noDevice(findings: findings) }
    return devices
  }

  private static func platforms() throws -> [Handle] {
    var count: cl_uint = 0
    let status = OpenCLStatus(rawValue: clGetPlatformIDs(0, nil, &count))
    if status == .platformNotFound || (status == .success && count == 0) {
      throw OpenCLError.noPlatform
    }
    try check(status.rawValue, "clGetPlatformIDs", "counting the OpenCL platforms")
    var platforms = [cl_platform_id?](repeating: nil, count: Int(count))
    try check(
      clGetPlatformIDs(count, &platforms, nil), "clGetPlatformIDs", "listing the OpenCL platforms")
    return platforms.compactMap { $0.map(Handle.init) }
  }

  private static func deviceIDs(of platform: Handle) throws -> [Handle] {
    let everyKind = cl_device_type(CL_DEVICE_TYPE_ALL)
    var count: cl_uint = 0
    let status = OpenCLStatus(
      rawValue: clGetDeviceIDs(platform.pointer, everyKind, 0, nil, &count))
    if status == .deviceNotFound || (status == .success && count == 0) { return [] }
    try check(status.rawValue, "clGetDeviceIDs", "counting the devices of a platform")
    var devices = [cl_device_id?](repeating: nil, count: Int(count))
    try check(
      clGetDeviceIDs(platform.pointer, everyKind, count, &devices, nil), "clGetDeviceIDs",
      "listing the devices of a platform")
    return devices.compactMap { $0.map(Handle.init) }
  }
}

extension Device: Equatable, Hashable {
  public static func == (one: Device, other: Device) -> Bool { one.id == other.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
