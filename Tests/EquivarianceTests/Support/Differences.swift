import TensorGraph
import TestSupport
import Testing

/// Checks a gradient, in double precision, against central differences along random directions.
///
/// With step h the truncation error is h²/6 times the third derivative and the rounding error
/// ε/h times the value; at h = ε^(1/3) both are about ε^(2/3) ≈ 4·10⁻¹¹. The tolerance, 10⁻⁸,
/// leaves room for third derivatives of some hundred times the value.
///
/// - Parameters:
///   - function: a scalar, twice differentiable near `point`.
///   - point: one array of values for each argument of the function, with its shape.
func expectGradientMatchesDifferences(
  at point: [(values: [Double], shape: [Int])], seed: UInt64 = 5,
  sourceLocation: SourceLocation = #_sourceLocation, of function: ([Tensor]) -> Tensor
) throws {
  func tensors(_ values: [[Double]]) -> [Tensor] {
    zip(values, point).map { Tensor($0, shape: Shape($1.shape)) }
  }
  let arguments = tensors(point.map(\.values))
  let gradients = try gradient(of: function(arguments), withRespectTo: arguments)
    .map { try $0.doubles() }
  var generator = SeededGenerator(seed: seed)
  let step = 6e-6
  for (position, argument) in point.enumerated() {
    for _ in 0..<2 {
      let direction = generator.normals(argument.values.count)
      func value(_ scale: Double) throws -> Double {
        var values = point.map(\.values)
        values[position] = zip(argument.values, direction).map { $0 + scale * $1 }
        return try function(tensors(values)).doubles()[0]
      }
      let difference = try (value(step) - value(-step)) / (2 * step)
      let products = zip(gradients[position], direction).map { $0 * $1 }
      expectClose(
        products.reduce(0, +), difference, tolerance: 1e-8,
        relativeTo: max(1, products.reduce(0) { $0 + abs($1) }),
        "argument \(position)", sourceLocation: sourceLocation)
    }
  }
}
