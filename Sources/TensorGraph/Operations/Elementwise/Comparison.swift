/// A comparison of two numbers; the result is a mask.
struct Comparison: ElementwiseOperation {
  enum Relation: String, Hashable, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case equal = "=="
  }
  var relation: Relation

  var name: String {
    switch relation {
    case .less: "less"
    case .lessOrEqual: "lessOrEqual"
    case .equal: "equal"
    }
  }
  func resultType(of operands: [ElementType]) -> ElementType { .bool }
  func expression(of type: ElementType) -> ElementwiseExpression {
    let symbol = relation.rawValue
    // OpenCL's vector comparisons give −1 for true and scalar ones 1; masks hold 1.
    return ElementwiseExpression { x, width in
      width == 1
        ? "(uchar)(\(x[0]) \(symbol) \(x[1]))"
        : "convert_uchar\(width)((\(x[0]) \(symbol) \(x[1])) & 1)"
    }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil, nil] }
}

struct LogicalNot: ElementwiseOperation {
  var name: String { "not" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression { x, width in (width == 1 ? "(uchar)" : "") + "(1 - \(x[0]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil] }
}

struct LogicalAnd: ElementwiseOperation {
  var name: String { "and" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression { x, width in (width == 1 ? "(uchar)" : "") + "(\(x[0]) & \(x[1]))" }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil, nil] }
}

/// `mask ? a : b`.
struct Select: ElementwiseOperation {
  var elementType: ElementType
  var name: String { "select" }
  func resultType(of operands: [ElementType]) -> ElementType { elementType }
  func expression(of type: ElementType) -> ElementwiseExpression {
    let mask: String =
      switch elementType {
      case .float32, .int32: "int"
      case .float64: "long"
      case .bool: "char"
      }
    return ElementwiseExpression { x, width in
      width == 1
        ? "(\(x[0]) ? \(x[1]) : \(x[2]))"
        : "select(\(x[2]), \(x[1]), convert_\(mask)\(width)(\(x[0])) != (\(mask)\(width))(0))"
    }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let zero = cotangent.filled(with: 0)
    return [
      nil, select(operands[0], cotangent, zero), select(operands[0], zero, cotangent),
    ]
  }
}

extension Tensor {
  /// A mask of where `a < b`.
  public static func .< (a: Tensor, b: Tensor) -> Tensor {
    combine(Comparison(relation: .less), a, b)
  }
  public static func .<= (a: Tensor, b: Tensor) -> Tensor {
    combine(Comparison(relation: .lessOrEqual), a, b)
  }
  public static func .> (a: Tensor, b: Tensor) -> Tensor { b .< a }
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { b .<= a }
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    combine(Comparison(relation: .equal), a, b)
  }
  public static func .< (a: Tensor, b: Double) -> Tensor { a .< a.scalar(b) }
  public static func .<= (a: Tensor, b: Double) -> Tensor { a .<= a.scalar(b) }
  public static func .> (a: Tensor, b: Double) -> Tensor { a.scalar(b) .< a }
  public static func .>= (a: Tensor, b: Double) -> Tensor { a.scalar(b) .<= a }
  public static func .== (a: Tensor, b: Double) -> Tensor { a .== a.scalar(b) }

  /// The opposite mask.
  public static prefix func .! (a: Tensor) -> Tensor {
    precondition(a.elementType == .bool, "not: expected a mask, found \(a.elementType)")
    return Tensor(LogicalNot(), [a])
  }
  /// Where both masks hold.
  public static func .& (a: Tensor, b: Tensor) -> Tensor {
    precondition(a.elementType == .bool, "and: expected masks, found \(a.elementType)")
    return combine(LogicalAnd(), a, b)
  }
}

/// Elements of `a` where the mask holds and of `b` elsewhere; shapes broadcast.
///
/// The derivative reaches only the operand that was chosen, but a NaN in the other one's own
/// derivative still spreads: choose safe arguments before dividing or taking roots.
public func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(mask.elementType == .bool, "select: expected a mask, found \(mask.elementType)")
  precondition(
    a.elementType == b.elementType,
    "select: element types \(a.elementType) and \(b.elementType); convert one first")
  guard let values = Shape.broadcasting(a.shape, b.shape),
    let shape = Shape.broadcasting(values, mask.shape)
  else {
    preconditionFailure(
      "select: shapes \(mask.shape), \(a.shape) and \(b.shape) do not broadcast")
  }
  return Tensor(
    Select(elementType: a.elementType),
    [mask.broadcast(to: shape), a.broadcast(to: shape), b.broadcast(to: shape)])
}

/// The larger of two numbers, element by element; the derivative goes to `a` where they are equal.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { select(b .<= a, a, b) }

/// The smaller of two numbers, element by element; the derivative goes to `a` where they are equal.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { select(a .<= b, a, b) }

/// The absolute value; its derivative at 0 is taken as 1.
public func abs(_ x: Tensor) -> Tensor { select(x .< 0, -x, x) }
