struct ErrorFunction: ElementwiseOperation {
  var name: String { "erf" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 15) { x, _ in "erf(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let slopeAtZero = 2 / Double.pi.squareRoot()
    return [cotangent * (slopeAtZero * exp(-(operands[0] * operands[0])))]
  }
}

/// The error function 2/√π ∫₀ˣ e^(−t²) dt, element by element.
public func erf(_ x: Tensor) -> Tensor { Tensor(ErrorFunction(), [x]) }
