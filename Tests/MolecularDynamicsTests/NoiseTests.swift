import Foundation
import MolecularDynamics
import TestSupport
import Testing

@Suite("Noise")
struct NoiseTests {
  @Test("Philox gives the numbers of its authors' known answers")
  func knownAnswers() {
    let ones = UInt32.max
    #expect(
      Philox(key: 0).bits(SIMD4(0, 0, 0, 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox(key: .max).bits(SIMD4(ones, ones, ones, ones))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox(key: 0x299f_31d0_a409_3822).bits(
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("normal numbers are normal, and those of atoms and steps are independent")
  func normals() {
    let noise = SeededNoise(seed: 7)
    var samples: [Double] = []
    var products = 0.0
    for step in 0..<50 {
      for atom in 0..<200 {
        let a = noise.normals(step: step, .langevin, index: atom)
        let b = noise.normals(step: step + 1, .langevin, index: atom)
        samples += [a.x, a.y, a.z]
        products += a.x * a.y + a.y * a.z + a.x * b.x + a.z * b.z
      }
    }
    #expect(kolmogorovSmirnov(samples) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } > 0.01)
    // 40,000 products of variance 1.
    #expect(abs(products) < 4 * 200)
  }

  @Test("χ² numbers have their distribution", arguments: [1, 2, 3, 95])
  func chiSquare(_ freedom: Int) {
    let noise = SeededNoise(seed: 3)
    let samples = (1...20_000).map {
      noise.chiSquare(degreesOfFreedom: freedom, step: $0, .velocityRescaling)
    }
    let probability = kolmogorovSmirnov(samples) {
      chiSquareDistribution($0, degreesOfFreedom: freedom)
    }
    #expect(probability > 0.01, "\(probability)")
    #expect(noise.chiSquare(degreesOfFreedom: 0, step: 1, .velocityRescaling) == 0)
  }
}
