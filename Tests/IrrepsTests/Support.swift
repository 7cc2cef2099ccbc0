import Irreps
import TestSupport

/// 2⁻⁵³, the largest relative error of one rounded operation.
let unitRoundoff = Double.ulpOfOne / 2

extension SeededGenerator {
  /// A vector in the cube of side 2 about the origin.
  mutating func vector() -> SIMD3<Double> {
    SIMD3(uniform(-1...1), uniform(-1...1), uniform(-1...1))
  }

  mutating func values(_ count: Int) -> [Double] {
    (0..<count).map { _ in uniform(-1...1) }
  }
}

extension SIMD3<Double> {
  var components: [Double] { [x, y, z] }
  var norm: Double { (self * self).sum().squareRoot() }
}

/// All triples of degrees up to a highest one that couple.
func couplingTriples(upTo degree: Int) -> [[Int]] {
  (0...degree).flatMap { first in
    (0...degree).flatMap { second in
      (abs(first - second)...(first + second)).filter { $0 <= degree }.map { [first, second, $0] }
    }
  }
}
