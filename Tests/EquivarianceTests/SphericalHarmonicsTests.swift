import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Spherical harmonics on the device")
struct SphericalHarmonicsTests {
  /// Compares degree by degree, relative to the length r^l of the harmonics of that degree: the
  /// recursion takes a step of at most four roundings a degree, and l of them.
  private func expectHarmonics(
    _ actual: [Double], _ expected: [Double], of vectors: [Double], upTo degree: Int,
    normalization: SphericalHarmonicsNormalization, normalizing: Bool, type: ElementType
  ) {
    let dimension = (degree + 1) * (degree + 1)
    for item in 0..<(vectors.count / 3) {
      let vector = vectors[(3 * item)..<(3 * item + 3)]
      let radius = normalizing ? 1 : vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for l in 0...degree {
        let components = (item * dimension + l * l)..<(item * dimension + (l + 1) * (l + 1))
        let length = normalization == .norm ? 1 : Double(2 * l + 1).squareRoot()
        var scale = length
        for _ in 0..<l { scale *= radius }
        expectClose(
          Array(actual[components]), Array(expected[components]),
          tolerance: Double(4 * l + 8) * type.unitRoundoff, relativeTo: scale,
          "vector \(item), degree \(l)")
      }
    }
  }

  @Test("agree with e3nn to degree 8, poles and raw vectors included", arguments: precisions)
  func reference(type: ElementType) throws {
    let reference = try Reference()
    let vectors = try reference.tensor("sh.vectors", as: type)
    for normalization in SphericalHarmonicsNormalization.allCases {
      for (kind, normalizing) in [("unit", true), ("raw", false)] {
        let harmonics = sphericalHarmonics(
          of: vectors, upTo: 8, normalization: normalization, normalizing: normalizing)
        expectHarmonics(
          try harmonics.doubles(),
          try reference.doubles("sh.\(kind).\(normalization.rawValue)"),
          of: try reference.doubles("sh.vectors"), upTo: 8, normalization: normalization,
          normalizing: normalizing, type: type)
      }
    }
  }

  @Test(
    "and their vector-Jacobian products agree with the host to degree 10", arguments: precisions)
  func host(type: ElementType) throws {
    var generator = SeededGenerator(seed: 3)
    let degree = 10
    let dimension = (degree + 1) * (degree + 1)
    let vectors =
      generator.normals(3 * 40).map { Double(Float($0)) } + [0, 1, 0, 0, -1, 0, 0, 0, 1]
    let count = vectors.count / 3
    let cotangent = generator.normals(count * dimension).map { Double(Float($0)) }
    for normalizing in [true, false] {
      let host = SphericalHarmonics(
        upTo: degree, normalization: .component, normalizingInput: normalizing)
      let x = Tensor(vectors, shape: Shape([count, 3]), as: type)
      let y = sphericalHarmonics(of: x, upTo: degree, normalizing: normalizing)
      let derivative = vectorJacobianProduct(
        of: y, with: Tensor(cotangent, shape: Shape([count, dimension]), as: type),
        withRespectTo: [x])[0]
      let (values, derivatives) = (try y.doubles(), try derivative.doubles())
      for item in 0..<count {
        let vector = SIMD3(vectors[3 * item], vectors[3 * item + 1], vectors[3 * item + 2])
        let row = (item * dimension)..<((item + 1) * dimension)
        let (expected, gradients) = host.valuesAndGradients(at: vector)
        expectHarmonics(
          Array(values[row]), expected, of: [vector.x, vector.y, vector.z], upTo: degree,
          normalization: .component, normalizing: normalizing, type: type)
        var sum = SIMD3<Double>.zero
        var magnitude = 0.0
        for (gradient, weight) in zip(gradients, cotangent[row]) {
          sum += weight * gradient
          magnitude += abs(weight) * (gradient * gradient).sum().squareRoot()
        }
        // Harmonics enter with l steps of four roundings, and the terms are then summed; the
        // projection onto the sphere subtracts a part that is l times as large at most.
        expectClose(
          [0, 1, 2].map { derivatives[3 * item + $0] }, [sum.x, sum.y, sum.z],
          tolerance: Double(8 * degree) * type.unitRoundoff,
          relativeTo: max(magnitude, magnitude * (normalizing ? 3 : 1)), "vector \(item)")
      }
    }
  }

  @Test("have derivatives of first, second and third order that match finite differences")
  func differences() throws {
    var generator = SeededGenerator(seed: 8)
    let vectors = (generator.normals(15), [5, 3])
    let (u, v) = (generator.normals(5 * 25), generator.normals(15))
    for normalizing in [true, false] {
      func value(_ x: Tensor) -> Tensor {
        let y = sphericalHarmonics(of: x, upTo: 4, normalizing: normalizing)
        return (y * Tensor(u, shape: [5, 25])).sum()
      }
      func slope(_ x: Tensor) -> Tensor {
        (gradient(of: value(x), withRespectTo: [x])[0] * Tensor(v, shape: [5, 3])).sum()
      }
      func curvature(_ x: Tensor) -> Tensor {
        let g = gradient(of: slope(x), withRespectTo: [x])[0]
        return (g * g).sum()
      }
      for function in [value, slope, curvature] {
        try expectGradientMatchesDifferences(at: [vectors]) { function($0[0]) }
      }
    }
  }

  @Test("of the zero vector are those of degree 0 and zeros, with a derivative of zeros")
  func zeroVector() throws {
    for type in precisions {
      let x = Tensor([0, 0, 0, 0, 2, 0], shape: [2, 3], as: type)
      let y = sphericalHarmonics(of: x, upTo: 2)
      #expect(try Array(y.doubles()[0..<9]) == [1, 0, 0, 0, 0, 0, 0, 0, 0])
      let first = gradient(of: (y * y).sum() + y.sum(), withRespectTo: [x])[0]
      #expect(try Array(first.doubles()[0..<3]) == [0, 0, 0])
      let second = gradient(of: (first * first).sum(), withRespectTo: [x])[0]
      #expect(try Array(second.doubles()[0..<3]) == [0, 0, 0])
    }
  }

  @Test("of a vector below the smallest normal number are those of the zero vector")
  func subnormalVector() throws {
    let x = Tensor([Float(1e-40), 0, -3e-42, 0, 2, 0], shape: [2, 3])
    let y = sphericalHarmonics(of: x, upTo: 2)
    #expect(try Array(y.floats()[0..<9]) == [1, 0, 0, 0, 0, 0, 0, 0, 0])
    let slope = gradient(of: (y * y).sum() + y.sum(), withRespectTo: [x])[0]
    #expect(try slope.floats().allSatisfy(\.isFinite))
  }

  @Test("of very long and very short vectors are those of their directions")
  func extremeLengths() throws {
    let expected = try sphericalHarmonics(of: Tensor([1.0, 2, -2], shape: [1, 3]), upTo: 3)
      .doubles()
    for scale in [1e-30, 1e30] {
      let x = Tensor([scale, 2 * scale, -2 * scale], shape: [1, 3], as: .float32)
      let y = sphericalHarmonics(of: x, upTo: 3)
      // Rounding of the decimal scale, a few roundings of the direction, four a degree.
      expectClose(
        try y.doubles(), expected, tolerance: 24 * ElementType.float32.unitRoundoff)
      let slope = gradient(of: (y * y * y).sum(), withRespectTo: [x])[0]
      #expect(try slope.doubles().allSatisfy(\.isFinite))
    }
  }

  @Test("turn with the vectors by Wigner's D matrices")
  func equivariance() throws {
    var generator = SeededGenerator(seed: 21)
    let vectors = generator.normals(3 * 20)
    let vectorIrreps: Irreps = "1o"
    let irreps = Irreps.sphericalHarmonics(upTo: 6)
    let before = try sphericalHarmonics(of: Tensor(vectors, shape: [20, 3]), upTo: 6).doubles()
    for inverted in [false, true] {
      let rotation = Rotation.random(using: &generator)
      let turned = vectorIrreps.rotate(vectors, by: rotation, inverted: inverted)
      let after = try sphericalHarmonics(of: Tensor(turned, shape: [20, 3]), upTo: 6).doubles()
      // A row of D has 13 elements at most and the recursion six steps.
      expectClose(
        after, irreps.rotate(before, by: rotation, inverted: inverted),
        tolerance: 64 * Double.ulpOfOne)
    }
  }

  @Test("take a number of vectors that changes from call to call, none included")
  func symbolicSize() throws {
    let items = Dimension.symbol("items")
    let function = try CompiledFunction(of: [TensorDescription([items, 3], .float64)]) { x in
      let y = sphericalHarmonics(of: x[0], upTo: 3)
      return [y, gradient(of: (y * y * y).sum(), withRespectTo: [x[0]])[0]]
    }
    for count in [5, 0, 70] {
      let vectors = Tensor(
        (0..<(3 * count)).map { Double($0 % 7) - 2.5 }, shape: Shape([count, 3]))
      let results = try function([vectors])
      let y = sphericalHarmonics(of: vectors, upTo: 3)
      #expect(try results[0].doubles() == y.doubles())
      #expect(results[1].shape == vectors.shape)
    }
  }
}
