import TensorGraph

/// A multilinear form evaluated for every *item* (an edge, a node, a sample), with one slot as
/// the result.
///
/// Each slot says how the running item finds its row: one row an item, a row named by an index
/// tensor, or one row for all. As an operand an index means a gather; as the result it means a
/// sum over all items with that index, taken in a fixed order without atomics.
///
/// The derivative with respect to an operand is the same form with that operand as the result
/// and the cotangent in the old result's slot, so a gather turns into a segment sum and back.
/// An equivariant convolution, its gradients, and their gradients are all contractions.
///
/// Operands: the tensors of all slots but the result's, in the order of the slots; then for
/// each relation its index tensors (``Relation``); then, if a slot is tabulated, the positions
/// `[items]`.
package struct Contraction: Operation {
  /// How an item finds its row of a slot.
  package enum Access: Hashable, Sendable {
    /// Row `item` of a tensor `[items, width]`.
    case perItem
    /// Row `indices[item]` of a tensor `[targets, width]`.
    case indexed(relation: Int)
    /// The only row, a tensor `[width]`. As a result: the sum over all items.
    case shared
    /// The row is a function of the item's position, kept as a table
    /// `[knots, 3·width]`: for each of the knots the values, the rises to the next, and the slopes
    /// times the spacing.
    /// Never a result: the table is constant under differentiation, the position is not.
    case tabulated
  }

  /// A map of items to rows, such as an edge's receiver.
  ///
  /// Its tensors, all of `int32`, in this order among the operands: `indices [items]`;
  /// `order [items]`, the items sorted by their row (absent when items are in that order
  /// already); `offsets [targets + 1]`, where each row's items begin in that order.
  package struct Relation: Hashable, Sendable {
    /// The number of rows that indices may name.
    package var targets: Dimension
    /// Whether items come sorted by row, so that there is no tensor `order`.
    package var isSorted: Bool

    package init(targets: Dimension, isSorted: Bool) {
      self.targets = targets
      self.isSorted = isSorted
    }

    package var tensorCount: Int { isSorted ? 2 : 3 }
  }

  package var form: MultilinearForm
  /// The slot that is the result.
  package var output: Int
  /// Slots that are results too, each with a row an item. An operation has none; a kernel of
  /// several gradients has (``ContractionGradient``).
  var furtherOutputs: [Int] = []
  /// One access a slot.
  package var accesses: [Access]
  package var items: Dimension
  package var relations: [Relation]
  /// The knots of the tables, where slots are tabulated.
  package var knots: KnotGrid?

  package init(
    form: MultilinearForm, output: Int, accesses: [Access], items: Dimension,
    relations: [Relation] = [], knots: KnotGrid? = nil
  ) {
    precondition(
      accesses.count == form.slots.count && form.slots.indices ~= output,
      "\(accesses.count) accesses and result \(output) for \(form.slots.count) slots")
    for case .indexed(let relation) in accesses {
      precondition(relations.indices ~= relation, "there is no relation \(relation)")
    }
    precondition(
      accesses.contains(.tabulated) == (knots != nil) && accesses[output] != .tabulated,
      "knots go with operands that are tabulated")
    self.form = form
    self.output = output
    self.accesses = accesses
    self.items = items
    self.relations = relations
    self.knots = knots
  }

  package var name: String {
    "contraction → " + outputs.map { form.slots[$0].name }.joined(separator: ", ")
  }

  /// The shape of a slot's tensor.
  package func shape(of slot: Int) -> Shape {
    let width = Dimension(form.slots[slot].width)
    switch accesses[slot] {
    case .perItem: return [items, width]
    case .indexed(let relation): return [relations[relation].targets, width]
    case .shared: return [width]
    case .tabulated:
      return [Dimension(knots?.knotCount ?? 0), width * Dimension(KnotGrid.numbersPerKnot)]
    }
  }

  /// All results, the one whose rows a kernel runs over first.
  var outputs: [Int] { [output] + furtherOutputs }

  /// The operand that holds a slot's tensor; a result has none.
  package func operand(of slot: Int) -> Int? {
    outputs.contains(slot) ? nil : slot - outputs.count { $0 < slot }
  }

  /// Where the tensors of a relation begin among the operands.
  package func firstOperand(ofRelation relation: Int) -> Int {
    relations[..<relation].reduce(form.slots.count - outputs.count) { $0 + $1.tensorCount }
  }

  /// The path's factor that is a result, if it has one.
  func result(of path: MultilinearForm.Path) -> MultilinearForm.Factor? {
    path.factors.first { outputs.contains($0.slot) }
  }

  /// Floating-point operations of an item, with those that read tables.
  package var operationCount: Int {
    var tabulated: Set<MultilinearForm.Factor> = []
    for path in form.paths where result(of: path) != nil {
      tabulated.formUnion(path.factors.filter { accesses[$0.slot] == .tabulated })
    }
    return outputs.reduce(0) { $0 + form.operationCount(for: $1) }
      + tabulated.reduce(0) { $0 + 8 * form.slots[$1.slot].segments[$1.segment].elementCount }
  }

  /// The operand that holds the positions of the items, where slots are tabulated.
  package var positionOperand: Int { firstOperand(ofRelation: relations.count) }

  package func result(of operands: [TensorDescription]) -> TensorDescription {
    let expected = expectedOperands(elementType: operands.first?.elementType ?? .float32)
    precondition(
      operands == expected && expected[0].elementType.isFloatingPoint,
      "\(name): operands \(operands) where \(expected) are due")
    return TensorDescription(shape(of: output), operands[0].elementType)
  }

  private func expectedOperands(elementType: ElementType) -> [TensorDescription] {
    let tensors = form.slots.indices.filter { $0 != output }
      .map { TensorDescription(shape(of: $0), elementType) }
    let indices = relations.flatMap { relation in
      let perItem = TensorDescription([items], .int32)
      let offsets = TensorDescription([relation.targets + 1], .int32)
      return relation.isSorted ? [perItem, offsets] : [perItem, perItem, offsets]
    }
    let positions = knots.map { _ in TensorDescription([items], elementType) }
    return tensors + indices + (positions.map { [$0] } ?? [])
  }

  package func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    var tensors: [Tensor] = Array(operands[..<(form.slots.count - 1)])
    tensors.insert(cotangent, at: output)
    let indices = operands[(form.slots.count - 1)...]
    let joint = jointGradient
    let columns = joint.map { _ in
      Tensor(ContractionGradient(of: self, .joint), tensors + indices)
    }
    let gradients: [Tensor?] = form.slots.indices.filter { $0 != output }.map { slot in
      if accesses[slot] == .tabulated { return nil }
      if let joint, let columns, joint.slot == slot {
        return columns.slice(0..<form.slots[slot].width, along: 1)
      }
      guard hasJointGradients else {
        var derivative = self
        derivative.output = slot
        var others = tensors
        others.remove(at: slot)
        return Tensor(derivative, others + indices)
      }
      return Tensor(ContractionGradient(of: self, .slot(slot)), tensors + indices)
    }
    var rest: [Tensor?] = indices.map { _ in nil }
    if let joint, let columns {
      let last = joint.contraction.form.slots[joint.contraction.output].width - 1
      rest[rest.count - 1] = columns.slice(last..<(last + 1), along: 1).reshaped(to: [items])
    }
    return gradients + rest
  }

  package func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    .kernels(
      ContractionGenerator(
        contraction: self, elementType: result.elementType, profile: profile
      ).sequence())
  }
}
