/// Kernels that come from one place, a generator or a file, and so are right or wrong together.
///
/// `clebsch doctor` holds each family against arithmetic on the host, once for a device with its
/// driver; a family that disagrees there is refused by name.
public enum KernelFamily: String, Sendable, Hashable, Codable, CaseIterable {
  /// Chains of elementwise operations, views and random numbers, fused.
  case elementwise
  /// Sums and maxima over axes, with what is fused into them.
  case reduction
  /// Gathers and sums over segments, with what is fused into them.
  case segments
  case matrixProduct = "matrix-product"
  /// Matrix products by CLBlast, a library that is not ours.
  case clblast
  /// Sorting and prefix sums.
  case ordering
  /// Equations, factors and eigenvectors of small matrices.
  case linearAlgebra = "linear-algebra"
  /// Directions, solid harmonics, and their derivatives.
  case harmonics
  /// Tensor products and convolutions, with all their derivatives.
  case contraction
  case neighbours
}

/// What comparing a kernel family with a reference found on one device.
public struct KernelVerdict: Sendable, Hashable, Codable {
  public var agrees: Bool
  /// What was compared and how far apart the worst pair of numbers is.
  public var finding: String
  /// A hash of the kernels' source texts.
  public var sources: String
  /// When, as `2026-11-24`.
  public var date: String

  public init(agrees: Bool, finding: String, sources: String, date: String) {
    self.agrees = agrees
    self.finding = finding
    self.sources = sources
    self.date = date
  }
}
