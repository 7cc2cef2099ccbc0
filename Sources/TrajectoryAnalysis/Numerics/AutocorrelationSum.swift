/// The sum over real series x of Σ_t x(t)·x(t+τ), for lags τ from 0 to a greatest one.
///
/// By the theorem of Wiener and Khinchin: the power spectra of the series, padded with zeros so
/// that nothing wraps around, are summed, and one transform of the sum leads back. That costs
/// O(n log n) a series where the direct sum costs O(n²).
struct AutocorrelationSum {
  let length: Int
  let greatestLag: Int
  private let transform: FourierTransform
  private var power: [Double]
  /// Two series are transformed at once, as real and imaginary part: their cross terms are in the
  /// imaginary part of the correlation, which is not looked at.
  private var pending: [Double]?

  /// - Precondition: `greatestLag < length`.
  init(length: Int, greatestLag: Int) {
    precondition(greatestLag < length, "a lag of \(greatestLag) in series of \(length)")
    self.length = length
    self.greatestLag = greatestLag
    transform = FourierTransform(count: FourierTransform.size(atLeast: length + greatestLag))
    power = [Double](repeating: 0, count: transform.count)
  }

  mutating func add(_ series: [Double]) {
    precondition(series.count == length, "a series of \(series.count), expected \(length)")
    guard let first = pending else {
      pending = series
      return
    }
    pending = nil
    addPower(first, series)
  }

  /// The sums, not divided by the number of terms, which is `length − τ` for each series.
  mutating func sums() -> [Double] {
    if let first = pending {
      pending = nil
      addPower(first, [Double](repeating: 0, count: length))
    }
    var real = power
    var imaginary = [Double](repeating: 0, count: power.count)
    transform.transform(&real, &imaginary)
    return real[...greatestLag].map { $0 / Double(transform.count) }
  }

  private mutating func addPower(_ first: [Double], _ second: [Double]) {
    let padding = [Double](repeating: 0, count: transform.count - length)
    var real = first + padding
    var imaginary = second + padding
    transform.transform(&real, &imaginary)
    for k in power.indices { power[k] += real[k] * real[k] + imaginary[k] * imaginary[k] }
  }
}
