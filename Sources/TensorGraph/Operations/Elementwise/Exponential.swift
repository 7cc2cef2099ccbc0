struct Exponential: ElementwiseOperation {
  var name: String { "exp" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 10) { x, _ in "exp(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent * result] }
}

struct Logarithm: ElementwiseOperation {
  var name: String { "log" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 10) { x, _ in "log(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent / operands[0]] }
}

/// eˣ, element by element.
public func exp(_ x: Tensor) -> Tensor { Tensor(Exponential(), [x]) }

/// The natural logarithm, element by element: NaN below 0, −∞ at 0.
public func log(_ x: Tensor) -> Tensor { Tensor(Logarithm(), [x]) }
