/// A sum on the host in double precision, with what a bound on the rounding of another summation is
/// made of.
package struct HostSum {
  package private(set) var value = 0.0
  /// The sum of the terms' magnitudes.
  private(set) var magnitude = 0.0
  private(set) var count = 0

  package init() {}

  /// One number that is computed with an error of up to `magnitude` roundings.
  package init(_ value: Double, magnitude: Double? = nil) {
    self.value = value
    self.magnitude = magnitude ?? abs(value)
    count = 1
  }

  package mutating func add(_ term: Double) {
    value += term
    magnitude += abs(term)
    count += 1
  }

  /// Adds all terms of another sum, each times a number.
  package mutating func add(_ sum: HostSum, times factor: Double) {
    value += sum.value * factor
    magnitude += sum.magnitude * abs(factor)
    count += sum.count
  }
}

/// How far a device's numbers are from those of the host, in units of what rounding explains.
package struct Comparison {
  /// 1 where the worst number is as far away as rounding may bring it; infinite where there is no
  /// number or another count of them.
  package private(set) var worst = 0.0
  /// About that number.
  package private(set) var detail = "nothing was compared"

  package init() {}

  /// - Parameter roundings: What one term goes through, each at most a unit of roundoff; the sum
  ///   adds one a term.
  package mutating func compare(
    _ device: [Double], with host: [HostSum], roundings: Int, unitRoundoff: Double,
    _ quantity: String
  ) {
    guard device.count == host.count else {
      worst = .infinity
      detail = "\(quantity): \(device.count) numbers, expected \(host.count)"
      return
    }
    for (place, (found, expected)) in zip(device, host).enumerated() {
      let allowed =
        (Double(expected.count + roundings) * expected.magnitude + Self.smallest) * unitRoundoff
      let difference = abs(found - expected.value)
      let ratio = difference.isFinite ? difference / allowed : .infinity
      guard ratio > worst || detail == "nothing was compared" else { continue }
      worst = max(worst, ratio)
      detail =
        "\(quantity)[\(place)] is \(found), expected \(expected.value); rounding explains \(allowed)"
    }
  }

  /// What is equal or not, such as indices.
  package mutating func expect(_ isEqual: Bool, _ text: @autoclosure () -> String) {
    if isEqual {
      if worst == 0 { detail = "equal" }
    } else {
      worst = .infinity
      detail = text()
    }
  }

  /// Products of numbers this small may be flushed to zero.
  private static let smallest = 1e-30

  package var agrees: Bool { worst <= 1 }
}
