/// The device's own limits, measured: what other rates are held against.
public struct DeviceCeilings: Sendable {
  /// Bytes read and written by a copy much larger than the caches, a second.
  public let copyBytesPerSecond: Double
  /// Single-precision operations of multiply-adds in registers, a second.
  public let multiplyAddsPerSecond: Double

  /// Takes both from the measurements of `ceiling/copy` and `ceiling/fma`.
  public init(copy: Measurement, multiplyAdd: Measurement) {
    copyBytesPerSecond = copy.bytesPerSecond
    multiplyAddsPerSecond = multiplyAdd.operationsPerSecond
  }

  /// Measures both on a device, which takes about a second.
  ///
  /// - Throws: errors of the device.
  public init(on bed: BenchmarkBed) throws {
    self.init(
      copy: try bed.measure(CeilingBenchmarks.copy, plan: MeasurementPlan()),
      multiplyAdd: try bed.measure(CeilingBenchmarks.multiplyAdd, plan: MeasurementPlan()))
  }

  /// The part of the copy's rate that a measurement reaches; above 1 where caches serve it.
  public func copyFraction(of measurement: Measurement) -> Double {
    measurement.bytesPerSecond / copyBytesPerSecond
  }

  public func multiplyAddFraction(of measurement: Measurement) -> Double {
    measurement.operationsPerSecond / multiplyAddsPerSecond
  }
}
