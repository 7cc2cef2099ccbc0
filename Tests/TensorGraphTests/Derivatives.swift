import TensorGraph
import TestSupport
import Testing

/// Checks the first and second derivatives of a scalar function of `float64` tensors against differences
/// in double precision: the gradient against the function, then the gradient of the gradient's product
/// with a fixed vector against that product.
///
/// Differences over five points err by h⁴ times a fifth derivative and by rounding over h: with h = 10⁻³,
/// by some 10⁻¹¹ of functions whose derivatives are of the order of 1.
func expectDerivatives(
  of values: [[Double]], _ shapes: [Shape], tolerance: Double = 1e-8,
  _ function: @escaping ([Tensor]) -> Tensor
) throws {
  func tensors(_ values: [[Double]]) -> [Tensor] {
    zip(values, shapes).map { Tensor($0, shape: $1) }
  }
  var random = SeededGenerator(seed: 99)
  let directions = values.map { $0.map { _ in Double.random(in: -1...1, using: &random) } }

  func slope(_ x: [Tensor]) -> Tensor {
    let gradients = gradient(of: function(x), withRespectTo: x)
    return zip(gradients, tensors(directions)).map { ($0 * $1).sum() }
      .reduce(Tensor([0.0]).sum(), +)
  }
  func differences(_ function: ([Tensor]) -> Tensor) throws -> [Double] {
    let h = 1e-3
    return try values.indices.flatMap { operand in
      try values[operand].indices.map { place in
        func moved(_ steps: Double) throws -> Double {
          var moved = values
          moved[operand][place] += steps * h
          return try function(tensors(moved)).doubles()[0]
        }
        return try (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h)
      }
    }
  }
  for (order, scalar) in [function, slope].enumerated() {
    let x = tensors(values)
    let found = try gradient(of: scalar(x), withRespectTo: x).flatMap { try $0.doubles() }
    expectClose(
      found, try differences(scalar), tolerance: tolerance,
      order == 0 ? "first derivative" : "second derivative")
  }
}
