import Foundation
import TensorGraph
import Testing

@Suite("The error function")
struct ErrorFunctionTests {
  private let values = [-6, -2.5, -1, -0.3, -1e-5, 0, 1e-5, 0.3, 0.8, 1, 2.5, 6, 1e-30]

  @Test("agrees with the host's")
  func hostValues() throws {
    // OpenCL (7.4, "Relative Error as ULPs") grants erf 16 units in the last place.
    let double = try erf(Tensor(values)).doubles()
    for (x, y) in zip(values, double) {
      let expected: Double = Foundation.erf(x)
      #expect(abs(y - expected) <= 16 * expected.ulp, "erf(\(x)) = \(y)")
    }
    let single = try erf(Tensor(values.map(Float.init))).floats()
    for (x, y) in zip(values.map(Float.init), single) {
      let expected: Float = Foundation.erf(x)
      #expect(abs(y - expected) <= 16 * expected.ulp, "erf(\(x)) = \(y)")
    }
  }

  @Test("its first and second derivative agree with central differences")
  func derivatives() throws {
    let x = Tensor(values)
    let first = gradient(of: erf(x).sum(), withRespectTo: [x])[0]
    let second = gradient(of: first.sum(), withRespectTo: [x])[0]
    // The step balances the error of the formula, step² |f‴| / 6 with |f‴| < 3, and that of
    // rounding, a few units of 10⁻¹⁶ over the step; both stay below 10⁻⁹.
    let step = 1e-5
    func slope(_ f: (Tensor) -> Tensor) throws -> [Double] {
      let up = try f(Tensor(values.map { $0 + step })).doubles()
      let down = try f(Tensor(values.map { $0 - step })).doubles()
      return zip(up, down).map { ($0 - $1) / (2 * step) }
    }
    for (a, b) in zip(try first.doubles(), try slope(erf)) { #expect(abs(a - b) < 1e-9) }
    let firstOf = { (x: Tensor) in gradient(of: erf(x).sum(), withRespectTo: [x])[0] }
    for (a, b) in zip(try second.doubles(), try slope(firstOf)) { #expect(abs(a - b) < 1e-9) }
  }
}
