import Irreps

extension TensorProduct {
  /// The product with a weight for every pair of input channels and every output channel, over all
  /// paths: e3nn's `o3.FullyConnectedTensorProduct`.
  ///
  /// Paths, and so weights, are in the order of the groups of the first input, then of the second,
  /// then of the output.
  public static func fullyConnected(
    _ first: Irreps, _ second: Irreps, to output: Irreps,
    normalization: Normalization = Normalization()
  ) -> TensorProduct {
    let instructions = first.indices.flatMap { x in
      second.indices.flatMap { y in
        let reached = first[x].irrep.product(with: second[y].irrep)
        return output.indices.filter { reached.contains(output[$0].irrep) }
          .map { Instruction(x, y, $0, .uvw) }
      }
    }
    return TensorProduct(
      first, second, to: output, instructions: instructions, normalization: normalization)
  }

  /// Which of several paths comes first in the weights.
  public enum WeightOrder: Hashable, Sendable {
    /// By the groups of the first input, then of the second, then by the degree of the result.
    case ofInputs
    /// As the groups of the output.
    case ofOutputs
  }

  /// The product in which each channel of the first input meets the second input by itself
  /// (mode `uvu`), over all paths: what the convolutions of NequIP, SevenNet and MACE use.
  ///
  /// Every path has an output group of its own. Output groups are sorted by irrep, those of one
  /// irrep by the order of the inputs.
  ///
  /// - Parameters:
  ///   - first: the features, such as `128x0e+64x1o`.
  ///   - second: the filter, such as `Irreps.sphericalHarmonics(upTo: 2)`.
  ///   - weightOrder: the order of paths in the weights.
  ///   - isKept: which irreps the output is to have; all if nothing is given.
  public static func channelwise(
    _ first: Irreps, _ second: Irreps, weightOrder: WeightOrder = .ofInputs,
    normalization: Normalization = Normalization(), keeping isKept: (Irrep) -> Bool = { _ in true }
  ) -> TensorProduct {
    var groups: [MultipliedIrrep] = []
    var pairs: [(x: Int, y: Int)] = []
    for (x, left) in first.enumerated() {
      for (y, right) in second.enumerated() {
        for irrep in left.irrep.product(with: right.irrep) where isKept(irrep) {
          groups.append(MultipliedIrrep(left.multiplicity, irrep))
          pairs.append((x, y))
        }
      }
    }
    let sorted = Irreps(groups).sorted()
    var instructions = zip(pairs, sorted.destinations).map { pair, destination in
      Instruction(pair.x, pair.y, destination, .uvu)
    }
    if weightOrder == .ofOutputs { instructions.sort { $0.out < $1.out } }
    return TensorProduct(
      first, second, to: sorted.irreps, instructions: instructions, normalization: normalization)
  }
}
