struct ArcTangent: ElementwiseOperation {
  var name: String { "atan2" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 25) { x, _ in "atan2(\(x[0]), \(x[1]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (y, x) = (operands[0], operands[1])
    let share = cotangent / (x * x + y * y)
    return [share * x, -(share * y)]
  }
}

/// The angle of the point (x, y) in radians, from −π to π, element by element; shapes broadcast. The
/// derivative at the origin is not finite.
public func atan2(_ y: Tensor, _ x: Tensor) -> Tensor { combine(ArcTangent(), y, x) }
