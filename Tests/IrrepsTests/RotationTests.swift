import Foundation
import Irreps
import TestSupport
import Testing

@Suite struct RotationTests {
  /// Elements of matrices and quaternions are at most 1, each of some twenty roundings.
  static let tolerance = 32 * unitRoundoff

  @Test("Euler angles give e3nn's matrices and quaternions")
  func recordedRotations() throws {
    let reference = try ReferenceValues()
    let (angles, matrices) = (
      try reference["rotation.angles"], try reference["rotation.matrix"]
    )
    let quaternions = try reference["rotation.quaternion"]
    for sample in 0..<angles.shape[0] {
      let rotation = Rotation(
        EulerAngles(alpha: angles[sample][0], beta: angles[sample][1], gamma: angles[sample][2]))
      expectClose(
        rotation.matrix.elements, matrices[sample], tolerance: Self.tolerance, relativeTo: 1)
      let recorded = Rotation(
        Quaternion(
          real: quaternions[sample][0],
          imaginary: [quaternions[sample][1], quaternions[sample][2], quaternions[sample][3]]))
      expectClose(
        components(rotation), components(recorded), tolerance: Self.tolerance, relativeTo: 1)
      let recovered = rotation.eulerAngles
      for (found, given) in [
        (recovered.alpha, angles[sample][0]), (recovered.beta, angles[sample][1]),
        (recovered.gamma, angles[sample][2]),
      ] {
        // Angles up to 2π; near β = 0 and π they are less certain, but the recorded ones are not
        // near.
        #expect(abs(remainder(found - given, 2 * .pi)) <= 16 * Self.tolerance)
      }
    }
  }

  private func components(_ rotation: Rotation) -> [Double] {
    [rotation.quaternion.real] + rotation.quaternion.imaginary.components
  }

  @Test("a rotation survives the way through each of its descriptions")
  func roundTrips() throws {
    var generator = SeededGenerator(seed: 1)
    var rotations = (0..<200).map { _ in Rotation.random(using: &generator) }
    rotations += [SIMD3<Double>(1, 0, 0), [0, 1, 0], [0, 0, 1]].flatMap { axis in
      [1e-9, .pi / 2, .pi - 1e-9, .pi].map { Rotation(axis: axis, angle: $0) }
    }
    for rotation in rotations + [.identity] {
      let (axis, angle) = rotation.axisAndAngle
      for copy in [
        try Rotation(matrix: rotation.matrix), Rotation(rotation.eulerAngles),
        Rotation(axis: axis, angle: angle),
      ] {
        // The sign of a quaternion with real part 0 is decided by rounding: compare what it does.
        expectClose(
          copy.matrix.elements, rotation.matrix.elements, tolerance: 4 * Self.tolerance,
          relativeTo: 1, "\(rotation)")
      }
    }
  }

  @Test("at the poles α is 0 and the angles still give the rotation")
  func gimbalLock() {
    for beta in [0, Double.pi] {
      let rotation = Rotation(EulerAngles(alpha: 0.4, beta: beta, gamma: 0.9))
      let angles = rotation.eulerAngles
      if beta == 0 { #expect(angles.alpha == 0) }
      expectClose(
        Rotation(angles).matrix.elements, rotation.matrix.elements, tolerance: Self.tolerance,
        relativeTo: 1)
    }
    // Exactly at the second pole: half a turn about x.
    let angles = Rotation(Quaternion(real: 0, imaginary: [1, 0, 0])).eulerAngles
    #expect(angles == EulerAngles(alpha: 0, beta: .pi, gamma: 0))
  }

  @Test("products compose, inverses undo, lengths stay")
  func group() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<20 {
      let first = Rotation.random(using: &generator)
      let second = Rotation.random(using: &generator)
      let vector = generator.vector()
      let stepwise = second.apply(to: first.apply(to: vector))
      expectClose(
        (second * first).apply(to: vector).components, stepwise.components,
        tolerance: Self.tolerance, relativeTo: 1)
      expectClose(
        first.inverse.apply(to: first.apply(to: vector)).components, vector.components,
        tolerance: Self.tolerance, relativeTo: 1)
      #expect(abs(stepwise.norm - vector.norm) <= Self.tolerance)
      let product = second.matrix * first.matrix
      expectClose(
        product.elements, (second * first).matrix.elements, tolerance: Self.tolerance, relativeTo: 1
      )
      expectClose(
        first.matrix * vector.components, first.apply(to: vector).components,
        tolerance: Self.tolerance, relativeTo: 1)
    }
  }

  @Test("a quarter turn about z takes x to y")
  func handedness() {
    let rotation = Rotation(axis: [0, 0, 2], angle: .pi / 2)
    let moved = rotation.apply(to: [1, 0, 0])
    expectClose(moved.components, [0, 1, 0], tolerance: Self.tolerance, relativeTo: 1)
  }

  @Test("the rotation between two directions takes one to the other, opposite ones included")
  func aligning() {
    var generator = SeededGenerator(seed: 3)
    var pairs = (0..<50).map { _ in (generator.vector(), generator.vector()) }
    let vector = generator.vector()
    pairs += [
      (vector, vector), (vector, -vector), (vector, -vector + [1e-9, 0, 0]),
      (vector, vector + [0, 1e-9, 0]), ([0, 1, 0], [0, -1, 0]), ([0, 1e-200, 0], [0, 0, 1e200]),
    ]
    for (start, end) in pairs {
      let (first, second) = (unit(start), unit(end))
      let moved = Rotation(from: start, to: end).apply(to: first)
      expectClose(moved.components, second.components, tolerance: Self.tolerance, relativeTo: 1)
    }
  }

  private func unit(_ vector: SIMD3<Double>) -> SIMD3<Double> {
    let scaled = vector / max(abs(vector.x), abs(vector.y), abs(vector.z))
    return scaled / scaled.norm
  }

  @Test("random rotations are uniform: their matrices average to 0, their squares to 1/(2l+1)")
  func haarMeasure() {
    var generator = SeededGenerator(seed: 4)
    let count = 4000
    for degree in [1, 2] {
      let size = 2 * degree + 1
      var sums = [Double](repeating: 0, count: size * size)
      var squares = sums
      for _ in 0..<count {
        let matrix = Wigner.d(degree: degree, rotation: .random(using: &generator))
        for (index, element) in matrix.elements.enumerated() {
          sums[index] += element / Double(count)
          squares[index] += element * element / Double(count)
        }
      }
      // Elements have a variance of 1/(2l+1) at most, their squares of less: five standard errors.
      let bound = 5 / Double(count).squareRoot()
      #expect(sums.allSatisfy { abs($0) <= bound })
      #expect(squares.allSatisfy { abs($0 - 1 / Double(size)) <= bound })
    }
  }

  @Test("a matrix that is no rotation is refused with its determinant")
  func refusal() throws {
    let reflection = SquareMatrix(dimension: 3, elements: [1, 0, 0, 0, 1, 0, 0, 0, -1])
    let error = try #require(throws: RotationError.self) { try Rotation(matrix: reflection) }
    #expect(error.determinant == -1)
    #expect(error.description.contains("determinant is -1.0, expected 1"))
    let nan = SquareMatrix(dimension: 3, elements: [1, 0, 0, 0, .nan, 0, 0, 0, 1])
    #expect(throws: RotationError.self) { try Rotation(matrix: nan) }
    let sheared = SquareMatrix(dimension: 3, elements: [1, 1e-3, 0, 0, 1, 0, 0, 0, 1])
    #expect(throws: RotationError.self) { try Rotation(matrix: sheared) }
  }

  @Test("the two quaternions of a rotation are the same rotation")
  func canonicalSign() {
    let quaternion = Quaternion(real: -0.5, imaginary: [0.5, -0.5, 0.5])
    let opposite = Quaternion(real: 0.5, imaginary: [-0.5, 0.5, -0.5])
    #expect(Rotation(quaternion) == Rotation(opposite))
    #expect(Rotation(Quaternion(real: 0, imaginary: [0, -2, 0])).quaternion.imaginary.y == 1)
  }
}
