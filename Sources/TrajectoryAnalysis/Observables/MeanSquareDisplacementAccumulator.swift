import Foundation

/// Gathers mean square displacements, atom by atom.
///
/// Beside the whole trajectory it looks at four stretches of it by themselves, for the error of the
/// diffusion coefficient.
package struct MeanSquareDisplacementAccumulator {
  private let atoms: TrajectoryAtoms
  private let length: Int
  private let greatestLag: Int
  private let stretches: [Range<Int>]
  private var whole: [DisplacementSum]
  private var parts: [[DisplacementSum]]

  private static let stretchCount = 4

  /// - Precondition: there are at least two frames.
  package init(_ atoms: TrajectoryAtoms, frameCount: Int) {
    precondition(frameCount >= 2, "displacements in \(frameCount) frames")
    self.atoms = atoms
    length = frameCount
    let greatestLag = max(1, frameCount / 2)
    self.greatestLag = greatestLag
    stretches = (0..<Self.stretchCount).map { part in
      part * frameCount / Self.stretchCount..<(part + 1) * frameCount / Self.stretchCount
    }.filter { $0.count >= 5 }
    whole = atoms.elements.map { _ in
      DisplacementSum(length: frameCount, greatestLag: greatestLag)
    }
    parts = stretches.map { stretch in
      atoms.elements.map { _ in
        DisplacementSum(length: stretch.count, greatestLag: stretch.count - 1)
      }
    }
  }

  /// Adds one coordinate of an atom at all times.
  package mutating func add(_ series: [Double], ofAtom atom: Int) {
    let element = atoms.elementOfAtom[atom]
    whole[element].add(series)
    for (part, stretch) in stretches.enumerated() { parts[part][element].add(series[stretch]) }
  }

  /// - Parameters:
  ///   - interval: between frames, in fs.
  ///   - range: the lags to fit, in fs; nil for 5 % to 20 % of the trajectory.
  package mutating func result(
    interval: Double, fitting range: ClosedRange<Double>? = nil
  ) -> MeanSquareDisplacement {
    let duration = Double(length - 1) * interval
    let range = range ?? 0.05 * duration...0.2 * duration
    let counts = atoms.elementCounts
    var sums: [[Double]] = []
    for element in whole.indices { sums.append(whole[element].values()) }
    var partSums: [[[Double]]] = []
    for part in parts.indices {
      var elements: [[Double]] = []
      for element in parts[part].indices { elements.append(parts[part][element].values()) }
      partSums.append(elements)
    }
    func mean(_ sums: [[Double]], _ elements: [Int]) -> [Double] {
      let count = elements.reduce(0) { $0 + counts[$1] }
      return sums[elements[0]].indices.map { lag in
        elements.reduce(0) { $0 + sums[$1][lag] } / Double(count)
      }
    }
    func curve(_ label: String, _ elements: [Int]) -> MeanSquareDisplacement.Curve {
      let values = mean(sums, elements)
      return MeanSquareDisplacement.Curve(
        label: label, values: values,
        diffusion: Diffusion(
          values, parts: partSums.map { mean($0, elements) }, interval: interval, range: range))
    }
    let single = atoms.elements.indices.map { curve(atoms.elements[$0], [$0]) }
    return MeanSquareDisplacement(
      lags: (0...greatestLag).map { Double($0) * interval },
      curves: [curve("all", Array(atoms.elements.indices))] + (single.count > 1 ? single : []))
  }
}

extension Diffusion {
  /// - Returns: nil where fewer than three lags are in the range.
  init?(
    _ values: [Double], parts: [[Double]], interval: Double, range: ClosedRange<Double>
  ) {
    // One part in 10⁹ of a lag lets a bound that is meant to be a lag be one.
    let lags = values.indices.filter { lag in
      lag > 0 && range.lowerBound <= Double(lag) * interval * (1 + 1e-9)
        && Double(lag) * interval * (1 - 1e-9) <= range.upperBound
    }
    let times = lags.map { Double($0) * interval }
    guard lags.count >= 3, let fit = LineFit(times, lags.map { values[$0] }),
      let first = times.first, let last = times.last
    else { return nil }
    let slopes = parts.compactMap { part -> Double? in
      guard let greatest = lags.last, greatest < part.count else { return nil }
      return LineFit(times, lags.map { part[$0] })?.slope
    }
    coefficient = fit.slope / 6
    error = slopes.count < 2 ? nil : BlockAverage.standardError(slopes) / 6
    exponent =
      lags.allSatisfy { values[$0] > 0 }
      ? LineFit(times.map(log), lags.map { log(values[$0]) })?.slope : nil
    self.range = first...last
  }
}
