/// Real spherical harmonics of all degrees to a highest one, on the host in double precision, in
/// the conventions of e3nn 0.6 (`o3.spherical_harmonics`).
///
/// Components are in the order l² + l + m for degree l and order m = −l, …, l, with the y axis as
/// the polar axis and no Condon-Shortley phase: the components of degree 1 are proportional to
/// (x, y, z). Under a rotation, Y(R x) = D Y(x) with the matrices of `Wigner.d`.
public struct SphericalHarmonics: Hashable, Sendable {
  /// How the components follow from one another.
  public let recursion: SphericalHarmonicsRecursion

  /// Whether vectors are scaled to length 1 first. If not, the harmonics are homogeneous
  /// polynomials of the vector: they grow with the l-th power of its length.
  public let normalizesInput: Bool

  /// - Parameters:
  ///   - degree: The highest degree.
  ///   - normalization: The size of the harmonics.
  ///   - normalizingInput: Whether vectors are scaled to length 1 first. The zero vector stays 0,
  ///     as in e3nn: its harmonics are 0 but for degree 0.
  public init(
    upTo degree: Int, normalization: SphericalHarmonicsNormalization, normalizingInput: Bool
  ) {
    recursion = SphericalHarmonicsRecursion(upTo: degree, normalization: normalization)
    normalizesInput = normalizingInput
  }

  /// The number of components, (l + 1)² for the highest degree l.
  public var dimension: Int { recursion.components.count }

  /// The irreps of the components, for vectors of odd parity.
  public var irreps: Irreps { .sphericalHarmonics(upTo: recursion.maximumDegree) }

  /// The harmonics of a vector: `dimension` values.
  public func values(at vector: SIMD3<Double>) -> [Double] {
    solidHarmonics(at: normalizesInput ? vector.directionAndLength.direction : vector)
  }

  /// The harmonics of a vector and their derivatives with respect to its components.
  ///
  /// Where vectors are scaled to length 1, the derivative is that of the whole function, scaling
  /// included: perpendicular to the vector, and inversely proportional to its length. At the zero
  /// vector, where it does not exist, 0 is returned.
  public func valuesAndGradients(
    at vector: SIMD3<Double>
  ) -> (values: [Double], gradients: [SIMD3<Double>]) {
    guard normalizesInput else {
      let values = solidHarmonics(at: vector)
      return (values, solidGradients(of: values))
    }
    let (unit, length) = vector.directionAndLength
    let values = solidHarmonics(at: unit)
    guard length != 0 else {
      return (values, [SIMD3<Double>](repeating: .zero, count: dimension))
    }
    let gradients = solidGradients(of: values).map { gradient in
      (gradient - unit.dot(gradient) * unit) / length
    }
    return (values, gradients)
  }

  private func solidHarmonics(at vector: SIMD3<Double>) -> [Double] {
    var values = [Double](repeating: recursion.constant, count: dimension)
    let squaredRadius = vector.dot(vector)
    for (index, component) in recursion.components.enumerated().dropFirst() {
      var sum = 0.0
      for term in component.terms {
        let factor =
          switch term.factor {
          case .x: vector.x
          case .y: vector.y
          case .z: vector.z
          case .squaredRadius: squaredRadius
          }
        sum += term.coefficient * factor * values[term.source]
      }
      values[index] = sum
    }
    return values
  }

  private func solidGradients(of values: [Double]) -> [SIMD3<Double>] {
    recursion.components.map { component in
      component.gradient.reduce(into: SIMD3<Double>.zero) { gradient, term in
        gradient[term.axis] += term.coefficient * values[term.source]
      }
    }
  }
}
