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
}
