/// The fast inertial relaxation engine (Bitzek et al., Physical Review Letters 97, 170201, 2006)
/// with unit masses, as ASE has it: dynamics that is turned towards the forces, sped up while it
/// goes downhill and stopped when it goes up.
struct FIRE: Optimizer {
  private var velocities: [SIMD3<Double>] = []
  private var timestep = 0.1
  private var mixing = Self.initialMixing
  /// Steps downhill since the last stop.
  private var count = 0

  private static let initialMixing = 0.1
  private static let greatestTimestep = 1.0
  /// Steps downhill before the time step grows.
  private static let patience = 5
  /// Å, the norm over all coordinates.
  private static let greatestStep = 0.2

  mutating func displacement(
    at coordinates: [SIMD3<Double>], forces: [SIMD3<Double>]
  ) -> [SIMD3<Double>] {
    if velocities.isEmpty {
      velocities = [SIMD3<Double>](repeating: .zero, count: forces.count)
    } else if forces.dot(velocities) > 0 {
      let speed = velocities.dot(velocities).squareRoot() / forces.dot(forces).squareRoot()
      for index in velocities.indices {
        velocities[index] =
          (1 - mixing) * velocities[index] + mixing * speed * forces[index]
      }
      if count > Self.patience {
        timestep = min(1.1 * timestep, Self.greatestTimestep)
        mixing *= 0.99
      }
      count += 1
    } else {
      for index in velocities.indices { velocities[index] = .zero }
      mixing = Self.initialMixing
      timestep *= 0.5
      count = 0
    }
    for index in velocities.indices { velocities[index] += timestep * forces[index] }
    let length = timestep * velocities.dot(velocities).squareRoot()
    let scale = timestep * (length > Self.greatestStep ? Self.greatestStep / length : 1)
    return velocities.map { scale * $0 }
  }
}
