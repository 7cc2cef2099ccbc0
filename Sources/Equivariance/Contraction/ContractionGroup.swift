import TensorGraph

/// Contractions that differ in nothing but the slot they compute, for one launch: they read the
/// same tensors, such as the gradients of a convolution's weights and harmonics.
///
/// Operands: with one member those of the ``Contraction``; with several the tensors of all slots,
/// in the order of the slots, then the index tensors of all relations.
package struct ContractionGroup: Hashable, Sendable {
  /// One of the members; the others have another output.
  package let contraction: Contraction
  /// The slots that are computed.
  package let outputs: [Int]

  /// A group of one.
  package init(_ contraction: Contraction) {
    self.contraction = contraction
    outputs = [contraction.output]
  }

  /// Contractions as one launch, or nil where they cannot be or where nothing is gained: results
  /// have to be one row an item, with at most one channel axis a path.
  package init?(_ members: [Contraction]) {
    guard let first = members.first else { return nil }
    let outputs = members.map(\.output)
    for member in members {
      var same = member
      same.output = first.output
      guard same == first, member.accesses[member.output] == .perItem else { return nil }
    }
    guard Set(outputs).count == outputs.count,
      LaneSchedule(first.form, outputs: outputs) != nil
    else { return nil }
    contraction = first
    self.outputs = outputs
  }

  /// The operand that holds a slot's tensor.
  func operand(of slot: Int) -> Int? {
    outputs.count > 1 ? slot : contraction.operand(of: slot)
  }

  /// Where the tensors of a relation begin among the operands.
  func firstOperand(ofRelation relation: Int) -> Int {
    contraction.firstOperand(ofRelation: relation) + (outputs.count > 1 ? 1 : 0)
  }

  /// The group's operands, of those of its members; nil where members read different tensors.
  func operands<Name: Equatable>(_ members: [[Name]]) -> [Name]? {
    let slotCount = contraction.form.slots.count
    var slots = [Name?](repeating: nil, count: slotCount)
    for (output, operands) in zip(outputs, members) {
      guard operands[(slotCount - 1)...] == members[0][(slotCount - 1)...] else { return nil }
      for slot in slots.indices where slot != output {
        let name = operands[slot < output ? slot : slot - 1]
        guard slots[slot] ?? name == name else { return nil }
        slots[slot] = name
      }
    }
    return slots.compactMap { $0 } + members[0][(slotCount - 1)...]
  }

  /// Floating-point operations of an item.
  var operationCount: Int {
    outputs.reduce(0) { $0 + contraction.form.operationCount(for: $1) }
  }

  /// The name in profiles.
  var name: String {
    "contraction → " + outputs.map { contraction.form.slots[$0].name }.joined(separator: ", ")
  }
}
