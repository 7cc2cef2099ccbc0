import Irreps
import TensorGraph

/// A weighted product of two features that is a feature again: e3nn 0.6's `o3.TensorProduct`.
///
/// Each instruction couples a group of the first input with a group of the second into a group of
/// the output by 3j symbols, with channels combined by its mode; instructions that share an output
/// group add up. Normalisation and the order of weights are e3nn's, so its weights can be used as
/// they are.
///
/// Features have channels contiguous (`FeatureLayout.channelsContiguous`).
public struct TensorProduct: Hashable, Sendable {
  public typealias Instruction = TensorProductInstruction
  public typealias Normalization = TensorProductNormalization

  public let first: Irreps
  public let second: Irreps
  public let output: Irreps
  public let instructions: [Instruction]
  public let normalization: Normalization
  package let form: MultilinearForm

  /// - Precondition: the groups that an instruction names exist and couple, and their
  ///   multiplicities are what its mode asks for.
  public init(
    _ first: Irreps, _ second: Irreps, to output: Irreps, instructions: [Instruction],
    normalization: Normalization = Normalization()
  ) {
    for instruction in instructions {
      instruction.check(first, second, output)
    }
    self.first = first
    self.second = second
    self.output = output
    self.instructions = instructions
    self.normalization = normalization
    form = .tensorProduct(first, second, to: output, instructions, normalization: normalization)
  }

  /// The number of weights: one block an instruction that has weights, in the order of the
  /// instructions, each block row-major over u, v and w as far as its mode has them.
  public var weightCount: Int { form.slots[MultilinearForm.TensorProductSlot.weight].width }

  /// The range of weights of each instruction, empty where it has none.
  public var weightSlices: [Range<Int>] {
    var start = 0
    return instructions.map { instruction in
      let count = instruction.weightCount(first, second, output)
      defer { start += count }
      return start..<(start + count)
    }
  }

  /// The products of features, item by item.
  ///
  /// - Parameters:
  ///   - x: `[items, first.dimension]`.
  ///   - y: `[items, second.dimension]`.
  ///   - weights: `[weightCount]`, shared by all items, or `[items, weightCount]`; may be left out
  ///     where there are none.
  /// - Returns: `[items, output.dimension]`.
  /// - Precondition: shapes are these, and all are of one floating-point type.
  public func callAsFunction(_ x: Tensor, _ y: Tensor, weights: Tensor? = nil) -> Tensor {
    let items = x.shape[0]
    expectShape(of: x, [items, Dimension(first.dimension)], "tensor product's first input")
    expectShape(of: y, [items, Dimension(second.dimension)], "tensor product's second input")
    let weights = self.weights(weights, items: items, like: x)
    if weights.rank == 1, let (pairForm, map) = form.splitBeforeWeights() {
      let pairs = Tensor(
        Contraction(
          form: pairForm, output: 2, accesses: [.perItem, .perItem, .perItem], items: items),
        [x, y])
      return Tensor(
        Contraction(
          form: map, output: 2, accesses: [.perItem, .shared, .perItem], items: items),
        [pairs, weights])
    }
    let contraction = Contraction(
      form: form, output: MultilinearForm.TensorProductSlot.out,
      accesses: [.perItem, .perItem, weights.rank == 1 ? .shared : .perItem, .perItem],
      items: items)
    return Tensor(contraction, [x, y, weights])
  }

  /// The weights as an operand of a contraction, after a look at their shape.
  func weights(_ weights: Tensor?, items: Dimension, like features: Tensor) -> Tensor {
    guard let weights else {
      precondition(
        weightCount == 0, "tensor product: \(weightCount) weights are due and none are given")
      return Tensor([], shape: [0], as: features.elementType)
    }
    let count = Dimension(weightCount)
    expectShape(
      of: weights, weights.rank == 1 ? [count] : [items, count], "tensor product's weights")
    return weights
  }
}

extension TensorProductInstruction {
  /// Stops with both irreps shown when the groups do not fit together.
  fileprivate func check(_ first: Irreps, _ second: Irreps, _ output: Irreps) {
    precondition(
      first.indices ~= x && second.indices ~= y && output.indices ~= out,
      "tensor product: instruction (\(x), \(y), \(out)) of \(first) and \(second) to \(output)")
    let (a, b, c) = (first[x], second[y], output[out])
    let isCoupled = a.irrep.product(with: b.irrep).contains(c.irrep)
    let channelsFit =
      switch mode {
      case .uvw: hasWeight
      case .uvu: c.multiplicity == a.multiplicity
      case .uvv: c.multiplicity == b.multiplicity
      case .uuw: a.multiplicity == b.multiplicity && hasWeight
      case .uuu: a.multiplicity == b.multiplicity && c.multiplicity == a.multiplicity
      case .uvuv: c.multiplicity == a.multiplicity * b.multiplicity
      }
    precondition(
      isCoupled && channelsFit,
      "tensor product: \(a) and \(b) do not make \(c) in mode \(mode)"
        + (hasWeight ? "" : " without weights"))
  }

  fileprivate func weightCount(_ first: Irreps, _ second: Irreps, _ output: Irreps) -> Int {
    guard hasWeight else { return 0 }
    return mode.subscripts.weight.reduce(1) { count, name in
      switch name {
      case "u": count * first[x].multiplicity
      case "v": count * second[y].multiplicity
      default: count * output[out].multiplicity
      }
    }
  }
}

/// Stops, showing both shapes, unless a tensor of a layer has the shape that is due.
func expectShape(of tensor: Tensor, _ shape: Shape, _ role: String) {
  precondition(
    tensor.shape == shape && tensor.elementType.isFloatingPoint,
    "\(role): expected a floating-point tensor of shape \(shape), "
      + "found \(tensor.elementType)\(tensor.shape)")
}
