import Foundation
import TensorGraph
import TestSupport
import Testing

@Suite("The arc tangent of two numbers")
struct ArcTangentTests {
  private let y = [0, 1, -1, 2.5, -0.25, 0.75, 1e-3, -3]
  private let x = [1, 0, 0, -1.5, -2, 0.5, -1, 4.5]

  @Test("agrees with the host's in all quadrants and on the axes")
  func hostValues() throws {
    // OpenCL (7.4, "Relative Error as ULPs") grants atan2 6 units in the last place.
    for (place, angle) in try atan2(Tensor(y), Tensor(x)).doubles().enumerated() {
      let expected: Double = Foundation.atan2(y[place], x[place])
      #expect(abs(angle - expected) <= 6 * expected.ulp, "atan2(\(y[place]), \(x[place]))")
    }
    let single = try atan2(Tensor(y.map(Float.init)), Tensor(x.map(Float.init))).floats()
    for (place, angle) in single.enumerated() {
      let expected: Float = Foundation.atan2(Float(y[place]), Float(x[place]))
      #expect(abs(angle - expected) <= 6 * expected.ulp, "atan2(\(y[place]), \(x[place]))")
    }
  }

  @Test("its first and second derivatives agree with central differences")
  func derivatives() throws {
    // Fixed points at least 0.9 from the origin, and from the cut along negative x.
    let y = [1, -1, 2.5, -0.9, 0.75]
    let x = [0.2, 0.3, -1.5, -2, 0.5]
    try expectDerivatives(of: [y, x], [[5], [5]]) { operands in
      let angle = atan2(operands[0], operands[1])
      return (angle * angle * angle).sum()
    }
  }
}
