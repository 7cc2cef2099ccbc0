/// A change of element type.
struct Convert: ElementwiseOperation {
  var target: ElementType
  var name: String { "convert" }
  func resultType(of operands: [ElementType]) -> ElementType { target }
  func expression(of type: ElementType) -> ElementwiseExpression {
    let target = target
    return ElementwiseExpression { x, width in
      target == .bool
        ? (width == 1 ? "(uchar)(\(x[0]) != 0)" : "convert_uchar\(width)((\(x[0]) != 0) & 1)")
        : "convert_\(KernelType(target, width: width).name)(\(x[0]))"
    }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let type = operands[0].elementType
    return [type.isFloatingPoint && target.isFloatingPoint ? cotangent.converted(to: type) : nil]
  }
}

extension Tensor {
  /// The same numbers in another element type; towards integers they are truncated, towards
  /// masks everything but 0 is true.
  public func converted(to type: ElementType) -> Tensor {
    type == elementType ? self : Tensor(Convert(target: type), [self])
  }
}
