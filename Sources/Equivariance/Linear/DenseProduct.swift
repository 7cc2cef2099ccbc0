import TensorGraph

extension Tensor {
  /// `scale · self · matrix`: [items, rows] with [rows, columns].
  func multiplied(by matrix: Tensor, scale: Double = 1) -> Tensor {
    guard let extents = matrix.shape.fixedExtents, extents.count == 2 else {
      preconditionFailure("dense product with \(matrix.elementType)\(matrix.shape)")
    }
    let form = MultilinearForm.linear(
      from: [(components: 1, channels: extents[0])], to: [(components: 1, channels: extents[1])],
      blocks: [(input: 0, output: 0, scale: scale)])
    let contraction = Contraction(
      form: form, output: 2, accesses: [.perItem, .shared, .perItem], items: shape[0])
    return Tensor(
      contraction, [self, matrix.reshaped(to: [matrix.shape.elementCount])])
  }
}

extension MultilinearForm {
  /// Slots `x`, `weight`, `out` of a linear map between groups: of each block the weights are a
  /// matrix of input by output channels, one after the other, and every component is mapped alike.
  static func linear(
    from inputs: [(components: Int, channels: Int)], to outputs: [(components: Int, channels: Int)],
    blocks: [(input: Int, output: Int, scale: Double)]
  ) -> MultilinearForm {
    let paths = blocks.enumerated().map { place, block in
      Path(
        factors: [
          Factor(slot: 0, segment: block.input, subscripts: "u"),
          Factor(slot: 1, segment: place, subscripts: "uw"),
          Factor(slot: 2, segment: block.output, subscripts: "w"),
        ],
        entries: (0..<inputs[block.input].components).map { Entry([$0, 0, $0], block.scale) })
    }
    return MultilinearForm(
      slots: [
        Slot(name: "x", consecutive: inputs.map { ($0.components, [$0.channels]) }),
        Slot(
          name: "weight",
          consecutive: blocks.map { (1, [inputs[$0.input].channels, outputs[$0.output].channels]) }),
        Slot(name: "out", consecutive: outputs.map { ($0.components, [$0.channels]) }),
      ], paths: paths)
  }
}
