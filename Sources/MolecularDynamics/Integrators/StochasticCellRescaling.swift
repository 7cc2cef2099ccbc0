import Foundation

/// Constant pressure by stochastic cell rescaling, constant temperature by stochastic velocity
/// rescaling.
///
/// A step of the cell costs an evaluation of the forces and is made after every `interval` steps.
package struct StochasticCellRescaling: Integrator {
  /// eV/Å³.
  var pressure: Double
  /// K.
  var temperature: Double
  var settings: CellRescaling

  package func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    try VelocityRescaling(temperature: temperature, time: settings.thermostatTime)
      .rescale(&state, with: propagation)
    try propagation.velocityVerlet(&state)
    guard state.step.isMultiple(of: settings.interval) else { return }

    let before = state.evaluation.energy + propagation.kineticEnergy(of: state)
    switch settings.shape {
    case .isotropic: try rescaleVolume(&state, with: propagation)
    case .full: try rescaleCell(&state, with: propagation)
    }
    try propagation.evaluateForces(&state)
    state.heat += state.evaluation.energy + propagation.kineticEnergy(of: state) - before
  }

  private var thermalEnergy: Double { DynamicsUnits.boltzmann * temperature }

  /// Bernetti and Bussi (Journal of Chemical Physics 153, 114107, 2020), equation 10: a step of √V,
  /// in which the noise does not depend on the volume.
  private func rescaleVolume(
    _ state: inout DynamicsState, with propagation: Propagation
  ) throws {
    let kinetic = propagation.kineticEnergy(of: state)
    guard let volume = propagation.volume(of: state),
      let current = propagation.pressure(of: state, kineticEnergy: kinetic)
    else { return }
    let time = propagation.timestep * Double(settings.interval)
    let rate = settings.compressibility / (2 * settings.time)
    let root = volume.squareRoot()
    let noise = propagation.noise.normals(step: state.step, .cellRescaling, index: 0).x
    let change =
      -rate * root * (pressure - current - thermalEnergy / (2 * volume)) * time
      + (thermalEnergy * rate * time).squareRoot() * noise
    guard root + change > 0.5 * root else {
      throw DynamicsError.setting(
        "the relaxation of the cell", found: "so fast that the volume halves in one step",
        expected: "a longer barostat time or a smaller compressibility")
    }
    let scale = cbrt((1 + change / root) * (1 + change / root))
    try propagation.deform(&state, by: Matrix3(diagonal: scale))
    propagation.scaleVelocities(&state, by: 1 / scale)
  }

  /// Del Tatto, Raiteri, Bernetti and Bussi (Applied Sciences 12, 1139, 2022): each element of the
  /// cell's deformation has a drift and a noise of its own. The cell is then turned back to its
  /// former orientation, with positions and velocities.
  private func rescaleCell(_ state: inout DynamicsState, with propagation: Propagation) throws {
    guard let volume = propagation.volume(of: state), let stress = state.evaluation.stress,
      let cell = state.structure.cell
    else { return }
    let time = propagation.timestep * Double(settings.interval)
    let rate = settings.compressibility / (3 * settings.time)
    let current = propagation.pressureTensor(of: state, volume: volume, stress: stress)
    let target = Matrix3(diagonal: pressure - thermalEnergy / volume)
    let noise = Matrix3(
      rows: (0..<3).map {
        propagation.noise.normals(step: state.step, .cellRescaling, index: $0)
      })
    let strain =
      (-rate * time) * (target - current)
      + (2 * rate * thermalEnergy / volume * time).squareRoot() * noise
    guard strain.largestMagnitude < 0.3 else {
      throw DynamicsError.setting(
        "the relaxation of the cell", found: "so fast that the cell deforms by a third in one step",
        expected: "a longer barostat time or a smaller compressibility")
    }
    let deformation = .identity + strain
    let orientation = Matrix3(rows: cell.vectors).rotationToLowerTriangular
    let deformed = Matrix3(rows: cell.vectors.map { deformation * $0 })
    let turn = orientation.transposed * deformed.rotationToLowerTriangular
    try propagation.deform(&state, by: turn * deformation)
    // Momenta follow the inverse transpose, so that the volume of phase space is kept.
    let forVelocities = turn * deformation.inverse.transposed
    for atom in state.velocities.indices {
      state.velocities[atom] = forVelocities * state.velocities[atom]
    }
  }
}
