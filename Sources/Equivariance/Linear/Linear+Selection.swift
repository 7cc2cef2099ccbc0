import Irreps
import TensorGraph

extension Linear {
  /// The mapped features, each item with weights of its own choice: for atoms, those of their
  /// species.
  ///
  /// - Parameters:
  ///   - features: `[items, input.dimension]`.
  ///   - weights: `[choices, weightCount]`.
  ///   - choice: the row of weights of each item.
  /// - Returns: `[items, output.dimension]`.
  /// - Precondition: shapes are these, all are of one floating-point type, and there are no biases.
  public func callAsFunction(
    _ features: Tensor, weights: Tensor, selectedBy choice: SegmentIndex
  ) -> Tensor {
    precondition(biasCount == 0, "linear map: selected weights come without biases")
    expectShape(
      of: features, [choice.itemCount, Dimension(input.dimension)], "linear map's features")
    expectShape(
      of: weights, [choice.targetCount, Dimension(weightCount)], "linear map's weights")
    return form.mapped(features, weights: weights, selectedBy: choice)
  }
}

extension TensorProduct {
  /// The fully connected product with a one-hot second input: an item's features are mapped by the
  /// weights of its kind, so nothing is multiplied with the zeros of all other kinds.
  ///
  /// Of `fullyConnected(x, "n x0e", to: z)` with n kinds it is the value for a second input with a
  /// single 1.
  ///
  /// - Parameters:
  ///   - x: `[items, first.dimension]`.
  ///   - kind: of each item the place of the 1; n targets.
  ///   - weights: `[weightCount]`, as for a second input that is written out.
  /// - Returns: `[items, output.dimension]`.
  /// - Precondition: the second input is one group of invariants, and every instruction is of mode
  ///   `uvw`.
  public func callAsFunction(_ x: Tensor, oneHot kind: SegmentIndex, weights: Tensor) -> Tensor {
    precondition(
      second.count == 1 && second[0].irrep.isScalar && instructions.allSatisfy { $0.mode == .uvw },
      "tensor product with a one-hot input: \(second) is not one group of invariants, or some mode "
        + "is not uvw")
    let kinds = second[0].multiplicity
    precondition(
      kind.targetCount == Dimension(kinds),
      "tensor product with a one-hot input: \(kind.targetCount) kinds for \(second)")
    expectShape(
      of: x, [kind.itemCount, Dimension(first.dimension)], "tensor product's first input")
    expectShape(of: weights, [Dimension(weightCount)], "tensor product's weights")
    let rows = zip(instructions, weightSlices).map { instruction, slice in
      let (u, w) = (first[instruction.x].multiplicity, output[instruction.out].multiplicity)
      return weights.slice(slice, along: 0).reshaped(to: Shape([u, kinds, w]))
        .permuted([1, 0, 2]).reshaped(to: Shape([kinds, u * w]))
    }
    let groups = [first, output].map { irreps in
      irreps.map { (components: $0.irrep.dimension, channels: $0.multiplicity) }
    }
    let form = MultilinearForm.linear(
      from: groups[0], to: groups[1],
      blocks: instructions.map { instruction in
        // The coupling with an invariant is the identity over √(2l+1).
        let square =
          instruction.squaredScale(first, second, output, among: instructions, normalization)
          / Double(output[instruction.out].irrep.dimension)
        return (instruction.x, instruction.out, square.squareRoot())
      })
    return form.mapped(x, weights: concatenate(rows, along: 1), selectedBy: kind)
  }
}

extension MultilinearForm {
  /// A linear form's value for features `[items, …]` and weights `[choices, …]`.
  fileprivate func mapped(
    _ features: Tensor, weights: Tensor, selectedBy choice: SegmentIndex
  ) -> Tensor {
    if choice.targetCount == 1 {
      // No choice at all: one matrix for all.
      let shared = Contraction(
        form: self, output: 2, accesses: [.perItem, .shared, .perItem], items: choice.itemCount)
      return Tensor(shared, [features, weights.reshaped(to: [weights.shape[1]])])
    }
    let contraction = Contraction(
      form: self, output: 2, accesses: [.perItem, .indexed(relation: 0), .perItem],
      items: choice.itemCount, relations: [choice.relation])
    return Tensor(contraction, [features, weights] + choice.contractionOperands)
  }
}
