import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Tensor products")
struct TensorProductTests {
  @Test(
    "agree with e3nn in every mode and normalisation, with their first derivatives",
    arguments: precisions)
  func reference(type: ElementType) throws {
    let reference = try Reference()
    let cases = try ReferenceCases()
    #expect(cases.tensorProductNames.count == 8)
    for name in cases.tensorProductNames {
      let product = try cases.tensorProduct(name)
      let x = try reference.features("\(name).x", product.first, as: type)
      let y = try reference.features("\(name).y", product.second, as: type)
      let weights = try reference.tensor("\(name).weight", as: type)
      #expect(weights.shape[weights.rank - 1] == Dimension(product.weightCount))
      let result = product(x, y, weights: weights)
      let cotangent = try reference.features("\(name).grad_out", product.output, as: type)
      let gradients = vectorJacobianProduct(
        of: result, with: cotangent, withRespectTo: [x, y, weights])
      func tolerance(_ slot: Int, items: Int = 1) -> Double {
        sumTolerance(terms: items * product.form.longestSum(into: slot), type)
      }
      expectClose(
        try result.doubles(inReferenceLayoutOf: product.output),
        try reference.doubles("\(name).out"), tolerance: tolerance(3), "\(name).out")
      expectClose(
        try gradients[0].doubles(inReferenceLayoutOf: product.first),
        try reference.doubles("\(name).grad_x"), tolerance: tolerance(0), "\(name).grad_x")
      expectClose(
        try gradients[1].doubles(inReferenceLayoutOf: product.second),
        try reference.doubles("\(name).grad_y"), tolerance: tolerance(1), "\(name).grad_y")
      expectClose(
        try gradients[2].doubles(), try reference.doubles("\(name).grad_weight"),
        tolerance: tolerance(2, items: weights.rank == 1 ? 6 : 1), "\(name).grad_weight")
    }
  }

  @Test("a fully connected product has e3nn's paths in e3nn's order")
  func fullyConnected() throws {
    let described = try ReferenceCases().tensorProduct("tp.uvw")
    let made = TensorProduct.fullyConnected(
      described.first, described.second, to: described.output)
    #expect(made == described)
    #expect(made.weightSlices.last?.upperBound == made.weightCount)
  }

  @Test("a channelwise product has all paths, outputs sorted, weights in either order")
  func channelwise() {
    let input: Irreps = "4x0e+2x1e"
    let filter: Irreps = "0e+1e"
    let byInputs = TensorProduct.channelwise(input, filter) { $0.degree <= 1 }
    #expect(byInputs.output == "4x0e+2x0e+4x1e+2x1e+2x1e")
    #expect(byInputs.instructions.map(\.out) == [0, 2, 3, 1, 4])
    #expect(byInputs.weightSlices == [0..<4, 4..<8, 8..<10, 10..<12, 12..<14])
    let byOutputs = TensorProduct.channelwise(input, filter, weightOrder: .ofOutputs) {
      $0.degree <= 1
    }
    #expect(byOutputs.output == byInputs.output)
    #expect(byOutputs.instructions.map(\.out) == [0, 1, 2, 3, 4])
    #expect(
      byOutputs.instructions.map { [$0.x, $0.y] } == [[0, 0], [1, 1], [0, 1], [1, 0], [1, 1]])
  }

  @Test("with shared weights are those with the same weights for every item")
  func sharedWeights() throws {
    let product = TensorProduct.fullyConnected("3x0e+2x1o", "2x0e+1x1o", to: "4x0e+3x1o+2x2e")
    #expect(product.form.splitBeforeWeights() != nil)
    var generator = SeededGenerator(seed: 61)
    let x = Tensor(generator.normals(5 * 9), shape: [5, 9])
    let y = Tensor(generator.normals(5 * 5), shape: [5, 5])
    let shared = Tensor(generator.normals(product.weightCount))
    let each = shared.broadcast(to: Shape([5, product.weightCount]))
    let cotangent = Tensor(
      generator.normals(5 * product.output.dimension), shape: Shape([5, product.output.dimension]))
    func all(_ weights: Tensor) -> [Tensor] {
      let result = product(x, y, weights: weights)
      return [result]
        + vectorJacobianProduct(of: result, with: cotangent, withRespectTo: [x, y, shared])
    }
    for (a, b) in zip(all(shared), all(each)) {
      expectClose(
        try a.doubles(), try b.doubles(),
        tolerance: sumTolerance(terms: 5 * product.form.longestSum(into: 0), .float64))
    }
  }

  @Test("without weights is the plain product")
  func withoutWeights() throws {
    let product = TensorProduct(
      "1o", "1o", to: "1e", instructions: [.init(0, 0, 0, .uuu, hasWeight: false)],
      normalization: .init(irreps: .norm))
    let x = Tensor([1.0, 2, 3], shape: [1, 3])
    let y = Tensor([-2.0, 0.5, 4], shape: [1, 3])
    // The cross product, of 3j symbols of norm 1 (1/√6 each) times √(3 · 3).
    let scale = (9.0 / 6).squareRoot()
    expectClose(
      try product(x, y).doubles(), [6.5 * scale, -10 * scale, 4.5 * scale],
      tolerance: sumTolerance(terms: 2, .float64))
  }

  @Test("commute with rotations and inversions")
  func equivariance() throws {
    var generator = SeededGenerator(seed: 4)
    let product = TensorProduct.fullyConnected(
      "3x0e+2x1o+2x2e", "2x0e+1o+1x3o", to: "2x0e+3x1o+2x2e")
    let count = 4
    let x = generator.normals(count * product.first.dimension)
    let y = generator.normals(count * product.second.dimension)
    let weights = Tensor(generator.normals(product.weightCount))
    func apply(_ x: [Double], _ y: [Double]) throws -> [Double] {
      try product(
        Tensor(x, shape: Shape([count, product.first.dimension])),
        Tensor(y, shape: Shape([count, product.second.dimension])), weights: weights
      ).doubles()
    }
    let result = try apply(x, y)
    for inverted in [false, true] {
      let rotation = Rotation.random(using: &generator)
      func rotate(_ values: [Double], _ irreps: Irreps) -> [Double] {
        irreps.rotate(values, by: rotation, inverted: inverted, layout: .channelsContiguous)
      }
      expectClose(
        try apply(rotate(x, product.first), rotate(y, product.second)),
        rotate(result, product.output),
        tolerance: 2 * sumTolerance(terms: product.form.longestSum(into: 3), .float64))
    }
  }
}
