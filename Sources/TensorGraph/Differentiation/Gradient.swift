/// The gradient of a scalar with respect to some tensors it was computed from.
///
/// The result is recorded like any other computation, so gradients of gradients need nothing
/// further. A tensor that the scalar does not depend on has a gradient of zeros.
///
/// - Parameters:
///   - value: a floating-point tensor with one element.
///   - variables: tensors anywhere in the graph of `value`, leaves or not.
/// - Returns: for each variable a tensor of its shape and type.
public func gradient(of value: Tensor, withRespectTo variables: [Tensor]) -> [Tensor] {
  precondition(
    value.shape.elementCount == 1,
    "gradient: expected a scalar, found \(value.node.description)")
  return vectorJacobianProduct(of: value, with: value.filled(with: 1), withRespectTo: variables)
}

/// The gradient of `⟨cotangent, value⟩`, recorded.
///
/// - Precondition: `cotangent` has the shape and type of `value`, a floating-point type.
public func vectorJacobianProduct(
  of value: Tensor, with cotangent: Tensor, withRespectTo variables: [Tensor]
) -> [Tensor] {
  precondition(
    value.elementType.isFloatingPoint && cotangent.node.description == value.node.description,
    "vector-Jacobian product of \(value.node.description) with \(cotangent.node.description)")
  let wanted = Set(variables.map(\.node))
  let order = nodes(between: wanted, and: value.node)
  var cotangents: [Node: Tensor] = [value.node: cotangent]
  for node in order {
    guard let cotangent = cotangents[node] else { continue }
    let contributions = node.operation.vectorJacobianProduct(
      of: node.operands.map(Tensor.init), result: Tensor(node), cotangent: cotangent)
    for (operand, contribution) in zip(node.operands, contributions) {
      guard let contribution else { continue }
      precondition(
        contribution.node.description == operand.description,
        "derivative of \(node.operation.name): \(contribution.node.description) "
          + "for an operand \(operand.description)")
      cotangents[operand] = cotangents[operand].map { $0 + contribution } ?? contribution
    }
  }
  return variables.map { cotangents[$0.node] ?? $0.filled(with: 0) }
}

/// The nodes from `end` back to those of `starts` that lie on a path between them, readers before
/// their operands.
private func nodes(between starts: Set<Node>, and end: Node) -> [Node] {
  var depends: [Node: Bool] = [:]
  var postorder: [Node] = []
  var stack: [(node: Node, entered: Bool)] = [(end, false)]
  while let (node, entered) = stack.popLast() {
    if depends[node] != nil { continue }
    if entered {
      let isOnPath = starts.contains(node) || node.operands.contains { depends[$0] ?? false }
      depends[node] = isOnPath
      if isOnPath { postorder.append(node) }
    } else {
      stack.append((node, true))
      stack.append(contentsOf: node.operands.map { ($0, false) })
    }
  }
  return postorder.reversed()
}
