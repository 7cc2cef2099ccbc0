/// A Nosé–Hoover chain around velocity Verlet (Martyna, Klein and Tuckerman, Journal of Chemical
/// Physics 97, 2635, 1992).
package struct NoseHooverChain: Integrator {
  /// K.
  var temperature: Double
  /// fs.
  var time: Double
  var length: Int

  package func prepare(_ state: inout DynamicsState) {
    state.particleChain = ThermostatChain(length: length)
  }

  package func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    advanceChain(&state, with: propagation)
    try propagation.velocityVerlet(&state)
    advanceChain(&state, with: propagation)
  }

  /// Half a time step of the chain.
  func advanceChain(_ state: inout DynamicsState, with propagation: Propagation) {
    let kinetic = propagation.kineticEnergy(of: state)
    let factor = state.particleChain?.advance(
      by: propagation.timestep / 2, doubleKineticEnergy: 2 * kinetic, constants(propagation))
    propagation.scaleVelocities(&state, by: factor ?? 1)
  }

  package func extendedEnergy(of state: DynamicsState, with propagation: Propagation) -> Double {
    state.particleChain?.energy(constants(propagation)) ?? 0
  }

  private func constants(_ propagation: Propagation) -> ChainConstants {
    let thermal = DynamicsUnits.boltzmann * temperature
    let freedom = Double(propagation.degreesOfFreedom)
    let inertia = thermal * time * time
    return ChainConstants(
      thermalEnergy: thermal, degreesOfFreedom: freedom,
      inertias: (0..<length).map { $0 == 0 ? freedom * inertia : inertia })
  }
}
