import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Linear maps")
struct LinearTests {
  @Test("agree with e3nn, biases included", arguments: precisions)
  func reference(type: ElementType) throws {
    let reference = try Reference()
    let cases = try ReferenceCases()
    let linear = Linear(
      try cases.irreps("linear", "irreps_in"), to: try cases.irreps("linear", "irreps_out"),
      hasBiases: true)
    #expect(linear.weightCount == 96 && linear.biasCount == 6)
    let result = linear(
      try reference.features("linear.x", linear.input, as: type),
      weights: try reference.tensor("linear.weight", as: type),
      biases: try reference.tensor("linear.bias", as: type))
    expectClose(
      try result.doubles(inReferenceLayoutOf: linear.output),
      try reference.doubles("linear.out"), tolerance: sumTolerance(terms: 11, type))
  }

  @Test("follow their definition for any blocks, with weights of all items or of each")
  func definition() throws {
    let input: Irreps = "3x1o+2x0e+4x1o"
    let output: Irreps = "2x1o+5x2e+3x0e+2x1o"
    var generator = SeededGenerator(seed: 9)
    let x = generator.normals(2 * input.dimension)
    for normalization in [Linear.PathNormalization.element, .path] {
      let linear = Linear(
        input, to: output, instructions: [.init(2, 0), .init(0, 0), .init(1, 2)],
        normalization: normalization)
      #expect(linear.weightSlices == [0..<8, 8..<14, 14..<20])
      for isShared in [true, false] {
        let weights = generator.normals((isShared ? 1 : 2) * linear.weightCount)
        let result = try linear(
          Tensor(x, shape: Shape([2, input.dimension])),
          weights: isShared ? Tensor(weights) : Tensor(weights, shape: [2, 20])
        ).doubles()
        var expected = [Double](repeating: 0, count: 2 * output.dimension)
        for item in 0..<2 {
          for (block, instruction) in linear.instructions.enumerated() {
            let (from, to) = (input[instruction.input], output[instruction.output])
            let fan =
              to.irrep.isScalar ? 2 : normalization == .element ? 7 : 2 * from.multiplicity
            for m in 0..<from.irrep.dimension {
              for u in 0..<from.multiplicity {
                for w in 0..<to.multiplicity {
                  expected[
                    item * output.dimension + output.slices[instruction.output].lowerBound
                      + m * to.multiplicity + w] +=
                    x[
                      item * input.dimension + input.slices[instruction.input].lowerBound
                        + m * from.multiplicity + u]
                    * weights[
                      (isShared ? 0 : item * linear.weightCount)
                        + linear.weightSlices[block].lowerBound + u * to.multiplicity + w]
                    / Double(fan).squareRoot()
                }
              }
            }
          }
        }
        expectClose(
          result, expected, tolerance: sumTolerance(terms: 7, .float64),
          "\(normalization), \(isShared ? "shared" : "per item")")
      }
    }
  }

  @Test("have derivatives of first and second order that match finite differences")
  func differences() throws {
    let linear = Linear("3x0e+2x1o+2x1o", to: "2x1o+4x0e", hasBiases: true)
    var generator = SeededGenerator(seed: 17)
    let point = [
      (generator.normals(5 * 15), [5, 15]), (generator.normals(linear.weightCount), [20]),
      (generator.normals(4), [4]),
    ]
    func value(_ a: [Tensor]) -> Tensor {
      let y = linear(a[0], weights: a[1], biases: a[2])
      return (y * y * y).sum()
    }
    try expectGradientMatchesDifferences(at: point, of: value)
    try expectGradientMatchesDifferences(at: point) { a in
      gradient(of: value(a), withRespectTo: a).map { ($0 * $0).sum() }.reduce(value(a) * 0, +)
    }
  }

  @Test("map each item by the weights of its kind")
  func selection() throws {
    let linear = Linear("3x0e+2x1o", to: "2x1o+4x0e")
    let kinds = [2, 0, 2, 1, 2]
    var generator = SeededGenerator(seed: 51)
    let x = generator.normals(5 * 9)
    let rows = generator.normals(3 * linear.weightCount)
    let result = try linear(
      Tensor(x, shape: [5, 9]), weights: Tensor(rows, shape: Shape([3, linear.weightCount])),
      selectedBy: SegmentIndex(of: kinds, count: 3)
    ).doubles()
    for (item, kind) in kinds.enumerated() {
      let row = rows[(kind * linear.weightCount)..<((kind + 1) * linear.weightCount)]
      let expected = try linear(
        Tensor(Array(x[(item * 9)..<(item * 9 + 9)]), shape: [1, 9]), weights: Tensor(Array(row))
      ).doubles()
      expectClose(
        Array(result[(item * 10)..<(item * 10 + 10)]), expected,
        tolerance: sumTolerance(terms: 3, .float64), "item \(item)")
    }
  }

  @Test("with a one-hot input are the fully connected product, its derivatives too")
  func oneHot() throws {
    for normalization in [
      TensorProduct.Normalization(), .init(irreps: .norm, paths: .path), .init(irreps: .none),
    ] {
      let product = TensorProduct.fullyConnected(
        "3x0e+2x1o+2x0e+0x2e", "4x0e", to: "2x1o+3x0e", normalization: normalization)
      let kinds = [3, 1, 1, 0, 3, 3]
      var generator = SeededGenerator(seed: 52)
      let x = Tensor(generator.normals(6 * 11), shape: [6, 11])
      let weights = Tensor(generator.normals(product.weightCount))
      let oneHot = Tensor(
        kinds.flatMap { kind in (0..<4).map { $0 == kind ? 1.0 : 0 } }, shape: [6, 4])
      let written = product(x, oneHot, weights: weights)
      let selected = product(x, oneHot: SegmentIndex(of: kinds, count: 4), weights: weights)
      let cotangent = Tensor(generator.normals(6 * 9), shape: [6, 9])
      func all(_ y: Tensor) -> [Tensor] {
        [y] + vectorJacobianProduct(of: y, with: cotangent, withRespectTo: [x, weights])
      }
      for (a, b) in zip(all(selected), all(written)) {
        expectClose(
          try a.doubles(), try b.doubles(),
          tolerance: sumTolerance(terms: 6 * product.form.longestSum(into: 3), .float64))
      }
    }
  }
}
