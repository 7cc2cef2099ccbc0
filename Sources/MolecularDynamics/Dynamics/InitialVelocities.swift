import Foundation

/// The velocities with which a simulation begins.
public enum InitialVelocities: Sendable, Hashable {
  case atRest
  /// Å/fs, an atom.
  case given([SIMD3<Double>])
  /// Drawn from the distribution of Maxwell and Boltzmann at a temperature in K. Total momentum is
  /// removed, and angular momentum where the settings say so; then the velocities are scaled so
  /// that the temperature is exactly this one.
  case thermal(Double)
}

extension Propagation {
  /// The velocity of the centre of mass.
  func drift(of velocities: [SIMD3<Double>]) -> SIMD3<Double> {
    var momentum = SIMD3<Double>.zero
    var mass = 0.0
    for atom in velocities.indices {
      momentum += masses[atom] * velocities[atom]
      mass += masses[atom]
    }
    return momentum / mass
  }

  /// Removes the motion of the centre of mass.
  func removeMomentum(_ velocities: inout [SIMD3<Double>]) {
    let drift = drift(of: velocities)
    for atom in velocities.indices { velocities[atom] -= drift }
  }

  /// Removes the rotation about the centre of mass.
  func removeRotation(_ velocities: inout [SIMD3<Double>], positions: [SIMD3<Double>]) {
    guard let (arms, inertia) = inertia(of: positions) else { return }
    var momentum = SIMD3<Double>.zero
    for (atom, arm) in arms.enumerated() {
      momentum += masses[atom] * arm.cross(velocities[atom])
    }
    let rotation = inertia.inverse * momentum
    for (atom, arm) in arms.enumerated() { velocities[atom] -= rotation.cross(arm) }
  }

  /// Rotations of a rigid body of these atoms: 3, 2 for atoms on a line, 0 for one atom.
  func rotationCount(of positions: [SIMD3<Double>]) -> Int {
    guard let (arms, _) = inertia(of: positions) else { return 0 }
    return Self.axis(of: arms) == nil ? 3 : 2
  }

  /// Positions from the centre of mass, and the tensor of inertia in u Å². For atoms on a line the
  /// moment about it, which is 0 and about which nothing can turn, is set to a number that can be
  /// divided by. Nil where all atoms are at one point.
  private func inertia(of positions: [SIMD3<Double>]) -> ([SIMD3<Double>], Matrix3)? {
    let mass = masses.reduce(0, +)
    let centre = positions.indices.reduce(SIMD3<Double>.zero) {
      $0 + masses[$1] / mass * positions[$1]
    }
    let arms = positions.map { $0 - centre }
    guard arms.contains(where: { $0.length > 1e-6 }) else { return nil }
    var tensor = Matrix3.zero
    for (atom, arm) in arms.enumerated() {
      let dyad = Matrix3(rows: [arm.x * arm, arm.y * arm, arm.z * arm])
      tensor = tensor + masses[atom] * (Matrix3(diagonal: arm.dot(arm)) - dyad)
    }
    if let axis = Self.axis(of: arms) {
      tensor =
        tensor + tensor.trace * Matrix3(rows: [axis.x * axis, axis.y * axis, axis.z * axis])
    }
    return (arms, tensor)
  }

  /// The line on which all atoms lie, if they do.
  private static func axis(of arms: [SIMD3<Double>]) -> SIMD3<Double>? {
    guard let longest = arms.max(by: { $0.length < $1.length }) else { return nil }
    let axis = longest / longest.length
    return arms.allSatisfy { $0.cross(axis).length < 1e-6 * longest.length } ? axis : nil
  }

  /// Velocities at a temperature.
  func thermalVelocities(
    _ temperature: Double, positions: [SIMD3<Double>], removesMomentum: Bool, removesRotation: Bool
  ) -> [SIMD3<Double>] {
    var velocities = positions.indices.map { atom in
      (DynamicsUnits.boltzmann * temperature * acceleration(of: atom)).squareRoot()
        * noise.normals(step: 0, .initialVelocities, index: atom)
    }
    if removesMomentum { removeMomentum(&velocities) }
    if removesRotation { removeRotation(&velocities, positions: positions) }
    let kinetic = velocities.indices.reduce(0.0) { sum, atom in
      guard masses[atom].isFinite else { return sum }
      return sum + 0.5 * masses[atom] * velocities[atom].dot(velocities[atom])
        / DynamicsUnits.accelerationPerForce
    }
    let current = self.temperature(kineticEnergy: kinetic)
    let scale = current > 0 ? (temperature / current).squareRoot() : 1
    return velocities.map { scale * $0 }
  }
}
