/// The size of spherical harmonics; e3nn's three conventions.
public enum SphericalHarmonicsNormalization: String, Hashable, Sendable, CaseIterable {
  /// On the unit sphere the 2l+1 components of a degree have the sum of squares 2l+1, so each
  /// component is of mean square 1. Y₀ = 1.
  case component
  /// Orthonormal under integration over the unit sphere. Y₀ = 1/√4π.
  case integral
  /// On the unit sphere the components of a degree form a vector of norm 1. Y₀ = 1.
  case norm

  /// The square of the ratio to harmonics of `component` normalisation.
  func squaredScale(degree: Int) -> Double {
    switch self {
    case .component: 1
    case .integral: 1 / (4 * .pi)
    case .norm: 1 / Double(2 * degree + 1)
    }
  }
}
