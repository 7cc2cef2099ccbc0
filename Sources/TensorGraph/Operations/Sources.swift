/// A tensor whose elements are all one number.
package struct Constant: Operation {
  package var value: Double
  package var shape: Shape
  package var elementType: ElementType

  package var name: String { "constant" }
  package func result(of operands: [TensorDescription]) -> TensorDescription {
    TensorDescription(shape, elementType)
  }
  package func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [] }
  package func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .literal(value) }
}

/// Elements that come from outside the graph: host data, a device buffer, or, in a compiled
/// function, an argument that each call brings anew.
package struct Source: Operation {
  package let description: TensorDescription
  /// Tells sources with equal descriptions apart.
  package let identity: SourceIdentity

  package init(_ description: TensorDescription, label: String, elements: Elements? = nil) {
    self.description = description
    identity = SourceIdentity(label: label, elements: elements)
  }

  package var name: String { identity.label }
  package func result(of operands: [TensorDescription]) -> TensorDescription { description }
  package func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [] }
  package func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .given }
}

/// Equal only to itself.
package final class SourceIdentity: Hashable, Sendable {
  package let label: String
  /// Host data that goes to the device when it is first read there.
  let elements: Elements?

  init(label: String, elements: Elements?) {
    self.label = label
    self.elements = elements
  }

  package static func == (a: SourceIdentity, b: SourceIdentity) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
