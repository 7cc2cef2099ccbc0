import OpenCLRuntime
import TensorGraph

/// Functions of a distance, such as the weights that a radial network makes, kept as values and
/// slopes at equidistant knots with a cubic between them (Hermite).
///
/// An ``EquivariantConvolution`` reads the weights of an edge straight off the table, so that no
/// weights an edge exist in memory. What is differentiated is the table's own cubic, which is
/// continuous with its slope, so forces remain the exact gradient of the energy.
///
/// Derivatives with respect to what the functions were made from, such as the weights of the
/// network, do not pass through a table: it serves a network whose training is over.
public struct RadialTable: Sendable {
  /// The number of functions.
  public let width: Int
  /// The knots are this far apart, in the unit of the distance.
  public var spacing: Double { knots.spacing }
  /// The largest error of a slope between knots that was found, relative to the largest slope.
  public let slopeError: Double

  let knots: KnotGrid
  /// `[knots, 3·width]`: for each knot the values, the rises to the next knot's, the slopes times the
  /// spacing.
  let rows: Tensor

  /// Finest and coarsest spacing, as negative powers of two. Breaks of cutoff functions are at
  /// tenths or halves of an ångström more often than not; those at halves and quarters are knots.
  private static let spacingExponents = 7...10

  /// Tables functions on as many knots as an error asks for.
  ///
  /// - Parameters:
  ///   - width: the number of functions.
  ///   - end: the distance up to which the functions are asked for.
  ///   - tolerance: the largest error of a slope, relative to the largest slope of all functions.
  ///   - elementType: the type of the table; the functions are computed in `float64`.
  ///   - context: where to compute; the device has double precision.
  ///   - functions: from `[n]` distances to `[n, width]` values.
  /// - Returns: nil where even the finest knots leave a larger error.
  /// - Throws: errors of the device.
  public init?(
    _ width: Int, upTo end: Double, tolerance: Double = 4e-6, as elementType: ElementType,
    on context: Context? = nil, of functions: (Tensor) -> Tensor
  ) throws {
    for exponent in Self.spacingExponents {
      let knots = KnotGrid(upTo: end, spacingExponent: exponent)
      let samples = try RadialSamples(of: functions, width: width, at: knots, on: context)
      let error = samples.slopeError()
      guard error <= tolerance else { continue }
      self.width = width
      self.knots = knots
      slopeError = error
      rows = Tensor(
        samples.rows(),
        shape: [Dimension(knots.knotCount), Dimension(KnotGrid.numbersPerKnot * width)],
        as: elementType)
      return
    }
    return nil
  }
}

/// Values and slopes of functions at knots, and between them for comparison.
private struct RadialSamples {
  let width: Int
  let knots: KnotGrid
  /// `[knots, width]`.
  private let values: [Double]
  private let slopes: [Double]
  /// `[intervals, width]`: slopes at `probe` of each interval.
  private let slopesBetween: [Double]

  /// Where in an interval the slope of a cubic Hermite interpolant errs most: (1 - 1/√3)/2.
  private static let probe = 0.211_324_865_405_187
  /// Half the width of the differences that give slopes: rounding and curvature both leave
  /// errors of some 1e-9 of the slope in double precision.
  private static let halfStep = 0x1p-20
  /// Radial functions like sin(r)/r cannot be evaluated at 0; the first knot is found from here.
  private static let smallestDistance = 0x1p-16

  init(
    of functions: (Tensor) -> Tensor, width: Int, at knots: KnotGrid, on context: Context?
  ) throws {
    self.width = width
    self.knots = knots
    let places = (0..<knots.knotCount).map {
      max(Double($0) * knots.spacing, Self.smallestDistance)
    }
    let between = (0..<knots.intervals).map { (Double($0) + Self.probe) * knots.spacing }
    let centres = places + between
    let all = places + centres.map { $0 + Self.halfStep } + centres.map { $0 - Self.halfStep }
    let tensor = functions(Tensor(all, as: .float64))
    precondition(
      tensor.shape == [Dimension(all.count), Dimension(width)],
      "radial functions: \(tensor.shape) where \([all.count, width]) is due")
    let samples = try tensor.doubles(on: context)
    let count = knots.knotCount * width
    let above = samples[count..<(count + centres.count * width)]
    let below = samples[(count + centres.count * width)...]
    let differences = zip(above, below).map { ($0 - $1) / (2 * Self.halfStep) }
    slopes = Array(differences[..<count])
    slopesBetween = Array(differences[count...])
    values = (0..<count).map { place in
      samples[place] - (place < width ? Self.smallestDistance * differences[place] : 0)
    }
  }

  /// The largest difference between the slope of the cubic and of the function, relative to the
  /// largest slope; infinite where the functions are not numbers. Not judged is the first
  /// interval, whose end at 0 is extrapolated and in which no two atoms are.
  func slopeError() -> Double {
    guard values.allSatisfy(\.isFinite) && slopes.allSatisfy(\.isFinite) else { return .infinity }
    let t = Self.probe
    let h = knots.spacing
    var error = 0.0
    for place in slopesBetween.indices.dropFirst(width) {
      let slope =
        6 * t * (t - 1) * (values[place] - values[place + width]) / h
        + (1 - t) * (1 - 3 * t) * slopes[place] + t * (3 * t - 2) * slopes[place + width]
      error = max(error, abs(slope - slopesBetween[place]))
    }
    guard error.isFinite else { return .infinity }
    let scale = slopes.reduce(0) { max($0, abs($1)) }
    return scale == 0 ? 0 : error / scale
  }

  func rows() -> [Double] {
    var rows: [Double] = []
    rows.reserveCapacity(KnotGrid.numbersPerKnot * values.count)
    for knot in 0..<knots.knotCount {
      let range = (knot * width)..<((knot + 1) * width)
      rows += values[range]
      rows += range.lazy.map { place in
        knot < knots.intervals ? values[place + width] - values[place] : 0
      }
      rows += slopes[range].lazy.map { $0 * knots.spacing }
    }
    return rows
  }
}
