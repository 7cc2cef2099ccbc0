import OpenCLRuntime

extension DeviceProfile {
  /// The profile that a device's own description suggests.
  public init(of device: DeviceDescription) {
    let isCPU = device.kind == .cpu
    self.init(
      isCPU: isCPU, floatVectorWidth: isCPU ? max(4, min(16, device.nativeFloatVectorWidth)) : 1,
      localSize: isCPU ? 32 : min(128, device.maximumWorkGroupSize),
      supportsDouble: device.supportsDouble, computeUnits: device.computeUnits)
  }

  /// The profile of a context's device, with what was tuned on it.
  public init(of context: Context) {
    self.init(of: context.device.description)
    for (name, value) in context.record.parameters {
      // A record of a later version may know more parameters.
      guard let parameter = TuningParameter(rawValue: name) else { continue }
      // What was tuned outlives a library that is no longer installed; our kernels do its work.
      if parameter == .matrixLibraryEdge && CLBlast.installed == nil { continue }
      tuning[parameter] = value
    }
  }
}
