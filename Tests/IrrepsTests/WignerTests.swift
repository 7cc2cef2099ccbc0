import Foundation
import Irreps
import TestSupport
import Testing

@Suite struct WignerTests {
  /// A coefficient is a square root and some six products and quotients, each rounded; e3nn's has
  /// as many and is normalised by a sum of squares.
  static let threeJTolerance = 16 * unitRoundoff

  @Test("3j symbols are those of e3nn 0.6, to degree 11")
  func recordedThreeJ() throws {
    let reference = try ReferenceValues()
    let names = reference.names.filter { $0.hasPrefix("w3j.") }
    #expect(names.count == 74)
    for name in names {
      let degrees = name.split(separator: ".").dropFirst().compactMap { Int($0) }
      let tensor = Wigner.threeJ(degrees[0], degrees[1], degrees[2])
      let recorded = try reference[name]
      #expect(tensor.shape == recorded.shape)
      expectClose(
        tensor.elements, recorded.values, tolerance: Self.threeJTolerance, relativeTo: 1, "\(name)")
    }
  }

  @Test("each 3j symbol, the smallest included, is exact to a few roundings")
  func exactThreeJ() throws {
    let reference = try ReferenceValues()
    for degrees in [[9, 8, 7], [11, 11, 11], [10, 4, 8]] {
      let name = degrees.map(String.init).joined(separator: ".")
      let exact = try reference["exact.\(name)"]
      let tensor = Wigner.threeJ(degrees[0], degrees[1], degrees[2])
      #expect(!tensor.nonzeros.isEmpty)
      for entry in tensor.nonzeros {
        let orders = zip([entry.first, entry.second, entry.third], degrees).map { $0 - $1 }
        let (first, second, third) = (abs(orders[0]), abs(orders[1]), abs(orders[2]))
        let partner = third == first + second ? second : -second
        // Real components of orders that are all different from 0 lie on two pairs of complex ones.
        let share = orders.contains(0) ? 1 : 0.5.squareRoot()
        let expected = share * exact[degrees[0] + first][degrees[1] + partner]
        // Seven roundings under the root, which halves their effect, and three outside it.
        expectClose(
          abs(entry.value), expected, tolerance: 8 * unitRoundoff, "\(degrees) at \(orders)")
      }
    }
  }

  @Test("Wigner D matrices are those of e3nn 0.6, to degree 11")
  func recordedMatrices() throws {
    let reference = try ReferenceValues()
    let angles = try reference["rotation.angles"]
    for sample in 0..<angles.shape[0] {
      let (alpha, beta, gamma) = (angles[sample][0], angles[sample][1], angles[sample][2])
      let rotation = Rotation(EulerAngles(alpha: alpha, beta: beta, gamma: gamma))
      let matrices = Wigner.matrices(upTo: 11, rotation: rotation)
      for (degree, matrix) in matrices.enumerated() {
        let recorded = try reference["wignerD.\(degree)"][sample]
        // Elements are at most 1; a matrix is a chain of l products of 36 or fewer summands, and
        // the recorded one a matrix exponential of norm up to 2πl.
        let tolerance = Double(36 * (degree + 1)) * unitRoundoff
        expectClose(
          matrix.elements, recorded, tolerance: tolerance, relativeTo: 1, "degree \(degree)")
      }
    }
  }

  @Test("3j symbols are of Frobenius norm 1 and orthogonal for different third degrees")
  func orthogonality() {
    // Σ_ij C_ijk C'_ijk' = δ / (2l₃+1): a sum of at most 23 · 2 nonzero products of size below 1.
    let tolerance = 64 * unitRoundoff
    for (first, second) in [(1, 1), (2, 3), (4, 4), (6, 3), (8, 7), (11, 11)] {
      let degrees = Array(abs(first - second)...(first + second))
      let tensors = degrees.map { Wigner.threeJ(first, second, $0) }
      for left in tensors {
        for right in tensors {
          let (rows, columns) = (left.shape[2], right.shape[2])
          var products = [Double](repeating: 0, count: rows * columns)
          for entry in left.nonzeros {
            for column in 0..<columns {
              products[entry.third * columns + column] +=
                entry.value * right[entry.first, entry.second, column]
            }
          }
          var expected = [Double](repeating: 0, count: rows * columns)
          if left.degrees == right.degrees {
            for row in 0..<rows { expected[row * columns + row] = 1 / Double(rows) }
          }
          expectClose(
            products, expected, tolerance: tolerance, relativeTo: 1,
            "\(left.degrees) and \(right.degrees)")
        }
      }
    }
  }

  @Test(
    "3j symbols are invariant under rotation",
    arguments: couplingTriples(upTo: 4) + [
      [5, 6, 7], [8, 8, 8], [8, 3, 5], [10, 9, 2], [11, 11, 10], [11, 6, 11],
    ])
  func invariance(degrees: [Int]) {
    var generator = SeededGenerator(seed: 1)
    let rotation = Rotation.random(using: &generator)
    let matrices = degrees.map { Wigner.d(degree: $0, rotation: rotation) }
    let tensor = Wigner.threeJ(degrees[0], degrees[1], degrees[2])
    var rotated = [Double](repeating: 0, count: tensor.elements.count)
    let shape = tensor.shape
    for entry in tensor.nonzeros {
      for i in 0..<shape[0] {
        for j in 0..<shape[1] {
          let weight = matrices[0][i, entry.first] * matrices[1][j, entry.second] * entry.value
          for k in 0..<shape[2] {
            rotated[(i * shape[1] + j) * shape[2] + k] += weight * matrices[2][k, entry.third]
          }
        }
      }
    }
    // The error of three matrices (36 l roundoffs each) acts on a tensor of norm 1.
    let tolerance = Double(36 * (degrees.reduce(0, +) + 1)) * unitRoundoff
    expectClose(rotated, tensor.elements, tolerance: tolerance, relativeTo: 1)
  }

  @Test("exchanging two degrees of a 3j symbol multiplies it by ±1, the parity of the degree sum")
  func permutationSymmetry() {
    for degrees in couplingTriples(upTo: 5) {
      let tensor = Wigner.threeJ(degrees[0], degrees[1], degrees[2])
      let exchanged = Wigner.threeJ(degrees[1], degrees[0], degrees[2])
      let sign: Double = degrees.reduce(0, +).isMultiple(of: 2) ? 1 : -1
      for entry in tensor.nonzeros {
        let partner = exchanged[entry.second, entry.first, entry.third]
        #expect(abs(partner - sign * entry.value) <= WignerTests.threeJTolerance, "\(degrees)")
      }
      #expect(tensor.nonzeros.count == exchanged.nonzeros.count)
    }
  }

  @Test("3j symbols of large degrees keep their norm and their selection rules")
  func largeDegrees() {
    for degrees in [[20, 20, 20], [42, 42, 42], [63, 63, 0], [31, 32, 63]] {
      let tensor = Wigner.threeJ(degrees[0], degrees[1], degrees[2])
      let square = tensor.elements.reduce(0) { $0 + $1 * $1 }
      // Up to 10⁴ squares that sum to 1, each correct to 16 roundoffs, summed with as many
      // roundings.
      #expect(abs(square - 1) <= 1e4 * unitRoundoff, "\(degrees)")
      for entry in tensor.nonzeros {
        let orders = zip([entry.first, entry.second, entry.third], degrees).map { abs($0 - $1) }
        #expect(
          orders[2] == orders[0] + orders[1] || orders[2] == abs(orders[0] - orders[1]))
      }
    }
  }

  @Test(
    "coupling two equal vectors gives no pseudovector, two vectors their cross and dot products")
  func vectorProducts() {
    var generator = SeededGenerator(seed: 2)
    let (a, b) = (generator.vector(), generator.vector())
    let dot = contract(Wigner.threeJ(1, 1, 0), a.components, b.components)
    #expect(abs(dot[0] - (a * b).sum() / 3.0.squareRoot()) <= 8 * unitRoundoff)
    let cross = contract(Wigner.threeJ(1, 1, 1), a.components, b.components)
    let expected = [
      a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x,
    ]
    expectClose(
      cross, expected.map { $0 / 6.0.squareRoot() }, tolerance: 8 * unitRoundoff, relativeTo: 1)
    let square = contract(Wigner.threeJ(1, 1, 1), a.components, a.components)
    expectClose(square, [0, 0, 0], tolerance: 8 * unitRoundoff, relativeTo: 1)
  }

  @Test("the matrix of a product of rotations is the product of their matrices")
  func homomorphism() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5 {
      let first = Rotation.random(using: &generator)
      let second = Rotation.random(using: &generator)
      for degree in 0...11 {
        let product =
          Wigner.d(degree: degree, rotation: second) * Wigner.d(degree: degree, rotation: first)
        let composed = Wigner.d(degree: degree, rotation: second * first)
        let tolerance = Double(3 * 36 * (degree + 1)) * unitRoundoff
        expectClose(product.elements, composed.elements, tolerance: tolerance, relativeTo: 1)
      }
    }
  }

  @Test("the matrix of the inverse rotation is the transpose, that of the identity the identity")
  func orthogonalMatrices() {
    var generator = SeededGenerator(seed: 4)
    let rotation = Rotation.random(using: &generator)
    for degree in 0...11 {
      let matrix = Wigner.d(degree: degree, rotation: rotation)
      let inverse = Wigner.d(degree: degree, rotation: rotation.inverse)
      let tolerance = Double(36 * (degree + 1)) * unitRoundoff
      expectClose(matrix.transposed.elements, inverse.elements, tolerance: tolerance, relativeTo: 1)
      let identity = SquareMatrix(identityOfDimension: 2 * degree + 1)
      expectClose(
        (matrix * inverse).elements, identity.elements, tolerance: 2 * tolerance, relativeTo: 1)
      let unmoved = Wigner.d(degree: degree, rotation: .identity)
      expectClose(unmoved.elements, identity.elements, tolerance: tolerance, relativeTo: 1)
    }
  }

  @Test("a rotation about y mixes the orders m and −m alone, by the angle m·α")
  func rotationAboutPolarAxis() {
    let angle = 0.7
    let rotation = Rotation(axis: [0, 1, 0], angle: angle)
    for degree in 0...8 {
      let matrix = Wigner.d(degree: degree, rotation: rotation)
      var expected = SquareMatrix(identityOfDimension: 2 * degree + 1)
      for order in stride(from: 1, through: degree, by: 1) {
        let (cosine, sine) = (cos(Double(order) * angle), sin(Double(order) * angle))
        expected[degree + order, degree + order] = cosine
        expected[degree - order, degree - order] = cosine
        expected[degree + order, degree - order] = -sine
        expected[degree - order, degree + order] = sine
      }
      let tolerance = Double(36 * (degree + 1)) * unitRoundoff
      expectClose(matrix.elements, expected.elements, tolerance: tolerance, relativeTo: 1)
    }
  }

  private func contract(
    _ tensor: CouplingTensor, _ first: [Double], _ second: [Double]
  ) -> [Double] {
    var result = [Double](repeating: 0, count: tensor.shape[2])
    for entry in tensor.nonzeros {
      result[entry.third] += entry.value * first[entry.first] * second[entry.second]
    }
    return result
  }
}
