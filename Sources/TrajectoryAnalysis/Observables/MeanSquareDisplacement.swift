/// How far atoms get: ⟨|r(t₀ + t) − r(t₀)|²⟩ over atoms and time origins t₀.
///
/// Positions are unwrapped, and the displacement of the centre of mass is taken out. Computed by
/// Fourier transforms (Calandrini et al., Collection SFN 12, 201, 2011, section 3.4.1).
public struct MeanSquareDisplacement: Sendable {
  /// The curve of an element.
  public struct Curve: Sendable {
    /// The element's symbol, or "all".
    public let label: String
    /// In Å², one a lag.
    public let values: [Double]
    /// nil where the trajectory is too short for a straight line.
    public let diffusion: Diffusion?
  }

  /// The lags in fs, from 0 to half the trajectory.
  public let lags: [Double]
  /// First all atoms alike, then the elements; only the former where there is one element.
  public let curves: [Curve]
}

/// The coefficient of self-diffusion from the slope of the mean square displacement, D = slope/6
/// (Einstein's relation).
///
/// Cells are finite: for liquids of viscosity η in a cubic cell of side L the value for an endless
/// system is larger by 2.837297 k_B T/(6πηL) (Yeh & Hummer, J. Phys. Chem. B 108, 15873, 2004).
public struct Diffusion: Sendable, Equatable {
  /// In Å²/fs; 1 Å²/fs = 0.1 cm²/s.
  public let coefficient: Double
  /// The standard error from separate stretches of the trajectory, in Å²/fs.
  public let error: Double?
  /// The slope of log MSD over log t in the fitted range: 1 for diffusion, 2 for free flight, 0
  /// for atoms that stay where they are.
  public let exponent: Double?
  /// The range of lags that was fitted, in fs.
  public let range: ClosedRange<Double>
}

/// Sums the squared displacements of series of coordinates.
struct DisplacementSum {
  private var autocorrelation: AutocorrelationSum
  /// For each time the sum of the squares over all series.
  private var squares: [Double]
  private var seriesCount = 0

  /// - Precondition: `greatestLag < length`.
  init(length: Int, greatestLag: Int) {
    autocorrelation = AutocorrelationSum(length: length, greatestLag: greatestLag)
    squares = [Double](repeating: 0, count: length)
  }

  mutating func add(_ series: some Collection<Double>) {
    // Large numbers whose differences matter would cancel: only the motion about the mean counts.
    let mean = series.reduce(0, +) / Double(series.count)
    let centred = series.map { $0 - mean }
    for (time, value) in centred.enumerated() { squares[time] += value * value }
    autocorrelation.add(centred)
    seriesCount += 1
  }

  /// For each lag the mean squared displacement over origins, summed over the series.
  mutating func values() -> [Double] {
    let length = squares.count
    let products = autocorrelation.sums()
    var ends = 2 * squares.reduce(0, +)
    return products.indices.map { lag in
      if lag > 0 { ends -= squares[lag - 1] + squares[length - lag] }
      return lag == 0 ? 0 : max(0, (ends - 2 * products[lag]) / Double(length - lag))
    }
  }
}
