import OpenCLRuntime

extension DeviceProfile {
  /// The profile that a device's own description suggests.
  public init(of device: DeviceDescription) {
    let isCPU = device.kind == .cpu
    self.init(
      isCPU: isCPU, floatVectorWidth: isCPU ? max(4, min(16, device.nativeFloatVectorWidth)) : 1,
      localSize: isCPU ? 32 : min(128, device.maximumWorkGroupSize),
      supportsDouble: device.supportsDouble)
  }
}
