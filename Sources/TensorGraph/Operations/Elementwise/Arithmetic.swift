struct Add: ElementwiseOperation {
  var name: String { "add" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression { x, _ in "\(x[0]) + \(x[1])" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent, cotangent] }
}

struct Subtract: ElementwiseOperation {
  var name: String { "subtract" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression { x, _ in "\(x[0]) - \(x[1])" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent, -cotangent] }
}

struct Multiply: ElementwiseOperation {
  var name: String { "multiply" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression { x, _ in "\(x[0]) * \(x[1])" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [cotangent * operands[1], cotangent * operands[0]] }
}

struct Divide: ElementwiseOperation {
  var name: String { "divide" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 4) { x, _ in "\(x[0]) / \(x[1])" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let share = cotangent / operands[1]
    return [share, -(share * result)]
  }
}

struct Negate: ElementwiseOperation {
  var name: String { "negate" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression { x, _ in "-\(x[0])" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [-cotangent] }
}

extension Tensor {
  /// A tensor of this number, with `self`'s type and no axes.
  func scalar(_ value: Double) -> Tensor {
    Tensor(Constant(value: value, shape: [], elementType: elementType), [])
  }

  /// The number, when every element is the same literal.
  var literalValue: Double? {
    var node = self.node
    while node.operation is Broadcast || node.operation is Reshape { node = node.operands[0] }
    return (node.operation as? Constant)?.value
  }

  public static func + (a: Tensor, b: Tensor) -> Tensor {
    if a.literalValue == 0, Shape.broadcasting(a.shape, b.shape) == b.shape { return b }
    if b.literalValue == 0, Shape.broadcasting(a.shape, b.shape) == a.shape { return a }
    return combine(Add(), a, b)
  }
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    if b.literalValue == 0, Shape.broadcasting(a.shape, b.shape) == a.shape { return a }
    return combine(Subtract(), a, b)
  }
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    if a.literalValue == 1, Shape.broadcasting(a.shape, b.shape) == b.shape { return b }
    if b.literalValue == 1, Shape.broadcasting(a.shape, b.shape) == a.shape { return a }
    return combine(Multiply(), a, b)
  }
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    if b.literalValue == 1, Shape.broadcasting(a.shape, b.shape) == a.shape { return a }
    return combine(Divide(), a, b)
  }
  public static prefix func - (a: Tensor) -> Tensor { Tensor(Negate(), [a]) }

  public static func + (a: Tensor, b: Double) -> Tensor { a + a.scalar(b) }
  public static func - (a: Tensor, b: Double) -> Tensor { a - a.scalar(b) }
  public static func * (a: Tensor, b: Double) -> Tensor { a * a.scalar(b) }
  public static func / (a: Tensor, b: Double) -> Tensor { a / a.scalar(b) }
  public static func + (a: Double, b: Tensor) -> Tensor { b.scalar(a) + b }
  public static func - (a: Double, b: Tensor) -> Tensor { b.scalar(a) - b }
  public static func * (a: Double, b: Tensor) -> Tensor { b.scalar(a) * b }
  public static func / (a: Double, b: Tensor) -> Tensor { b.scalar(a) / b }
}
