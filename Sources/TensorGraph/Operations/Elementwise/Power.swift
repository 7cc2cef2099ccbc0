struct SquareRoot: ElementwiseOperation {
  var name: String { "sqrt" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 5) { x, _ in "sqrt(\(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent / (2 * result)] }
}

/// A whole power, by repeated squaring.
struct IntegerPower: ElementwiseOperation {
  var exponent: Int
  var name: String { "power\(exponent)" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    let exponent = exponent
    let one = KernelType(type).literal(1)
    return ElementwiseExpression(cost: 4) { x, _ in
      let magnitude = Self.product(of: x[0], exponent.magnitude)
      return exponent < 0 ? "\(one) / (\(magnitude))" : magnitude
    }
  }

  /// Nested squares; the kernel compiler computes equal parts once.
  private static func product(of x: String, _ exponent: UInt) -> String {
    if exponent == 1 { return x }
    let half = product(of: x, exponent / 2)
    return "(\(half) * \(half)" + (exponent.isMultiple(of: 2) ? ")" : " * \(x))")
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent * (Double(exponent) * power(operands[0], exponent - 1))] }
}

struct RealPower: ElementwiseOperation {
  var name: String { "pow" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 25) { x, _ in "pow(\(x[0]), \(x[1]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (x, y) = (operands[0], operands[1])
    return [cotangent * y * pow(x, y - 1), cotangent * result * log(x)]
  }
}

/// The square root, element by element: NaN below 0, an infinite derivative at 0.
public func sqrt(_ x: Tensor) -> Tensor { Tensor(SquareRoot(), [x]) }

/// xⁿ for a whole number n, element by element. `power(x, 0)` is 1 also at 0.
public func power(_ x: Tensor, _ exponent: Int) -> Tensor {
  switch exponent {
  case 0: x.filled(with: 1)
  case 1: x
  case 2: x * x
  default: Tensor(IntegerPower(exponent: exponent), [x])
  }
}

/// xʸ for real y and positive x, element by element.
public func pow(_ x: Tensor, _ y: Tensor) -> Tensor { combine(RealPower(), x, y) }
