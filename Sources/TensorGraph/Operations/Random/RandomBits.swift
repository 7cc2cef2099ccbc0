/// Philox-2×32 with ten rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011): 32 random bits that depend on a counter and a key alone, so that every device draws
/// the same numbers, in any order. Operands: counter, stream, key.
struct RandomBits: ElementwiseOperation {
  var name: String { "random" }
  func expression(of type: ElementType) -> ElementwiseExpression {
    ElementwiseExpression(cost: 30) { x, width in
      let unsigned = width == 1 ? "as_uint" : "as_uint\(width)"
      let signed = width == 1 ? "(int)" : "as_int\(width)"
      return "\(signed)(philox_2x32(\(x.map { "\(unsigned)(\($0))" }.joined(separator: ", "))))"
    }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil, nil, nil] }
}

/// Random bits as a number in (0, 1): the midpoints of 2²³ (single) or 2³² (double) equal parts.
struct UnitInterval: ElementwiseOperation {
  var target: ElementType
  var name: String { "unitInterval" }
  func resultType(of operands: [ElementType]) -> ElementType { target }
  func expression(of type: ElementType) -> ElementwiseExpression {
    let target = target
    return ElementwiseExpression(cost: 3) { x, width in
      let bits = width == 1 ? "(uint)(\(x[0]))" : "as_uint\(width)(\(x[0]))"
      let number = KernelType(target, width: width).name
      return target == .float32
        ? "(convert_\(number)(\(bits) >> 9) + 0.5f) * 1.1920928955078125e-7f"
        : "(convert_\(number)(\(bits)) + 0.5) * 2.3283064365386963e-10"
    }
  }
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil] }
}

/// A reproducible source of random tensors: the same seed and stream give the same numbers on
/// every device.
public struct RandomKey: Sendable {
  /// [2] int32: seed and stream, as a tensor, so that a compiled function can take them anew at
  /// each call.
  public var key: Tensor

  /// - Precondition: `key` is an int32 tensor of shape [2].
  public init(_ key: Tensor) {
    precondition(
      key.elementType == .int32 && key.shape == [2],
      "random key: expected int32[2], found \(key.node.description)")
    self.key = key
  }

  /// A key with fixed numbers.
  public init(seed: Int32, stream: Int32 = 0) { key = Tensor([seed, stream]) }

  private func bits(_ shape: Shape, substream: Int) -> Tensor {
    let flat: Shape = [shape.elementCount]
    let counter = Tensor.coordinate(of: flat)
    let stream = key.slice(1..<2, along: 0) * 8 + Double(substream)
    return Tensor(
      RandomBits(),
      [counter, stream.broadcast(to: flat), key.slice(0..<1, along: 0).broadcast(to: flat)]
    ).reshaped(to: shape)
  }

  private func uniform(_ shape: Shape, _ elementType: ElementType, substream: Int) -> Tensor {
    Tensor(UnitInterval(target: elementType), [bits(shape, substream: substream)])
  }

  /// Numbers equally likely anywhere in the open interval (0, 1).
  public func uniform(_ shape: Shape, _ elementType: ElementType = .float32) -> Tensor {
    uniform(shape, elementType, substream: 0)
  }

  /// Numbers of the standard normal distribution (Box and Muller 1958).
  public func normal(_ shape: Shape, _ elementType: ElementType = .float32) -> Tensor {
    let radius = sqrt(-2 * log(uniform(shape, elementType, substream: 1)))
    return radius * cos(2 * Double.pi * uniform(shape, elementType, substream: 2))
  }
}
