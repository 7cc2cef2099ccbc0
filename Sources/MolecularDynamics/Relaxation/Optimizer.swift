/// A method of minimisation: from coordinates and the forces there to a displacement.
///
/// Coordinates are vectors, those of the atoms in Å and, where the cell changes, three more.
protocol Optimizer: Sendable {
  mutating func displacement(
    at coordinates: [SIMD3<Double>], forces: [SIMD3<Double>]
  ) -> [SIMD3<Double>]
}

extension RelaxationSettings.Optimizer {
  var method: any Optimizer {
    switch self {
    case .fire: FIRE()
    case .lbfgs: LBFGS()
    }
  }
}

extension [SIMD3<Double>] {
  func dot(_ other: [SIMD3<Double>]) -> Double {
    zip(self, other).reduce(0) { $0 + $1.0.dot($1.1) }
  }
}
