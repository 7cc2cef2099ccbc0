import Irreps

/// 2⁻⁵³, the largest relative error of one rounded operation.
let unitRoundoff = Double.ulpOfOne / 2

/// The largest |a − b| of two lists of the same length; infinite when the lengths differ or a
/// difference is not a number.
func largestDifference(_ first: [Double], _ second: [Double]) -> Double {
  guard first.count == second.count else { return .infinity }
  return zip(first, second).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference <= largest ? largest : difference.isNaN ? .infinity : difference
  }
}

/// Numbers that are the same in every run (SplitMix64, Steele et al., OOPSLA 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A vector in the cube of side 2 about the origin.
  mutating func vector() -> SIMD3<Double> {
    SIMD3(
      Double.random(in: -1...1, using: &self), Double.random(in: -1...1, using: &self),
      Double.random(in: -1...1, using: &self))
  }

  mutating func values(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double.random(in: -1...1, using: &self) }
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
