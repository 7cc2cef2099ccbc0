import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Batch normalisation")
struct BatchNormalizationTests {
  private let layer = BatchNormalization("8x0e+4x1o+2x2e")

  @Test(
    "agrees with e3nn in training and evaluation, running averages included",
    arguments: precisions)
  func reference(type: ElementType) throws {
    let reference = try Reference()
    let x = try reference.features("batchnorm.x", layer.irreps, as: type)
    let (trained, statistics) = layer.train(
      x, statistics: layer.initialStatistics(as: type))
    // Means over 32 items of up to 5 components, twice, then a few operations.
    let tolerance = sumTolerance(terms: 32 * 5, type)
    expectClose(
      try trained.doubles(inReferenceLayoutOf: layer.irreps),
      try reference.doubles("batchnorm.out_train"), tolerance: tolerance)
    expectClose(
      try statistics.mean.doubles(), try reference.doubles("batchnorm.running_mean"),
      tolerance: tolerance)
    expectClose(
      try statistics.variance.doubles(), try reference.doubles("batchnorm.running_var"),
      tolerance: tolerance)
    expectClose(
      try layer(x, statistics: statistics).doubles(inReferenceLayoutOf: layer.irreps),
      try reference.doubles("batchnorm.out_eval"), tolerance: tolerance)
  }

  @Test("scales channels by weights and shifts scalars by biases")
  func affine() throws {
    let layer = BatchNormalization("0e+1o")
    let x = Tensor([3.0, 1, 2, 3], shape: [1, 4])
    let statistics = BatchNormalization.Statistics(
      mean: Tensor([1.0]), variance: Tensor([4 - 1e-5, 0.25 - 1e-5]))
    let y = layer(x, statistics: statistics, weights: Tensor([3.0, 5]), biases: Tensor([0.5]))
    expectClose(
      try y.doubles(), [3.5, 10, 20, 30], tolerance: 8 * Double.ulpOfOne)
  }

  @Test("has derivatives that match finite differences, through the batch's own statistics")
  func differences() throws {
    let layer = BatchNormalization("2x0e+2x1o", convention: .norm)
    var generator = SeededGenerator(seed: 41)
    let factor = Tensor(generator.normals(5 * 8), shape: [5, 8])
    try expectGradientMatchesDifferences(
      at: [
        (generator.normals(40), [5, 8]), (generator.normals(4), [4]), (generator.normals(2), [2]),
      ]
    ) { a in
      let y = layer.train(
        a[0], statistics: layer.initialStatistics(as: .float64), weights: a[1], biases: a[2])
      return (y.features * factor).sum()
    }
  }
}
