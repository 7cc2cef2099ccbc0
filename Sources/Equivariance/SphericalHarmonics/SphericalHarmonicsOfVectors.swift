import Irreps
import TensorGraph

/// Real spherical harmonics of vectors, all degrees from 0 to a highest one, in e3nn 0.6's
/// conventions (`o3.spherical_harmonics`): component l² + l + m for degree l and order
/// m = −l, …, l, with the y axis as the polar axis.
///
/// Edge cases:
/// - at the poles, and everywhere else, all derivatives are exact: no angle is formed;
/// - the zero vector has its harmonic of degree 0, and zeros otherwise; where vectors are
///   normalised, its derivatives, which do not exist, are zeros.
///
/// - Parameters:
///   - vectors: `[items, 3]`, `float32` or `float64`, in any unit if they are normalised.
///   - degree: the highest degree, at least 0.
///   - normalization: the size of the harmonics.
///   - normalizing: whether vectors are scaled to length 1 first. If not, harmonics of degree l
///     grow with the l-th power of the length.
/// - Returns: `[items, (degree + 1)²]`, a feature of
///   `Irreps.sphericalHarmonics(upTo: degree)`. With one channel a degree, both feature layouts are
///   the same.
public func sphericalHarmonics(
  of vectors: Tensor, upTo degree: Int,
  normalization: SphericalHarmonicsNormalization = .component, normalizing: Bool = true
) -> Tensor {
  precondition(degree >= 0, "harmonics have a degree of at least 0, not \(degree)")
  return Tensor(
    SolidHarmonics(degree: degree, normalization: normalization, normalizing: normalizing),
    [vectors])
}
