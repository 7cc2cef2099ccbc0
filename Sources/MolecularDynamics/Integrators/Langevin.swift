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
  private func applyFriction(_ state: inout DynamicsState, with propagation: Propagation) {
    let before = propagation.kineticEnergy(of: state)
    let decay = exp(-friction * propagation.timestep)
    let spread = (1 - decay * decay) * DynamicsUnits.boltzmann * temperature
    for atom in state.velocities.indices {
      let noise = propagation.noise.normals(step: state.step, .langevin, index: atom)
      state.velocities[atom] =
        decay * state.velocities[atom]
        + (spread * propagation.acceleration(of: atom)).squareRoot() * noise
    }
    state.heat += propagation.kineticEnergy(of: state) - before
  }
}
