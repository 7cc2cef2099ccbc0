import Irreps
import TensorGraph

/// A linear map of features that commutes with rotations: channels of the same irrep are mixed by
/// a matrix. e3nn 0.6's `o3.Linear`, with its order of weights and its normalisation.
///
/// Features have channels contiguous (`FeatureLayout.channelsContiguous`).
public struct Linear: Hashable, Sendable {
  /// A block of weights, from a group of the input to a group of the output.
  public struct Instruction: Hashable, Sendable {
    public var input: Int
    public var output: Int

    public init(_ input: Int, _ output: Int) {
      self.input = input
      self.output = output
    }
  }

  /// What each output channel is divided by the square root of.
  public enum PathNormalization: Hashable, Sendable {
    /// The number of input channels that feed it, over all groups.
    case element
    /// The number of channels of a group, times the number of groups that feed it.
    case path
  }

  public let input: Irreps
  public let output: Irreps
  public let instructions: [Instruction]
  /// Places of the output groups that have a bias; scalars all of them.
  public let biasedGroups: [Int]
  let form: MultilinearForm

  /// - Parameters:
  ///   - instructions: the blocks; by default one from each group of the input to each group of the
  ///     output of the same irrep, in this order.
  ///   - hasBiases: whether the scalars of the output have biases.
  /// - Precondition: an instruction's groups exist and are of one irrep.
  public init(
    _ input: Irreps, to output: Irreps, instructions: [Instruction]? = nil,
    hasBiases: Bool = false, normalization: PathNormalization = .element
  ) {
    let instructions =
      instructions
      ?? input.indices.flatMap { place in
        output.indices.filter { output[$0].irrep == input[place].irrep }
          .map { Instruction(place, $0) }
      }
    for instruction in instructions {
      precondition(
        input.indices ~= instruction.input && output.indices ~= instruction.output
          && input[instruction.input].irrep == output[instruction.output].irrep,
        "linear map: instruction (\(instruction.input), \(instruction.output)) "
          + "of \(input) to \(output)")
    }
    self.input = input
    self.output = output
    self.instructions = instructions
    biasedGroups = hasBiases ? output.indices.filter { output[$0].irrep.isScalar } : []
    let groups = [input, output].map { irreps in
      irreps.map { (components: $0.irrep.dimension, channels: $0.multiplicity) }
    }
    form = .linear(
      from: groups[0], to: groups[1],
      blocks: instructions.map { instruction in
        let fan = instructions.filter { $0.output == instruction.output }
          .reduce(0) {
            $0 + input[normalization == .element ? $1.input : instruction.input].multiplicity
          }
        return (
          instruction.input, instruction.output, 1 / Double(Swift.max(fan, 1)).squareRoot()
        )
      })
  }

  /// The number of weights: a block `[channels in, channels out]`, row-major, an instruction, in
  /// the order of the instructions.
  public var weightCount: Int { form.slots[1].width }

  /// The number of biases: one a channel of each of `biasedGroups`, in their order.
  public var biasCount: Int { biasedGroups.reduce(0) { $0 + output[$1].multiplicity } }

  /// The range of weights of each instruction.
  public var weightSlices: [Range<Int>] {
    var start = 0
    return instructions.map { instruction in
      let count = input[instruction.input].multiplicity * output[instruction.output].multiplicity
      defer { start += count }
      return start..<(start + count)
    }
  }

  /// The mapped features.
  ///
  /// - Parameters:
  ///   - features: `[items, input.dimension]`.
  ///   - weights: `[weightCount]`, shared by all items, or `[items, weightCount]`.
  ///   - biases: `[biasCount]`; left out where there are none.
  /// - Returns: `[items, output.dimension]`; groups that nothing feeds are zeros and biases.
  /// - Precondition: shapes are these, and all are of one floating-point type.
  public func callAsFunction(
    _ features: Tensor, weights: Tensor, biases: Tensor? = nil
  ) -> Tensor {
    let items = features.shape[0]
    let count = Dimension(weightCount)
    expectShape(of: features, [items, Dimension(input.dimension)], "linear map's features")
    expectShape(
      of: weights, weights.rank == 1 ? [count] : [items, count], "linear map's weights")
    let contraction = Contraction(
      form: form, output: 2,
      accesses: [.perItem, weights.rank == 1 ? .shared : .perItem, .perItem], items: items)
    let product = Tensor(contraction, [features, weights])
    guard let biases else {
      precondition(biasCount == 0, "linear map: \(biasCount) biases are due and none are given")
      return product
    }
    expectShape(of: biases, [Dimension(biasCount)], "linear map's biases")
    return product + spread(biases)
  }

  /// The biases at their places in a feature, zeros elsewhere.
  private func spread(_ biases: Tensor) -> Tensor {
    var start = 0
    return biasedGroups.reduce(biases.scattered(0..<0, to: 0, of: output.dimension)) { sum, place in
      let count = output[place].multiplicity
      defer { start += count }
      return sum
        + biases.scattered(
          start..<(start + count), to: output.slices[place].lowerBound, of: output.dimension)
    }
  }
}

extension Tensor {
  /// A range of elements within zeros.
  fileprivate func scattered(_ range: Range<Int>, to start: Int, of extent: Int) -> Tensor {
    slice(range, along: 0).padded(along: 0, before: Dimension(start), to: Dimension(extent))
  }
}
