import Foundation

/// What a random number is drawn for. Numbers for different purposes are independent.
package enum NoisePurpose: UInt32, Sendable {
  case initialVelocities = 1
  case langevin = 2
  case velocityRescaling = 3
  case cellRescaling = 4
  /// For force fields and tests of users' own.
  case other = 5
}

/// Random numbers of a simulation. A number depends on the step, the purpose and an index (an atom)
/// alone, so that noise does not depend on the order of drawing or on where a run was resumed.
package protocol NoiseSource: Sendable {
  /// Three standard normal numbers.
  func normals(step: Int, _ purpose: NoisePurpose, index: Int) -> SIMD3<Double>

  /// A number of the χ² distribution with this many degrees of freedom; 0 where there are none.
  func chiSquare(degreesOfFreedom: Int, step: Int, _ purpose: NoisePurpose) -> Double
}

/// Noise from Philox, keyed by a seed.
package struct SeededNoise: NoiseSource {
  private let generator: Philox

  package init(seed: UInt64) { generator = Philox(key: seed) }

  /// Two numbers evenly distributed in the open interval (0, 1), of 52 bits each.
  private func uniforms(
    step: Int, _ purpose: NoisePurpose, index: Int, draw: Int
  ) -> SIMD2<Double> {
    // The step takes 48 bits: at 1 fs that is 78 hours of simulated time.
    let step = UInt64(truncatingIfNeeded: step)
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: draw),
      UInt32(truncatingIfNeeded: step),
      UInt32(truncatingIfNeeded: step >> 32) & 0xFFFF | purpose.rawValue << 16)
    let bits = generator.bits(counter)
    func uniform(_ high: UInt32, _ low: UInt32) -> Double {
      (Double((UInt64(high) << 32 | UInt64(low)) >> 12) + 0.5) * 0x1p-52
    }
    return SIMD2(uniform(bits[0], bits[1]), uniform(bits[2], bits[3]))
  }

  /// Two standard normal numbers (Box and Muller 1958).
  private func normalPair(
    step: Int, _ purpose: NoisePurpose, index: Int, draw: Int
  ) -> SIMD2<Double> {
    let uniform = uniforms(step: step, purpose, index: index, draw: draw)
    let radius = (-2 * log(uniform.x)).squareRoot()
    let angle = 2 * Double.pi * uniform.y
    return SIMD2(radius * cos(angle), radius * sin(angle))
  }

  package func normals(step: Int, _ purpose: NoisePurpose, index: Int) -> SIMD3<Double> {
    let first = normalPair(step: step, purpose, index: index, draw: 0)
    let second = normalPair(step: step, purpose, index: index, draw: 1)
    return SIMD3(first.x, first.y, second.x)
  }

  package func chiSquare(
    degreesOfFreedom: Int, step: Int, _ purpose: NoisePurpose
  ) -> Double {
    guard degreesOfFreedom > 0 else { return 0 }
    return 2 * gamma(shape: Double(degreesOfFreedom) / 2, step: step, purpose)
  }

  /// A number of the gamma distribution with scale 1 (Marsaglia and Tsang, ACM Transactions on
  /// Mathematical Software 26, 363, 2000).
  private func gamma(shape: Double, step: Int, _ purpose: NoisePurpose) -> Double {
    // Their method needs a shape of at least 1; U^(1/a) brings Gamma(a + 1) to Gamma(a).
    let boost =
      shape < 1
      ? pow(uniforms(step: step, purpose, index: 1, draw: 2).x, 1 / shape) : 1
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    var draw = 3
    while true {
      let x = normalPair(step: step, purpose, index: 1, draw: draw).x
      let u = uniforms(step: step, purpose, index: 1, draw: draw + 1).x
      draw += 2
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return d * v * boost }
    }
  }
}
