import Foundation
import Irreps
import TestSupport
import Testing

@Suite struct GauntTests {
  @Test("Gaunt coefficients are the integrals of the polynomials over the sphere")
  func exactIntegrals() {
    for degrees in [
      [0, 0, 0], [1, 1, 0], [1, 1, 2], [2, 2, 2], [3, 2, 1], [4, 2, 4], [3, 3, 4],
    ] {
      let gaunt = Gaunt.coefficients(degrees[0], degrees[1], degrees[2])
      for i in 0..<gaunt.shape[0] {
        for j in 0..<gaunt.shape[1] {
          for k in 0..<gaunt.shape[2] {
            let factors = zip(degrees, [i, j, k]).map { degree, index in
              SphericalHarmonics.polynomial(
                degree: degree, order: index - degree, normalization: .integral)
            }
            var (integral, magnitude) = (0.0, 0.0)
            for first in factors[0] {
              for second in factors[1] {
                for third in factors[2] {
                  let part =
                    first.coefficient * second.coefficient * third.coefficient
                    * sphereIntegral(first.exponents &+ second.exponents &+ third.exponents)
                  integral += part
                  magnitude += abs(part)
                }
              }
            }
            // Some hundred products at most, each with a dozen roundings.
            let tolerance = 64 * unitRoundoff * (magnitude + 1)
            #expect(abs(gaunt[i, j, k] - integral) <= tolerance, "\(degrees) at \([i, j, k])")
          }
        }
      }
    }
  }

  /// ∫ xᵃ yᵇ zᶜ over the unit sphere: 4π (a−1)!! (b−1)!! (c−1)!! / (a+b+c+1)!! for even exponents.
  private func sphereIntegral(_ exponents: SIMD3<Int>) -> Double {
    guard (0..<3).allSatisfy({ exponents[$0].isMultiple(of: 2) }) else { return 0 }
    let numerator = (0..<3).reduce(4 * Double.pi) { $0 * doubleFactorial(exponents[$1] - 1) }
    return numerator / doubleFactorial(exponents.wrappedSum() + 1)
  }

  private func doubleFactorial(_ number: Int) -> Double {
    stride(from: number, to: 1, by: -2).reduce(1) { $0 * Double($1) }
  }

  @Test("a product of harmonics is the sum of Gaunt coefficients times harmonics")
  func productExpansion() {
    var generator = SeededGenerator(seed: 1)
    let harmonics = SphericalHarmonics(
      upTo: 11, normalization: .integral, normalizingInput: true)
    let values = harmonics.values(at: generator.vector())
    for (first, second) in [(1, 1), (3, 2), (5, 6), (4, 4)] {
      var product = [Double](repeating: 0, count: (2 * first + 1) * (2 * second + 1))
      for third in abs(first - second)...(first + second) {
        for entry in Gaunt.coefficients(first, second, third).nonzeros {
          product[entry.first * (2 * second + 1) + entry.second] +=
            entry.value * values[third * third + entry.third]
        }
      }
      for i in 0...(2 * first) {
        for j in 0...(2 * second) {
          let expected = values[first * first + i] * values[second * second + j]
          // At most 2 (l₁ + l₂) terms of size below 2.
          let tolerance = 64 * Double(first + second) * unitRoundoff
          #expect(abs(product[i * (2 * second + 1) + j] - expected) <= tolerance)
        }
      }
    }
  }

  @Test("Gaunt coefficients vanish when the sum of the degrees is odd")
  func parity() {
    #expect(Gaunt.coefficients(2, 2, 1).nonzeros.isEmpty)
    #expect(Gaunt.coefficients(3, 4, 2).nonzeros.isEmpty)
  }
}
