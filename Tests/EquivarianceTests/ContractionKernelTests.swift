import Equivariance
import Foundation
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Text of the contraction's kernels")
struct ContractionKernelTests {
  static let profiles = [
    ("cpu", DeviceProfile(isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: true)),
    ("gpu", DeviceProfile(isCPU: false, floatVectorWidth: 1, localSize: 128, supportsDouble: true)),
  ]

  /// The kernels of a convolution with the result in one slot: features x, filters y, weights, or
  /// the receivers' sums out.
  static func text(
    _ features: Irreps, upTo degree: Int, output: Int, _ type: ElementType,
    _ profile: DeviceProfile, tabulated: Bool = false, differentiated: Bool = false
  ) -> String {
    let harmonics = Irreps.sphericalHarmonics(upTo: degree)
    let product = TensorProduct.channelwise(
      features, harmonics, keeping: { $0.degree <= degree })
    let nodes = Dimension.symbol("nodes")
    let edges = Dimension.symbol("edges")
    var contraction = Contraction(
      form: product.form, output: output,
      accesses: [
        .indexed(relation: 0), .perItem, tabulated ? .tabulated : .perItem, .indexed(relation: 1),
      ], items: edges,
      relations: [
        .init(targets: nodes, isSorted: false), .init(targets: nodes, isSorted: true),
      ], knots: tabulated ? KnotGrid(upTo: 5, spacingExponent: 7) : nil)
    if differentiated, let joint = contraction.jointGradient { contraction = joint.contraction }
    let sequence = ContractionGenerator(
      contraction: contraction, elementType: type, profile: profile
    ).sequence()
    return sequence.calls.map(\.source).joined(separator: "\n")
  }

  @Test(
    "a small convolution's kernels, forward and backward, are what was reviewed",
    arguments: profiles)
  func golden(_ name: String, _ profile: DeviceProfile) throws {
    for (slot, output) in ["x", "y", "weight", "out"].enumerated() {
      try expectGolden(
        Self.text("32x0e+16x1o", upTo: 1, output: slot, .float32, profile),
        named: "convolution-\(output).\(name).cl")
    }
    for (output, differentiated) in [("out", false), ("y-and-distance", true)] {
      try expectGolden(
        Self.text(
          "32x0e+16x1o", upTo: 1, output: 3, .float32, profile, tabulated: true,
          differentiated: differentiated),
        named: "convolution-\(output).table.\(name).cl")
    }
  }
}
