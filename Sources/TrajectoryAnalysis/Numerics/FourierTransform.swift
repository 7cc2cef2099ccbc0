import Foundation

/// The discrete Fourier transform X_k = Σ_j x_j exp(−2πi jk/n) of a power of two of complex
/// numbers, in place and without normalisation (Cooley & Tukey, Math. Comput. 19, 297, 1965).
struct FourierTransform {
  let count: Int
  private let cosines: [Double]
  private let sines: [Double]
  private let reversed: [Int]

  /// - Precondition: `count` is a power of two.
  init(count: Int) {
    precondition(count > 0 && count & (count - 1) == 0, "\(count) is no power of two")
    self.count = count
    // Each root by itself: a recurrence would gather rounding.
    let angles = (0..<count / 2).map { -2 * Double.pi * Double($0) / Double(count) }
    cosines = angles.map(cos)
    sines = angles.map(sin)
    var reversed = [Int](repeating: 0, count: count)
    for index in 1..<max(count, 1) {
      reversed[index] = reversed[index / 2] / 2 | (index & 1 == 1 ? count / 2 : 0)
    }
    self.reversed = reversed
  }

  /// The smallest power of two that is not below a number.
  static func size(atLeast count: Int) -> Int {
    var size = 1
    while size < count { size *= 2 }
    return size
  }

  func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    precondition(
      real.count == count && imaginary.count == count,
      "\(real.count) and \(imaginary.count) numbers for a transform of \(count)")
    for (index, other) in reversed.enumerated() where index < other {
      real.swapAt(index, other)
      imaginary.swapAt(index, other)
    }
    var half = 1
    while half < count {
      let stride = count / (2 * half)
      for start in Swift.stride(from: 0, to: count, by: 2 * half) {
        for k in 0..<half {
          let (c, s) = (cosines[k * stride], sines[k * stride])
          let (upper, lower) = (start + k, start + k + half)
          let re = real[lower] * c - imaginary[lower] * s
          let im = real[lower] * s + imaginary[lower] * c
          real[lower] = real[upper] - re
          imaginary[lower] = imaginary[upper] - im
          real[upper] += re
          imaginary[upper] += im
        }
      }
      half *= 2
    }
  }
}
