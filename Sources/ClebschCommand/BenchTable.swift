import Clebsch

/// The table of `clebsch bench`, a row at a time.
enum BenchTable {
  private static let nameWidth = 46

  /// What is measured on, its limits, and the columns' names.
  static func head(_ bed: BenchmarkBed, _ ceilings: DeviceCeilings) -> String {
    let device = bed.context.device.description
    let copy = fixed(ceilings.copyBytesPerSecond / 1e9, decimals: 1)
    let multiplyAdds = fixed(ceilings.multiplyAddsPerSecond / 1e9, decimals: 1)
    return """
      \(device.name), driver \(device.driverVersion), \(bed.precision.rawValue) precision
      limits measured now: copy \(copy) GB/s, multiply-adds \(multiplyAdds) GFLOP/s

      \("name".padded(to: nameWidth))\
       \(cells(["minimum", "median", "runs", "GB/s", "of copy", "GFLOP/s", "of fma"]))  each

      """
  }

  static func row(_ measurement: Measurement, _ ceilings: DeviceCeilings) -> String {
    let hasBytes = measurement.counts.bytes > 0
    let hasOperations = measurement.counts.operations > 0
    let values = [
      duration(measurement.minimumSeconds), duration(measurement.medianSeconds),
      "\(measurement.runs)",
      hasBytes ? fixed(measurement.bytesPerSecond / 1e9, decimals: 1) : "",
      hasBytes ? percent(ceilings.copyFraction(of: measurement)) : "",
      hasOperations ? fixed(measurement.operationsPerSecond / 1e9, decimals: 1) : "",
      hasOperations ? percent(ceilings.multiplyAddFraction(of: measurement)) : "",
    ]
    let each = measurement.items.map { items in
      "  \(duration(measurement.secondsPerItem ?? 0)) \(items.name)"
    }
    return "\(measurement.name.padded(to: nameWidth)) \(cells(values))\(each ?? "")\n"
  }

  private static func cells(_ values: [String]) -> String {
    zip(values, [10, 10, 5, 8, 8, 8, 7]).map { $0.leftPadded(to: $1) }.joined(separator: " ")
  }

  private static func percent(_ fraction: Double) -> String {
    fixed(100 * fraction, decimals: 0) + " %"
  }

  /// Three or four digits and the unit that suits.
  static func duration(_ seconds: Double) -> String {
    let (value, unit) =
      switch seconds {
      case ..<1e-6: (seconds * 1e9, "ns")
      case ..<1e-3: (seconds * 1e6, "µs")
      case ..<1: (seconds * 1e3, "ms")
      default: (seconds, "s")
      }
    return "\(fixed(value, decimals: value < 10 ? 2 : value < 100 ? 1 : 0)) \(unit)"
  }
}
