import Foundation
import TensorGraph

/// Functions of a number that stand side by side along an interval, like a soft one-hot encoding:
/// e3nn 0.6's `soft_one_hot_linspace`.
///
/// But for `bessel` they are scaled so that the sum of their squares is about 1 within the interval.
public struct SoftOneHotBasis: Hashable, Sendable {
  public enum Family: String, Hashable, Sendable, CaseIterable {
    /// e^(−d²)/1.12 with d the distance from a centre in units of the spacing. Not 0 outside the
    /// interval even with a cutoff.
    case gaussian
    /// cos(πd/2) within one spacing of a centre.
    case cosine
    /// 1.14136 e^(2 − 2/(1−d²)) within one spacing: all derivatives are continuous.
    case smoothFinite
    /// cos(πiu), i = 0, 1, …, or sin(πiu), i = 1, 2, …, with a cutoff, of the place u in the
    /// interval, 0…1; divided by √(¼ + count/2).
    case fourier
    /// √(2/c) sin(nπx/c)/x, n = 1, 2, …, of the distance x from the start, c the interval's length.
    case bessel
  }

  public let family: Family
  public let interval: ClosedRange<Double>
  /// The number of functions.
  public let count: Int
  /// Whether the functions are 0 outside the interval (except the Gaussians).
  public let hasCutoff: Bool

  /// - Precondition: the interval is not empty, and there are functions; two at least for families
  ///   with centres and no cutoff, whose centres are the interval's ends and points between.
  public init(
    _ family: Family, over interval: ClosedRange<Double>, count: Int, hasCutoff: Bool
  ) {
    let hasCentres = [.gaussian, .cosine, .smoothFinite].contains(family)
    precondition(
      interval.upperBound > interval.lowerBound && count >= (hasCentres && !hasCutoff ? 2 : 1),
      "radial basis: \(count) functions over \(interval)")
    self.family = family
    self.interval = interval
    self.count = count
    self.hasCutoff = hasCutoff
  }

  private var length: Double { interval.upperBound - interval.lowerBound }

  /// The values at numbers `[items]`: `[items, count]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    expectShape(of: x, [x.shape[0]], "radial basis")
    switch family {
    case .gaussian:
      let d = scaledDistances(x)
      return exp(-(d * d)) / 1.12
    case .cosine:
      let d = scaledDistances(x)
      return select((-1 .< d) .& (d .< 1), cos(d * (.pi / 2)), d.filled(with: 0))
    case .smoothFinite: return smoothFinite(scaledDistances(x))
    case .fourier: return fourier(x)
    case .bessel: return bessel(x)
    }
  }

  /// Distances from the centres in units of their spacing.
  private func scaledDistances(_ x: Tensor) -> Tensor {
    let spacing = length / Double(hasCutoff ? count + 1 : count - 1)
    let first = interval.lowerBound + (hasCutoff ? spacing : 0)
    let centres = (0..<count).map { first + Double($0) * spacing }
    return (x.expanded(at: 1) - Tensor(centres, as: x.elementType)) / spacing
  }

  private func smoothFinite(_ d: Tensor) -> Tensor {
    // Within 1/350 of the ends the function is below 10⁻³⁰⁰, and its derivatives would be
    // products of 0 and ∞.
    let gap = 1 - d * d
    let isInside = 1.0 / 350 .< gap
    let safe = select(isInside, gap, gap.filled(with: 1))
    return select(isInside, 1.14136 * exp(2 - 2 / safe), gap.filled(with: 0))
  }

  private func fourier(_ x: Tensor) -> Tensor {
    let u = (x.expanded(at: 1) - interval.lowerBound) / length
    let scale = 1 / (0.25 + Double(count) / 2).squareRoot()
    let first = hasCutoff ? 1 : 0
    let angles = u * Tensor((0..<count).map { .pi * Double($0 + first) }, as: x.elementType)
    guard hasCutoff else { return cos(angles) * scale }
    return select((0 .< u) .& (u .< 1), sin(angles) * scale, angles.filled(with: 0))
  }

  private func bessel(_ x: Tensor) -> Tensor {
    let distances = x - interval.lowerBound
    let frequencies = Tensor(
      (1...count).map { .pi * Double($0) / length }, as: x.elementType)
    let values = besselBasis(
      of: distances, frequencies: frequencies, prefactor: (2 / length).squareRoot())
    guard hasCutoff else { return values }
    let r = distances.expanded(at: 1)
    return select((0 .< r) .& (r .< length), values, values.filled(with: 0))
  }
}

extension Tensor {
  fileprivate static func .< (a: Double, b: Tensor) -> Tensor { b .> a }
}
