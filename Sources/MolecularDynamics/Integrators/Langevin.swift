import Foundation

/// Langevin dynamics, BAOAB (Leimkuhler and Matthews, Journal of Chemical Physics 138, 174102, 2013):
/// half a kick, half a drift, friction and noise, half a drift, half a kick.
///
/// Averages over configurations err far less than those over velocities: the kinetic energy after
/// a step is off by the square of the time step.
package struct Langevin: Integrator {
  /// K.
  var temperature: Double
  /// 1/fs.
  var friction: Double

  package init(temperature: Double, friction: Double) {
    self.temperature = temperature
    self.friction = friction
  }

  package func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    let half = propagation.timestep / 2
    propagation.kick(&state, for: half)
    propagation.drift(&state, for: half)
    applyFriction(&state, with: propagation)
    propagation.drift(&state, for: half)
    try propagation.evaluateForces(&state)
    propagation.kick(&state, for: half)
  }

  /// v ← c v + √((1 − c²) κ k_B T / m) ξ, exact for any time step.
  ///
  /// - Parameter keepsMomentum: whether friction and noise act on the motion about the centre of mass
  ///   alone, which is then exact for its 3N − 3 degrees of freedom.
  package func applyFriction(
    _ state: inout DynamicsState, with propagation: Propagation, keepsMomentum: Bool = false
  ) {
    let before = propagation.kineticEnergy(of: state)
    let decay = exp(-friction * propagation.timestep)
    let spread = (1 - decay * decay) * DynamicsUnits.boltzmann * temperature
    let drift = keepsMomentum ? propagation.drift(of: state.velocities) : .zero
    for atom in state.velocities.indices {
      let noise = propagation.noise.normals(step: state.step, .langevin, index: atom)
      state.velocities[atom] =
        decay * state.velocities[atom]
        + (spread * propagation.acceleration(of: atom)).squareRoot() * noise
    }
    if keepsMomentum {
      let gained = propagation.drift(of: state.velocities) - drift
      for atom in state.velocities.indices { state.velocities[atom] -= gained }
    }
    state.heat += propagation.kineticEnergy(of: state) - before
  }
}
