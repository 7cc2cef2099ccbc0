/// The index of each element along one axis.
struct Coordinate: Operation {
  var axis: Int
  var description: TensorDescription

  var name: String { "coordinate" }
  func result(of operands: [TensorDescription]) -> TensorDescription { description }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [] }
  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .coordinate(axis: axis) }
}

extension Tensor {
  /// The tensor of this shape whose elements are their own indices along `axis`.
  public static func coordinate(
    along axis: Int = 0, of shape: Shape, _ elementType: ElementType = .int32
  ) -> Tensor {
    precondition((0..<shape.rank).contains(axis), "coordinate: axis \(axis) of \(shape)")
    return Tensor(
      Coordinate(axis: axis, description: TensorDescription(shape, elementType)), [])
  }
}
