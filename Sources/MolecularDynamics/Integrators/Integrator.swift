/// A way to move a simulation by a step. It has no state of its own: all variables are in the
/// ``DynamicsState``, so that every integrator can be resumed.
package protocol Integrator: Sendable {
  /// Gives a fresh state the variables that the integrator needs beside positions and velocities.
  func prepare(_ state: inout DynamicsState)

  /// Moves a state by one time step. `state.step` is the number of the step that is made.
  ///
  /// - Throws: `DynamicsError`.
  func advance(_ state: inout DynamicsState, with propagation: Propagation) throws

  /// What is conserved beside potential and kinetic energy, eV: the energy of the integrator's
  /// variables less what it has given.
  func extendedEnergy(of state: DynamicsState, with propagation: Propagation) -> Double

  /// Whether there are forces and a potential energy. Where there are none, nothing is written of
  /// them.
  var usesForces: Bool { get }
}

extension Integrator {
  package func prepare(_ state: inout DynamicsState) {}

  package func extendedEnergy(of state: DynamicsState, with propagation: Propagation) -> Double {
    -state.heat
  }

  package var usesForces: Bool { true }
}

extension Ensemble {
  /// The integrator that samples the ensemble.
  package var integrator: any Integrator {
    switch self {
    case .constantEnergy:
      VelocityVerlet()
    case .constantTemperature(let temperature, .velocityRescaling(let time)):
      VelocityRescaling(temperature: temperature, time: time)
    case .constantTemperature(let temperature, .langevin(let friction)):
      Langevin(temperature: temperature, friction: friction)
    case .constantTemperature(let temperature, .noseHooverChain(let time, let length)):
      NoseHooverChain(temperature: temperature, time: time, length: length)
    case .constantPressure(let pressure, let temperature, .cellRescaling(let settings)):
      StochasticCellRescaling(pressure: pressure, temperature: temperature, settings: settings)
    case .constantPressure(
      let pressure, let temperature,
      .martynaTobiasKlein(let thermostatTime, let barostatTime, let length)):
      MartynaTobiasKlein(
        pressure: pressure, temperature: temperature, thermostatTime: thermostatTime,
        barostatTime: barostatTime, chainLength: length)
    }
  }
}
