/// How an operation becomes OpenCL C.
package enum Lowering: Sendable {
  /// The elements are given: a parameter, an argument of a compiled function.
  case given

  /// The same number everywhere; written into kernels as a literal.
  case literal(Double)

  /// One expression an element, of operands that have the result's shape. The scheduler fuses
  /// such expressions with their neighbours.
  case elementwise(ElementwiseExpression)

  /// The result's elements are operand 0's at other places: reshape, permute, slice, pad…
  case view(any IndexMap)

  /// Operands one after the other along an axis.
  case concatenation(axis: Int)

  /// Row `indices[i]` of operand 0 at row `i`; operand 1 is `indices`.
  case gather

  /// A sum or maximum over some axes of operand 0.
  case reduction(Reduction, axes: [Int])

  /// The index along an axis, as a number.
  case coordinate(axis: Int)

  /// Sums of operand 0's rows over ranges: row `s` of the result adds the rows at places
  /// `offsets[s] ..< offsets[s + 1]`; operand 1 is `offsets`, operand 3, if any, says which row
  /// stands at each place.
  case segmentSum

  /// Kernels of its own; operands and result are whole buffers.
  case kernels(KernelSequence)
}

/// The OpenCL C expression of an elementwise operation.
package struct ElementwiseExpression: Sendable {
  /// About how many simple operations evaluating it takes; a fused value that costs more than a
  /// load is stored once rather than computed by each of its readers.
  package var cost: Int
  /// The text, given the operands' texts and the vector width, which all operands share.
  package var text: @Sendable (_ operands: [String], _ width: Int) -> String

  package init(
    cost: Int = 1, _ text: @escaping @Sendable (_ operands: [String], _ width: Int) -> String
  ) {
    self.cost = cost
    self.text = text
  }
}

/// What a reduction does with its elements.
package enum Reduction: String, Hashable, Sendable {
  case sum
  case maximum

  /// OpenCL C text of the value that changes nothing.
  func identity(of type: ElementType) -> String {
    switch self {
    case .sum: KernelType(type).literal(0)
    case .maximum: type.isFloatingPoint ? KernelType(type).literal(-.infinity) : "INT_MIN"
    }
  }

  /// OpenCL C text of two partial results made one.
  func combine(_ a: String, _ b: String, of type: ElementType) -> String {
    switch self {
    case .sum: "\(a) + \(b)"
    case .maximum: type.isFloatingPoint ? "fmax(\(a), \(b))" : "max(\(a), \(b))"
    }
  }
}

/// How a view maps an element of its result to an element of its source.
package protocol IndexMap: Sendable {
  /// The source's index, axis by axis.
  func source(of index: [IndexExpression]) -> [IndexExpression]
  /// Bounds outside which the result is zero instead of an element of the source.
  func guards(of index: [IndexExpression]) -> [IndexGuard]
  /// Whether several elements of the result may read the same element of the source.
  var repeatsElements: Bool { get }
  /// Whether the result's elements stand in memory exactly as the source's do.
  var keepsMemoryOrder: Bool { get }
}

extension IndexMap {
  package func guards(of index: [IndexExpression]) -> [IndexGuard] { [] }
  package var repeatsElements: Bool { false }
  package var keepsMemoryOrder: Bool { false }
}

/// The condition `lower ≤ index < upper`.
package struct IndexGuard: Sendable {
  package var index: IndexExpression
  package var lower: Dimension
  package var upper: Dimension
}
