import Equivariance
import Irreps

extension SevenNetLayer {
  /// The irreps of one layer, its product of features and harmonics, and its gate.
  package struct Layout {
    package let input: Irreps
    package let output: Irreps
    /// Every path has an output group of its own; groups are sorted by irrep.
    package let product: TensorProduct
    /// The gate that ends the layer; in the last layer only scalars pass.
    package let gate: Gate

    package init(_ configuration: SevenNetConfiguration, _ index: Int) {
      input = configuration.layerIrreps[index]
      output = configuration.layerIrreps[index + 1]
      let kept = Set(output.map(\.irrep))
      product = TensorProduct.channelwise(
        input, configuration.edgeIrreps,
        weightOrder: configuration.sortsRadialColumns ? .ofOutputs : .ofInputs,
        keeping: { kept.contains($0) })
      gate = Self.gate(of: output, configuration)
    }

    private static func gate(of output: Irreps, _ configuration: SevenNetConfiguration) -> Gate {
      let scalars = output.filtered { $0.irrep.degree == 0 }
      let gated = output.filtered { $0.irrep.degree > 0 }
      let gates = Irreps(
        gated.isEmpty ? [] : [MultipliedIrrep(gated.totalMultiplicity, .scalar)])
      return Gate(
        scalars: scalars,
        scalarActivations: scalars.map {
          configuration.scalarActivations[$0.irrep.parity] ?? .silu
        },
        gates: gates,
        gateActivations: gates.map { configuration.gateActivations[$0.irrep.parity] ?? .silu },
        gated: gated)
    }

    /// The degrees that a path couples: of the features, of the harmonic, of the result.
    func degrees(of path: TensorProduct.Instruction) -> [Int] {
      [
        product.first[path.x].irrep.degree, product.second[path.y].irrep.degree,
        product.output[path.out].irrep.degree,
      ]
    }

    /// For each weight of the product −1 if its path's degrees are in `flipped`, else 1.
    func signs(flipping flipped: Set<[Int]>) -> [Double] {
      zip(product.instructions, product.weightSlices).flatMap { path, slice in
        [Double](repeating: flipped.contains(degrees(of: path)) ? -1 : 1, count: slice.count)
      }
    }
  }
}
