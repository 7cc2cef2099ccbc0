import Foundation
import Irreps
import TensorGraph

/// A grid of points on the sphere, and the maps between values on it and coefficients of
/// harmonics: e3nn 0.6's `ToS2Grid` and `FromS2Grid`.
///
/// Point (i, j) has the polar angle β = π(i + ½)/`polarCount` from the y axis and the azimuth
/// α = 2πj/`azimuthalCount`: (sin β sin α, cos β, sin β cos α).
public struct S2Grid: Hashable, Sendable {
  /// The highest degree of the harmonics.
  public let degree: Int
  public let polarCount: Int
  public let azimuthalCount: Int
  public let normalization: SphericalHarmonicsNormalization
  /// `[coefficients, points]`, row-major.
  private let toGridMatrix: [Double]
  /// `[points, coefficients]`, row-major.
  private let fromGridMatrix: [Double]

  /// - Parameters:
  ///   - degree: the highest degree, at least 0.
  ///   - polarCount: an even number, at least 2(degree + 1).
  ///   - azimuthalCount: at least 2 degree + 1.
  ///   - normalization: how large coefficients are: with `component` (`norm`), components (feature
  ///     vectors of a degree) of mean square 1 make values of mean square 1. With `integral` the
  ///     value is the plain sum of coefficients times orthonormal harmonics.
  public init(
    upTo degree: Int, polarCount: Int, azimuthalCount: Int,
    normalization: SphericalHarmonicsNormalization = .component
  ) {
    precondition(
      degree >= 0 && polarCount.isMultiple(of: 2) && polarCount >= 2 * (degree + 1)
        && azimuthalCount >= 2 * degree + 1,
      "grid of \(polarCount) × \(azimuthalCount) points for harmonics to degree \(degree)")
    self.degree = degree
    self.polarCount = polarCount
    self.azimuthalCount = azimuthalCount
    self.normalization = normalization
    let harmonics = SphericalHarmonics(
      upTo: degree, normalization: .integral, normalizingInput: false)
    let scales = (0...degree).flatMap { l in
      [Double](
        repeating: Self.scale(normalization, degree: l, highest: degree), count: 2 * l + 1)
    }
    let count = scales.count
    let points = Self.points(polarCount, azimuthalCount)
    let weights = Self.quadratureWeights(polarCount).map { $0 / Double(azimuthalCount) }
    var toGrid = [Double](repeating: 0, count: count * points.count)
    var fromGrid = toGrid
    for (place, point) in points.enumerated() {
      for (index, value) in harmonics.values(at: point).enumerated() {
        toGrid[index * points.count + place] = value * scales[index]
        fromGrid[place * count + index] =
          4 * .pi * weights[place / azimuthalCount] * value / scales[index]
      }
    }
    toGridMatrix = toGrid
    fromGridMatrix = fromGrid
  }

  /// The points `[polarCount][azimuthalCount]`, row-major.
  public var points: [SIMD3<Double>] { Self.points(polarCount, azimuthalCount) }

  /// Values of functions on the grid.
  ///
  /// - Parameter coefficients: `[items, (degree + 1)²]`.
  /// - Returns: `[items, polarCount, azimuthalCount]`.
  public func toGrid(_ coefficients: Tensor) -> Tensor {
    let items = coefficients.shape[0]
    let count = (degree + 1) * (degree + 1)
    expectShape(of: coefficients, [items, Dimension(count)], "coefficients of a grid")
    let matrix = Tensor(
      toGridMatrix, shape: Shape([count, polarCount * azimuthalCount]),
      as: coefficients.elementType)
    return coefficients.multiplied(by: matrix)
      .reshaped(to: [items, Dimension(polarCount), Dimension(azimuthalCount)])
  }

  /// Coefficients of functions whose values are given; those above `degree` are left out.
  ///
  /// For functions that `toGrid` makes it is the inverse.
  ///
  /// - Parameter values: `[items, polarCount, azimuthalCount]`.
  /// - Returns: `[items, (degree + 1)²]`.
  public func fromGrid(_ values: Tensor) -> Tensor {
    let items = values.shape[0]
    expectShape(
      of: values, [items, Dimension(polarCount), Dimension(azimuthalCount)], "values on a grid")
    let pointCount = polarCount * azimuthalCount
    let matrix = Tensor(
      fromGridMatrix, shape: Shape([pointCount, (degree + 1) * (degree + 1)]),
      as: values.elementType)
    return values.reshaped(to: [items, Dimension(pointCount)]).multiplied(by: matrix)
  }

  /// The size of a coefficient's harmonic, relative to orthonormal ones.
  private static func scale(
    _ normalization: SphericalHarmonicsNormalization, degree: Int, highest: Int
  ) -> Double {
    switch normalization {
    case .component: (4 * .pi / Double((2 * degree + 1) * (highest + 1))).squareRoot()
    case .norm: (4 * .pi / Double(highest + 1)).squareRoot()
    case .integral: 1
    }
  }

  private static func points(_ polarCount: Int, _ azimuthalCount: Int) -> [SIMD3<Double>] {
    (0..<polarCount).flatMap { i in
      let beta = .pi * (Double(i) + 0.5) / Double(polarCount)
      return (0..<azimuthalCount).map { j in
        let alpha = 2 * .pi * Double(j) / Double(azimuthalCount)
        return SIMD3(sin(beta) * sin(alpha), cos(beta), sin(beta) * cos(alpha))
      }
    }
  }

  /// The weight of each polar angle, as a share of the whole sphere: exact for polynomials in
  /// cos β of degree below the number of angles (Driscoll and Healy, Adv. Appl. Math. 15, 1994).
  private static func quadratureWeights(_ count: Int) -> [Double] {
    (0..<count).map { i in
      let beta = .pi * (Double(i) + 0.5) / Double(count)
      let sum = (0..<(count / 2)).reduce(0.0) { sum, k in
        let odd = Double(2 * k + 1)
        return sum + sin(odd * beta) / odd
      }
      return 2 / Double(count) * sin(beta) * sum
    }
  }
}
