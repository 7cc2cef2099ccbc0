import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Grids on the sphere")
struct S2GridTests {
  @Test("agree with e3nn there, and back after a nonlinearity", arguments: precisions)
  func reference(type: ElementType) throws {
    let reference = try Reference()
    for degree in [2, 4] {
      let grid = S2Grid(upTo: degree, polarCount: 2 * degree + 4, azimuthalCount: 2 * degree + 3)
      let values = grid.toGrid(try reference.tensor("s2grid.\(degree).coeffs", as: type))
      let count = (degree + 1) * (degree + 1)
      expectClose(
        try values.doubles(), try reference.doubles("s2grid.\(degree).grid"),
        tolerance: sumTolerance(terms: count, type))
      expectClose(
        try grid.fromGrid(silu(values)).doubles(),
        try reference.doubles("s2grid.\(degree).silu_back"),
        tolerance: sumTolerance(terms: grid.points.count, type))
    }
  }

  @Test("there and back is the identity in every normalisation")
  func inverse() throws {
    var generator = SeededGenerator(seed: 77)
    for normalization in SphericalHarmonicsNormalization.allCases {
      let grid = S2Grid(
        upTo: 5, polarCount: 12, azimuthalCount: 11, normalization: normalization)
      let coefficients = generator.normals(2 * 36)
      let back = grid.fromGrid(grid.toGrid(Tensor(coefficients, shape: [2, 36])))
      expectClose(
        try back.doubles(), coefficients, tolerance: sumTolerance(terms: 132, .float64))
    }
  }

  @Test("the value at a point is the harmonics' sum there")
  func values() throws {
    let grid = S2Grid(upTo: 3, polarCount: 8, azimuthalCount: 7, normalization: .integral)
    var generator = SeededGenerator(seed: 78)
    let coefficients = generator.normals(16)
    let values = try grid.toGrid(Tensor(coefficients, shape: [1, 16])).doubles()
    let harmonics = SphericalHarmonics(
      upTo: 3, normalization: .integral, normalizingInput: false)
    let expected = grid.points.map { point in
      zip(harmonics.values(at: point), coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    }
    expectClose(values, expected, tolerance: sumTolerance(terms: 16, .float64))
  }
}
