import TensorGraph

/// The radial functions prefactor · sin(bₙ r) / r (Gasteiger et al., ICLR 2020), with frequencies
/// that may be parameters.
///
/// At r = 0 a function has its limit, prefactor · bₙ.
///
/// - Parameters:
///   - distances: `[items]`.
///   - frequencies: `[functions]`, bₙ in radians a unit of length; nπ/cutoff to begin with.
///   - prefactor: √(2/cutoff) makes the functions orthonormal in r²dr; NequIP and SevenNet take
///     2/cutoff.
/// - Returns: `[items, functions]`.
public func besselBasis(
  of distances: Tensor, frequencies: Tensor, prefactor: Double
) -> Tensor {
  expectShape(of: distances, [distances.shape[0]], "Bessel basis' distances")
  expectShape(of: frequencies, [frequencies.shape[0]], "Bessel basis' frequencies")
  let r = distances.expanded(at: 1)
  let isZero = r .== 0
  let safe = select(isZero, r.filled(with: 1), r)
  return select(isZero, frequencies * prefactor, sin(safe * frequencies) / safe * prefactor)
}
