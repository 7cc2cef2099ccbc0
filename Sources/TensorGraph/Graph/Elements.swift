/// Host data of one element type.
package enum Elements: Sendable {
  case float32([Float])
  case float64([Double])
  case int32([Int32])
  case bool([UInt8])

  var elementType: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    case .bool: .bool
    }
  }

  var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int32(let values): values.count
    case .bool(let values): values.count
    }
  }
}

extension Tensor {
  package init(_ elements: Elements, shape: Shape, label: String) {
    precondition(
      shape.elementCount.fixed == elements.count,
      "tensor: \(elements.count) elements for the shape \(shape)")
    self.init(
      Source(
        TensorDescription(shape, elements.elementType), label: label, elements: elements), [])
  }

  /// A tensor of these elements in row-major order; one axis unless a shape is given.
  ///
  /// - Precondition: the shape has as many elements as the array.
  public init(_ values: [Float], shape: Shape? = nil) {
    self.init(.float32(values), shape: shape ?? Shape([values.count]), label: "data")
  }

  /// A tensor of these elements in row-major order; one axis unless a shape is given.
  ///
  /// - Precondition: the shape has as many elements as the array.
  public init(_ values: [Double], shape: Shape? = nil) {
    self.init(.float64(values), shape: shape ?? Shape([values.count]), label: "data")
  }

  /// A tensor of these elements in row-major order; one axis unless a shape is given.
  ///
  /// - Precondition: the shape has as many elements as the array.
  public init(_ values: [Int32], shape: Shape? = nil) {
    self.init(.int32(values), shape: shape ?? Shape([values.count]), label: "data")
  }

  /// A mask in row-major order; one axis unless a shape is given.
  ///
  /// - Precondition: the shape has as many elements as the array.
  public init(_ values: [Bool], shape: Shape? = nil) {
    self.init(
      .bool(values.map { $0 ? 1 : 0 }), shape: shape ?? Shape([values.count]), label: "mask")
  }

  /// A floating-point tensor of these numbers, rounded to `elementType`.
  ///
  /// - Precondition: the type is a floating-point type; the shape has as many elements.
  public init(_ values: [Double], shape: Shape? = nil, as elementType: ElementType) {
    switch elementType {
    case .float32: self.init(values.map(Float.init), shape: shape)
    case .float64: self.init(values, shape: shape)
    case .int32, .bool:
      preconditionFailure("tensor: \(elementType) is no floating-point type")
    }
  }
}
