import Foundation
import Irreps
import TestSupport
import Testing

@Suite struct SphericalHarmonicsTests {
  /// Of a component of size up to `scale`: some four roundings a degree on the way, in a recursion
  /// that does not amplify them, and about as many in what it is compared with.
  static func tolerance(degree: Int, scale: Double = 1) -> Double {
    16 * Double(degree + 1) * unitRoundoff * scale
  }

  @Test(
    "harmonics are those of e3nn 0.6, to degree 11",
    arguments: SphericalHarmonicsNormalization.allCases, [true, false])
  func recorded(normalization: SphericalHarmonicsNormalization, normalizing: Bool) throws {
    let reference = try ReferenceValues()
    let vectors = try reference["sh.vectors"]
    let name = "sh.\(normalizing ? "unit" : "raw").\(normalization.rawValue)"
    let recorded = try reference[name]
    let harmonics = SphericalHarmonics(
      upTo: 11, normalization: normalization, normalizingInput: normalizing)
    #expect(recorded.shape == [12, harmonics.dimension])
    for sample in 0..<vectors.shape[0] {
      let vector = SIMD3(vectors[sample][0], vectors[sample][1], vectors[sample][2])
      let values = harmonics.values(at: vector)
      for degree in 0...11 {
        let range = (degree * degree)..<((degree + 1) * (degree + 1))
        let size = normalizing ? 1 : pow(vector.norm, Double(degree))
        let scale = size * Double(2 * degree + 1).squareRoot()
        expectClose(
          Array(values[range]), Array(recorded[sample][range]),
          tolerance: Self.tolerance(degree: degree, scale: scale), relativeTo: 1,
          "degree \(degree), \(vector)")
      }
    }
  }

  @Test("harmonics are normalised Legendre functions times cos mφ and sin mφ")
  func legendreDefinition() {
    var generator = SeededGenerator(seed: 1)
    let harmonics = SphericalHarmonics(
      upTo: 10, normalization: .integral, normalizingInput: true)
    for _ in 0..<10 {
      let vector = generator.vector()
      let values = harmonics.values(at: vector)
      let (cosine, azimuth) = (vector.y / vector.norm, atan2(vector.x, vector.z))
      for degree in 0...10 {
        for order in -degree...degree {
          let magnitude = abs(order)
          // N² = (2l+1)/4π · (l−m)!/(l+m)!, twice that for m ≠ 0.
          let factorials = stride(from: degree - magnitude + 1, through: degree + magnitude, by: 1)
            .reduce(1.0) { $0 * Double($1) }
          let square = Double((order == 0 ? 1 : 2) * (2 * degree + 1)) / (4 * .pi * factorials)
          let azimuthal =
            order < 0 ? sin(Double(magnitude) * azimuth) : cos(Double(magnitude) * azimuth)
          let expected = square.squareRoot() * legendre(degree, magnitude, cosine) * azimuthal
          let value = values[SphericalHarmonicsRecursion.index(degree: degree, order: order)]
          // Legendre's derivative sum cancels: its terms reach 2^l times the result's scale.
          let tolerance = Double(degree + 1) * exp2(Double(degree)) * 16 * unitRoundoff
          #expect(abs(value - expected) <= tolerance, "degree \(degree), order \(order)")
        }
      }
    }
  }

  /// P(l, m; t) = (1 − t²)^(m/2) dᵐ/dtᵐ P(l; t), from the explicit polynomial, without (−1)^m.
  private func legendre(_ degree: Int, _ order: Int, _ t: Double) -> Double {
    var sum = 0.0
    for k in 0...(degree / 2) where degree - 2 * k >= order {
      // (−1)^k (2l−2k)! / (2^l k! (l−k)! (l−2k−m)!) t^(l−2k−m)
      var coefficient = exp2(-Double(degree)) * (k.isMultiple(of: 2) ? 1 : -1)
      coefficient *= factorial(2 * degree - 2 * k)
      coefficient /= factorial(k) * factorial(degree - k) * factorial(degree - 2 * k - order)
      sum += coefficient * pow(t, Double(degree - 2 * k - order))
    }
    return pow(1 - t * t, Double(order) / 2) * sum
  }

  private func factorial(_ number: Int) -> Double {
    (0..<number).reduce(1) { $0 * Double($1 + 1) }
  }

  @Test("rotating the vector multiplies its harmonics by the Wigner D matrix")
  func equivariance() {
    var generator = SeededGenerator(seed: 2)
    let harmonics = SphericalHarmonics(
      upTo: 11, normalization: .component, normalizingInput: true)
    for _ in 0..<10 {
      let (vector, rotation) = (generator.vector(), Rotation.random(using: &generator))
      let rotated = harmonics.values(at: rotation.apply(to: vector))
      let expected = harmonics.irreps.rotate(harmonics.values(at: vector), by: rotation)
      // The error of D, 36 (l+1) roundoffs an element, on vectors of norm √(2l+1) ≤ 5.
      expectClose(rotated, expected, tolerance: 5 * 36 * 12 * unitRoundoff, relativeTo: 1)
    }
  }

  @Test("harmonics have the parity of their degree, exactly")
  func parity() {
    var generator = SeededGenerator(seed: 3)
    let harmonics = SphericalHarmonics(
      upTo: 11, normalization: .component, normalizingInput: true)
    let vector = generator.vector()
    let inverted = harmonics.irreps.rotate(
      harmonics.values(at: vector), by: .identity, inverted: true)
    expectClose(
      harmonics.values(at: -vector), inverted, tolerance: 5 * 36 * 12 * unitRoundoff, relativeTo: 1)
    let values = harmonics.values(at: vector)
    for (component, pair) in zip(
      harmonics.recursion.components, zip(values, harmonics.values(at: -vector)))
    {
      #expect(pair.1 == (component.degree.isMultiple(of: 2) ? pair.0 : -pair.0))
    }
  }

  @Test("the explicit polynomials have the same values", arguments: [0, 1, 2, 3, 5, 8, 11])
  func polynomials(degree: Int) {
    var generator = SeededGenerator(seed: 4)
    let harmonics = SphericalHarmonics(
      upTo: degree, normalization: .norm, normalizingInput: false)
    for _ in 0..<5 {
      let vector = generator.vector()
      let values = harmonics.values(at: vector)
      for order in -degree...degree {
        var (sum, absoluteSum) = (0.0, 0.0)
        for monomial in SphericalHarmonics.polynomial(
          degree: degree, order: order, normalization: .norm)
        {
          #expect(monomial.exponents.wrappedSum() == degree)
          let value = (0..<3).reduce(monomial.coefficient) {
            $0 * pow(vector[$1], Double(monomial.exponents[$1]))
          }
          sum += value
          absoluteSum += abs(value)
        }
        let value = values[SphericalHarmonicsRecursion.index(degree: degree, order: order)]
        let tolerance = Self.tolerance(degree: degree, scale: absoluteSum + 1)
        #expect(abs(value - sum) <= tolerance, "order \(order)")
      }
    }
  }

  @Test(
    "gradients are the limits of central differences",
    arguments: SphericalHarmonicsNormalization.allCases, [true, false])
  func gradients(normalization: SphericalHarmonicsNormalization, normalizing: Bool) {
    var generator = SeededGenerator(seed: 5)
    let harmonics = SphericalHarmonics(
      upTo: 8, normalization: normalization, normalizingInput: normalizing)
    for _ in 0..<5 {
      // Kept away from 0, where third derivatives of the normalised harmonics are large.
      let vector = generator.vector() + [1.2, 0, 0]
      let gradients = harmonics.valuesAndGradients(at: vector).gradients
      let step = 1e-5
      for axis in 0..<3 {
        var offset = SIMD3<Double>.zero
        offset[axis] = step
        let (after, before) = (
          harmonics.values(at: vector + offset), harmonics.values(at: vector - offset)
        )
        for (index, component) in harmonics.recursion.components.enumerated() {
          let difference = (after[index] - before[index]) / (2 * step)
          let degree = Double(component.degree)
          // Bernstein: a derivative of order k is at most l^k times the size of the harmonic.
          let size =
            (2 * degree + 1).squareRoot()
            * (normalizing ? pow(vector.norm, -3) + 1 : pow(vector.norm + 1, degree))
          let truncation = step * step / 6 * pow(degree, 3) * size
          let rounding = Self.tolerance(degree: component.degree, scale: size) / step
          #expect(
            abs(gradients[index][axis] - difference) <= truncation + rounding,
            "degree \(component.degree), order \(component.order), axis \(axis)")
        }
      }
    }
  }

  @Test("the gradient of a solid harmonic along the vector is its degree times the harmonic")
  func eulerIdentity() {
    var generator = SeededGenerator(seed: 6)
    let harmonics = SphericalHarmonics(
      upTo: 11, normalization: .component, normalizingInput: false)
    let vector = generator.vector()
    let unit = vector / vector.norm
    let (values, gradients) = harmonics.valuesAndGradients(at: unit)
    for (index, component) in harmonics.recursion.components.enumerated() {
      let radial = (gradients[index] * unit).sum()
      let tolerance = Self.tolerance(degree: component.degree, scale: 5 * Double(component.degree))
      #expect(abs(radial - Double(component.degree) * values[index]) <= tolerance)
    }
  }

  @Test("gradients are 3j symbols times harmonics of the degree below")
  func gradientIsCoupling() {
    let recursion = SphericalHarmonicsRecursion(upTo: 11, normalization: .component)
    for degree in 1...11 {
      // ∂ₖ Y(l)_i = c C_jki Y(l−1)_j with c = (2l+1) √l: integrated over the sphere, Green's
      // identity gives ∫ |∇Y(l)_i|² = l (2l+1) for harmonics of mean square 1.
      let couplings = Wigner.threeJ(degree - 1, 1, degree)
      let l = Double(degree)
      let scale = (2 * l + 1) * l.squareRoot()
      var count = 0
      for component in recursion.components where component.degree == degree {
        for term in component.gradient {
          let expected =
            scale
            * couplings[
              term.source - (degree - 1) * (degree - 1), term.axis, degree + component.order]
          #expect(abs(term.coefficient - expected) <= 16 * unitRoundoff * abs(expected))
          count += 1
        }
      }
      #expect(count == couplings.nonzeros.count)
    }
  }

  @Test("the zero vector has harmonics of degree 0 alone and no gradient")
  func zeroVector() {
    for normalizing in [true, false] {
      let harmonics = SphericalHarmonics(
        upTo: 4, normalization: .component, normalizingInput: normalizing)
      let (values, gradients) = harmonics.valuesAndGradients(at: .zero)
      #expect(values == [1] + [Double](repeating: 0, count: 24))
      if normalizing { #expect(gradients.allSatisfy { $0 == .zero }) }
    }
  }

  @Test("normalising neither overflows nor underflows", arguments: [1e-300, 1e300])
  func extremeLengths(length: Double) {
    let harmonics = SphericalHarmonics(
      upTo: 6, normalization: .component, normalizingInput: true)
    let vector = SIMD3(0.3, -0.5, 0.7)
    expectClose(
      harmonics.values(at: vector * length), harmonics.values(at: vector),
      tolerance: Self.tolerance(degree: 6, scale: 5), relativeTo: 1)
  }

  @Test("a component refers to earlier components of the degrees it says")
  func recursionOrder() {
    let recursion = SphericalHarmonicsRecursion(upTo: 12, normalization: .norm)
    #expect(recursion.components.count == 169)
    for (index, component) in recursion.components.enumerated() {
      #expect(
        index
          == SphericalHarmonicsRecursion.index(degree: component.degree, order: component.order))
      #expect(component.terms.count <= 2)
      #expect(component.terms.isEmpty == (component.degree == 0))
      for term in component.terms {
        let step = term.factor == .squaredRadius ? 2 : 1
        #expect(recursion.components[term.source].degree == component.degree - step)
      }
      for term in component.gradient {
        #expect(recursion.components[term.source].degree == component.degree - 1)
      }
    }
  }

  @Test("in single precision the recursion stays within a few roundoffs to degree 12")
  func singlePrecision() {
    var generator = SeededGenerator(seed: 7)
    let recursion = SphericalHarmonicsRecursion(upTo: 12, normalization: .component)
    let exact = SphericalHarmonics(upTo: 12, normalization: .component, normalizingInput: true)
    for _ in 0..<50 {
      let vector = generator.vector()
      let unit = SIMD3<Float>(vector / vector.norm)
      let expected = exact.values(at: SIMD3<Double>(unit))
      // The rounded unit vector is not of length 1: r² is what the polynomial sees.
      let squaredRadius = (unit * unit).sum()
      var values = [Float](repeating: Float(recursion.constant), count: expected.count)
      for (index, component) in recursion.components.enumerated().dropFirst() {
        values[index] = component.terms.reduce(Float(0)) { sum, term in
          let factor =
            switch term.factor {
            case .x: unit.x
            case .y: unit.y
            case .z: unit.z
            case .squaredRadius: squaredRadius
            }
          return sum + Float(term.coefficient) * factor * values[term.source]
        }
        let roundoff = Double(Float.ulpOfOne) / 2
        let tolerance =
          4 * Double(component.degree + 1) * roundoff
          * Double(2 * component.degree + 1).squareRoot()
        #expect(abs(Double(values[index]) - expected[index]) <= tolerance)
      }
    }
  }
}
