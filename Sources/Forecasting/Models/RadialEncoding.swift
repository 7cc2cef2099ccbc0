import Equivariance
import TensorGraph

/// Functions of a length, of an edge or of a velocity, that a forecaster sees in its place.
struct RadialEncoding: Hashable, Sendable {
  enum Basis: Hashable, Sendable {
    /// 2/c · sin(wₙ r/c) / (r + 1e-5) with trained wₙ, nπ to begin with.
    case bessel(count: Int, radius: Double)
    /// Fixed functions times this factor.
    case fixed(SoftOneHotBasis, scale: Double)
  }

  var basis: Basis
  var cutoff: CutoffFunction?

  var count: Int {
    switch basis {
    case .bessel(let count, _): count
    case .fixed(let basis, _): basis.count
    }
  }

  /// The length up to which the functions are made for.
  var radius: Double {
    switch basis {
    case .bessel(_, let radius): radius
    case .fixed(let basis, _): basis.interval.upperBound
    }
  }

  func parameters(of layer: String) -> [ParameterDeclaration] {
    guard case .bessel(let count, _) = basis else { return [] }
    return [
      ParameterDeclaration(
        Self.frequencies(of: layer), shape: [count],
        start: .values((1...count).map { .pi * Double($0) }))
    ]
  }

  private static func frequencies(of layer: String) -> String {
    "\(layer).radial_basis.bessel_roots"
  }

  /// [items, count] of lengths [items].
  func callAsFunction(_ lengths: Tensor, _ layer: String, _ parameters: Parameters) -> Tensor {
    let values: Tensor
    switch basis {
    case .bessel(_, let radius):
      let r = lengths.expanded(at: 1)
      values =
        sin(r * (parameters[Self.frequencies(of: layer)] / radius)) / (r + 1e-5) * (2 / radius)
    case .fixed(let basis, let scale):
      values = basis(lengths) * scale
    }
    return cutoff.map { values * $0(lengths).expanded(at: 1) } ?? values
  }
}
