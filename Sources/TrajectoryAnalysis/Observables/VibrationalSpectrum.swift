import Foundation

/// The vibrational density of states from the velocity autocorrelation C(t).
///
/// S(ν) = 4∫₀^∞ C(t) w(t) cos(2πνt) dt with Hann's window w = cos²(πt/2t_max), so that the integral
/// over frequencies up to Nyquist's is 1 (Dickey & Paskin, Phys. Rev. 188, 1407, 1969). Elements
/// are shares of it: theirs add up to that of all atoms.
public struct VibrationalSpectrum: Sendable {
  /// The spectrum of an element.
  public struct Curve: Sendable {
    /// The element's symbol, or "all".
    public let label: String
    /// S in 1/THz.
    public let values: [Double]
  }

  /// In THz; 1 THz = 33.35641 cm⁻¹ = 4.135668 meV.
  public let frequencies: [Double]
  /// First all atoms alike, then the elements; only the former where there is one element.
  public let curves: [Curve]
  /// The frequencies of the peaks of all atoms in THz, the highest peak first.
  public let peaks: [Double]
  /// What lies closer than this, in THz, is not told apart.
  public let resolution: Double

  /// Padding with zeros to this many times the length gives a smooth curve.
  private static let padding = 4
  /// Peaks lower than this share of the highest, or rising by less than it, do not count.
  private static let leastPeak = 0.15
  private static let femtosecondsPerPicosecond = 1000.0

  /// - Returns: nil where there are fewer than four lags.
  init?(_ correlation: VelocityAutocorrelation) {
    let lagCount = correlation.lags.count
    guard lagCount >= 4 else { return nil }
    let interval = correlation.lags[1] / Self.femtosecondsPerPicosecond
    let transform = FourierTransform(
      count: FourierTransform.size(atLeast: 2 * Self.padding * lagCount))
    let half = transform.count / 2
    func spectrum(_ values: [Double], weight: Double) -> [Double] {
      var real = [Double](repeating: 0, count: transform.count)
      var imaginary = real
      for (lag, value) in values.enumerated() {
        let window = pow(cos(.pi / 2 * Double(lag) / Double(lagCount)), 2)
        // C is even: half of the term at lag 0 belongs to either side.
        real[lag] = value * window * (lag == 0 ? 0.5 : 1)
      }
      transform.transform(&real, &imaginary)
      return real[...half].map { 4 * interval * weight * $0 }
    }
    frequencies = (0...half).map { Double($0) / (Double(transform.count) * interval) }
    curves = correlation.curves.map { curve in
      Curve(label: curve.label, values: spectrum(curve.values, weight: curve.weight))
    }
    peaks = Self.peaks(of: curves[0].values, frequencies)
    resolution = 1 / (Double(lagCount) * interval)
  }

  /// Maxima that stand out, each at the top of the parabola through its three points.
  private static func peaks(of values: [Double], _ frequencies: [Double]) -> [Double] {
    guard let highest = values.max(), highest > 0 else { return [] }
    let least = leastPeak * highest
    var tops: [Int] = []
    var (top, bottom) = (0, 0)
    var isRising = true
    for index in values.indices {
      if isRising {
        if values[index] > values[top] { top = index }
        if values[index] < values[top] - least {
          tops.append(top)
          bottom = index
          isRising = false
        }
      } else {
        if values[index] < values[bottom] { bottom = index }
        if values[index] > values[bottom] + least {
          top = index
          isRising = true
        }
      }
    }
    let found = tops.filter { values[$0] >= least }.sorted { values[$0] > values[$1] }
    return found.map { top in
      guard top > 0, top + 1 < values.count else { return frequencies[top] }
      let (left, middle, right) = (values[top - 1], values[top], values[top + 1])
      let curvature = left - 2 * middle + right
      let offset = curvature < 0 ? (left - right) / (2 * curvature) : 0
      return frequencies[top] + offset * frequencies[1]
    }
  }
}
