import Foundation

/// Stochastic velocity rescaling (Bussi, Donadio and Parrinello, Journal of Chemical Physics 126,
/// 014101, 2007): before each step of velocity Verlet all velocities are multiplied so that the
/// kinetic energy follows the canonical distribution.
package struct VelocityRescaling: Integrator {
  /// K.
  var temperature: Double
  /// The relaxation time, fs.
  var time: Double

  package init(temperature: Double, time: Double) {
    self.temperature = temperature
    self.time = time
  }

  package func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    try rescale(&state, with: propagation)
    try propagation.velocityVerlet(&state)
  }

  /// Multiplies the velocities of a state.
  package func rescale(_ state: inout DynamicsState, with propagation: Propagation) throws {
    let kinetic = propagation.kineticEnergy(of: state)
    guard kinetic > 0 else { throw DynamicsError.atRest(step: state.step) }
    let noise = propagation.noise
    let freedom = propagation.degreesOfFreedom
    let normal = noise.normals(step: state.step, .velocityRescaling, index: 0).x
    let others = noise.chiSquare(
      degreesOfFreedom: freedom - 1, step: state.step, .velocityRescaling)
    let kept = exp(-propagation.timestep / time)
    // Mean kinetic energy a degree of freedom over the present kinetic energy.
    let share = (1 - kept) * 0.5 * DynamicsUnits.boltzmann * temperature / kinetic
    let squared =
      kept + share * (normal * normal + others) + 2 * normal * (kept * share).squareRoot()
    // The velocity along the one degree of freedom that is drawn may turn round.
    let turns = share > 0 && normal + (kept / share).squareRoot() < 0
    let factor = max(0, squared).squareRoot()
    propagation.scaleVelocities(&state, by: turns ? -factor : factor)
    state.heat += (squared - 1) * kinetic
  }
}
