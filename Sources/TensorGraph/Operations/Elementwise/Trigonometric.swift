struct Sine: ElementwiseOperation {
  var name: String { "sin" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 15) { x, _ in "sin(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent * cos(operands[0])] }
}

struct Cosine: ElementwiseOperation {
  var name: String { "cos" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 15) { x, _ in "cos(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [-(cotangent * sin(operands[0]))] }
}

struct HyperbolicTangent: ElementwiseOperation {
  var name: String { "tanh" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 15) { x, _ in "tanh(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent * (1 - result * result)] }
}

/// The sine of an angle in radians, element by element.
public func sin(_ x: Tensor) -> Tensor { Tensor(Sine(), [x]) }

/// The cosine of an angle in radians, element by element.
public func cos(_ x: Tensor) -> Tensor { Tensor(Cosine(), [x]) }

/// The hyperbolic tangent, element by element.
public func tanh(_ x: Tensor) -> Tensor { Tensor(HyperbolicTangent(), [x]) }
