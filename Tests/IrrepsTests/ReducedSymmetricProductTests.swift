import Irreps
import TestSupport
import Testing

@Suite struct ReducedSymmetricProductTests {
  static let cases: [(irreps: Irreps, power: Int)] = [
    ("0e+1o", 1), ("0e+1o+2e", 2), ("2x0e+2x1o", 2), ("0e+1o+2e", 3), ("1o+0e", 4), ("2e", 4),
    ("0o+1e+1o", 3), ("3o", 3),
  ]

  @Test("a symmetric power has the dimension of the symmetric tensors", arguments: cases)
  func dimension(irreps: Irreps, power: Int) {
    let product = ReducedSymmetricProduct(of: irreps, power: power)
    // (d + n − 1 over n), exactly.
    let expected = (0..<power).reduce(1) { $0 * (irreps.dimension + $1) / ($1 + 1) }
    #expect(product.irrepsOut.dimension == expected)
    #expect(
      product.irrepsOut == ReducedSymmetricProduct.multiplicities(of: irreps, power: power))
  }

  /// Tensors of norm 1 with some hundred elements, from two orthogonalisations with some tens of
  /// vectors a power, and residuals of at least 1/10.
  static let tolerance = 1e4 * unitRoundoff

  @Test("the change of basis is orthonormal and symmetric", arguments: cases)
  func orthonormality(irreps: Irreps, power: Int) {
    let product = ReducedSymmetricProduct(of: irreps, power: power)
    let rows = product.irrepsOut.dimension
    let basis = product.changeOfBasis
    let size = basis.count / rows
    for row in 0..<rows {
      for other in 0...row {
        let overlap = (0..<size).reduce(0) {
          $0 + basis[row * size + $1] * basis[other * size + $1]
        }
        #expect(abs(overlap - (row == other ? 1 : 0)) <= Self.tolerance)
      }
    }
    // Rotating the indices of the tensor cyclically and exchanging the first two generate all
    // orders.
    let dimension = irreps.dimension
    for index in 0..<size where power > 1 {
      let cyclic = index % (size / dimension) * dimension + index / (size / dimension)
      let pair = size / dimension / dimension
      let (first, second) = (index / pair / dimension, index / pair % dimension)
      let exchanged = (second * dimension + first) * pair + index % pair
      for row in 0..<rows {
        #expect(basis[row * size + index] == basis[row * size + cyclic])
        #expect(basis[row * size + index] == basis[row * size + exchanged])
      }
    }
  }

  @Test("rotating the feature rotates its polynomials, inversions included", arguments: cases)
  func equivariance(irreps: Irreps, power: Int) {
    var generator = SeededGenerator(seed: 1)
    let product = ReducedSymmetricProduct(of: irreps, power: power)
    for inverted in [false, true] {
      let feature = generator.values(irreps.dimension)
      let rotation = Rotation.random(using: &generator)
      let after = product.values(
        at: irreps.rotate(feature, by: rotation, inverted: inverted))
      let before = product.irrepsOut.rotate(
        product.values(at: feature), by: rotation, inverted: inverted)
      // Features of norm up to 4, to the power 4.
      expectClose(after, before, tolerance: 256 * Self.tolerance, relativeTo: 1)
    }
  }

  @Test(
    "each irrep spans the same space as in e3nn",
    arguments: [
      ("2", "0e+1o+2e", 2), ("2.multiplicity", "2x0e+2x1o", 2), ("3", "0e+1o+2e", 3),
      ("4", "1o+0e", 4),
    ])
  func recordedInvariants(name: String, irreps: String, power: Int) throws {
    let reference = try ReferenceValues()
    let product = ReducedSymmetricProduct(of: try Irreps(irreps), power: power)
    let (x, y) = (try reference["symmetric.\(name).x"], try reference["symmetric.\(name).y"])
    let (atX, atY) = (product.values(at: x.values), product.values(at: y.values))
    let recorded = try reference["symmetric.\(name).kernel"]
    let present = try reference.integers("symmetric.\(name).irreps")
    #expect(product.irrepsOut.count == present.count / 3)
    for (index, (group, slice)) in zip(product.irrepsOut, product.irrepsOut.slices).enumerated() {
      let found = [group.irrep.degree, group.irrep.parity.rawValue, group.multiplicity]
      #expect(found == Array(present[(3 * index)..<(3 * index + 3)]))
      let (kernel, size) = slice.reduce(into: (0.0, 1.0)) { sums, place in
        sums.0 += atX[place] * atY[place]
        sums.1 += abs(atX[place] * atY[place])
      }
      #expect(abs(kernel - recorded.values[index]) <= Self.tolerance * size)
    }
  }

  @Test("only the irreps that are asked for are given, and they are the same")
  func filtering() {
    let all = ReducedSymmetricProduct(of: "0e+1o+2e", power: 3)
    let some = ReducedSymmetricProduct(of: "0e+1o+2e", power: 3, keeping: ["0e", "1o"])
    #expect(some.irrepsOut == "5x0e+5x1o")
    #expect(some.elements == all.elements.filter { ["0e", "1o"].contains($0.irrep) })
  }

  @Test("the square of a vector is its length and its harmonics of degree 2")
  func squareOfVector() {
    let product = ReducedSymmetricProduct(of: "1o", power: 2)
    #expect(product.irrepsOut == "0e+2e" as Irreps)
    let vector = SIMD3(0.3, -0.8, 0.4)
    let values = product.values(at: vector.components)
    #expect(abs(values[0] - (vector * vector).sum() / 3.0.squareRoot()) <= Self.tolerance)
    let harmonics = SphericalHarmonics(upTo: 2, normalization: .norm, normalizingInput: false)
    let expected = harmonics.values(at: vector)[4...].map { $0 * (2.0 / 3).squareRoot() }
    expectClose(Array(values[1...]), expected, tolerance: Self.tolerance, relativeTo: 1)
  }

  @Test("the coordinates of a combination of elements are its weights, antisymmetric parts ignored")
  func coordinates() {
    let product = ReducedSymmetricProduct(of: "0e+1o+2e", power: 2)
    let size = 81
    let basis = product.changeOfBasis
    let weights = [0.5, -2]
    // The two elements into 1o stand first in the list of odd ones: 3x0e+2x1o+….
    let start = product.irrepsOut.slices[1].lowerBound
    #expect(product.irrepsOut[1] == MultipliedIrrep(2, "1o"))
    var tensor = [Double](repeating: 0, count: 3 * size)
    for component in 0..<3 {
      for index in 0..<size {
        tensor[component * size + index] =
          weights[0] * basis[(start + component) * size + index]
          + weights[1] * basis[(start + 3 + component) * size + index]
      }
      tensor[component * size + 1] += 0.7
      tensor[component * size + 9] -= 0.7
    }
    let coordinates = product.coordinates(of: tensor, irrep: "1o")
    expectClose(coordinates, weights, tolerance: Self.tolerance, relativeTo: 1)
  }
}
