/// An operation of its own because the derivative by the chain rule is ∞ · 0 for large −x.
struct Sigmoid: ElementwiseOperation {
  var name: String { "sigmoid" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    let one = KernelType(type).literal(1)
    return ElementwiseExpression(cost: 12) { x, _ in "\(one) / (\(one) + exp(-\(x[0])))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent * (result * (1 - result))] }
}

/// 1 / (1 + e⁻ˣ), element by element.
public func sigmoid(_ x: Tensor) -> Tensor { Tensor(Sigmoid(), [x]) }

/// x · sigmoid(x), also called swish.
public func silu(_ x: Tensor) -> Tensor { x * sigmoid(x) }

/// log(1 + eˣ), without overflow for large x.
public func softplus(_ x: Tensor) -> Tensor {
  relu(x) + log(1 + exp(-abs(x)))
}

/// max(x, 0).
public func relu(_ x: Tensor) -> Tensor { maximum(x, x.filled(with: 0)) }
