import OpenCLRuntime

/// What generators ask of a device before they choose the form of a kernel.
public struct DeviceProfile: Hashable, Sendable {
  /// Whether work-items run as loops on CPU cores: explicit vectors, no barriers, no local memory.
  public var isCPU: Bool
  /// Elements of `float` that one work-item processes as a vector: 8 with AVX2, 16 with AVX-512,
  /// 1 on GPUs whose lanes are work-items.
  public var floatVectorWidth: Int
  /// Work-items a group of a one-dimensional kernel.
  public var localSize: Int
  public var supportsDouble: Bool
  /// Cores of a CPU, compute units of a GPU.
  public var computeUnits: Int
  /// What a measurement on the device has chosen; empty where nothing was tuned.
  package var tuning: [TuningParameter: Int] = [:]

  public init(
    isCPU: Bool, floatVectorWidth: Int, localSize: Int, supportsDouble: Bool, computeUnits: Int = 1
  ) {
    self.isCPU = isCPU
    self.floatVectorWidth = floatVectorWidth
    self.localSize = localSize
    self.supportsDouble = supportsDouble
    self.computeUnits = computeUnits
  }

  /// Elements that one work-item processes as a vector.
  public func vectorWidth(of type: ElementType) -> Int {
    type == .float64 ? max(1, floatVectorWidth / 2) : floatVectorWidth
  }

  /// Elements that one work-item of a fused kernel processes as a vector.
  func fusedVectorWidth(of type: ElementType) -> Int {
    let width = tuning[.fusedVectorWidth] ?? floatVectorWidth
    return type == .float64 ? max(1, width / 2) : width
  }
}
