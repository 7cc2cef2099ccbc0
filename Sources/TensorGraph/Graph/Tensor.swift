/// An array of numbers on a device, or the recipe for one.
///
/// Operations on tensors record a graph; reading a value, or compiling, runs it. A tensor is a
/// value: copying it copies a reference to an immutable vertex of the graph.
public struct Tensor: Sendable {
  package let node: Node

  package init(_ node: Node) { self.node = node }

  /// The result of an operation.
  ///
  /// - Precondition: the operands' shapes and types are what the operation takes.
  package init(_ operation: some Operation, _ operands: [Tensor]) {
    node = Node(operation, operands.map(\.node))
  }

  public var shape: Shape { node.description.shape }
  public var elementType: ElementType { node.description.elementType }
  public var rank: Int { shape.rank }
}
