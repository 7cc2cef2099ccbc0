import TensorGraph

/// A function of distance that falls from 1 to 0 at a radius, smoothly, and is 0, with all its
/// derivatives, beyond it.
public enum CutoffFunction: Hashable, Sendable {
  /// The switching function of X-PLOR: 1 up to `onset`, then
  /// (c² − r²)² (c² + 2r² − 3o²) / (c² − o²)³. Its first derivative is continuous.
  case xplor(onset: Double, radius: Double)

  /// 1 − (p+1)(p+2)/2 uᵖ + p(p+2) uᵖ⁺¹ − p(p+1)/2 uᵖ⁺² with u = r / radius (Gasteiger et al.,
  /// ICLR 2020, equation 8). Its first two derivatives are continuous for p ≥ 3.
  case polynomial(power: Int, radius: Double)

  /// The distance from which on the function is 0.
  public var radius: Double {
    switch self {
    case .xplor(_, let radius), .polynomial(_, let radius): radius
    }
  }

  /// The values at distances of any shape, in the unit of `radius`.
  ///
  /// - Precondition: 0 ≤ `onset` < `radius`, or `power` ≥ 1 and `radius` > 0.
  public func callAsFunction(_ distances: Tensor) -> Tensor {
    let zero = distances.filled(with: 0)
    switch self {
    case .xplor(let onset, let radius):
      precondition(
        0 <= onset && onset < radius, "X-PLOR cutoff: onset \(onset) is not below \(radius)")
      let (o2, c2) = (onset * onset, radius * radius)
      let r2 = distances * distances
      let difference = c2 - r2
      let width = c2 - o2
      let switched =
        difference * difference * (2 * r2 + (c2 - 3 * o2)) / (width * width * width)
      return select(
        distances .< onset, distances.filled(with: 1),
        select(distances .< radius, switched, zero))
    case .polynomial(let power, let radius):
      precondition(
        power >= 1 && radius > 0, "polynomial cutoff: power \(power), radius \(radius)")
      let p = Double(power)
      let u = distances / radius
      let tail = ((p + 1) * (p + 2) / 2 - u * (p * (p + 2) - u * (p * (p + 1) / 2)))
      let switched = 1 - TensorGraph.power(u, power) * tail
      return select(distances .< radius, switched, zero)
    }
  }
}
