import Foundation
import Neighbours

/// The isotropic constant-pressure equations of Martyna, Tobias and Klein (Journal of Chemical
/// Physics 101, 4177, 1994), with Nosé–Hoover chains on the particles and on the cell.
package struct MartynaTobiasKlein: Integrator {
  /// eV/Å³.
  var pressure: Double
  /// K.
  var temperature: Double
  /// fs.
  var thermostatTime: Double
  /// fs.
  var barostatTime: Double
  var chainLength: Int

  private var thermalEnergy: Double { DynamicsUnits.boltzmann * temperature }

  private var particles: NoseHooverChain {
    NoseHooverChain(temperature: temperature, time: thermostatTime, length: chainLength)
  }

  /// The inertia of the strain, eV fs².
  private func inertia(_ propagation: Propagation) -> Double {
    Double(propagation.degreesOfFreedom + 3) * thermalEnergy * barostatTime * barostatTime
  }

  private var barostatChain: ChainConstants {
    let inertia = thermalEnergy * barostatTime * barostatTime
    return ChainConstants(
      thermalEnergy: thermalEnergy, degreesOfFreedom: 1,
      inertias: (0..<chainLength).map { $0 == 0 ? 9 * inertia : inertia })
  }

  package func prepare(_ state: inout DynamicsState) {
    particles.prepare(&state)
    state.barostat = BarostatVariables(
      strain: 0, momentum: 0, chain: ThermostatChain(length: chainLength),
      initialCell: state.structure.cell?.vectors ?? [])
  }

  package func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    advanceBarostatChain(&state, with: propagation)
    particles.advanceChain(&state, with: propagation)
    pushStrain(&state, with: propagation)
    kick(&state, with: propagation)
    try drift(&state, with: propagation)
    try propagation.evaluateForces(&state)
    kick(&state, with: propagation)
    pushStrain(&state, with: propagation)
    particles.advanceChain(&state, with: propagation)
    advanceBarostatChain(&state, with: propagation)
  }

  package func extendedEnergy(of state: DynamicsState, with propagation: Propagation) -> Double {
    guard let barostat = state.barostat, let volume = propagation.volume(of: state) else {
      return 0
    }
    return pressure * volume
      + barostat.momentum * barostat.momentum / (2 * inertia(propagation))
      + particles.extendedEnergy(of: state, with: propagation)
      + barostat.chain.energy(barostatChain)
  }

  private func advanceBarostatChain(_ state: inout DynamicsState, with propagation: Propagation) {
    guard var barostat = state.barostat else { return }
    barostat.momentum *= barostat.chain.advance(
      by: propagation.timestep / 2,
      doubleKineticEnergy: barostat.momentum * barostat.momentum / inertia(propagation),
      barostatChain)
    state.barostat = barostat
  }

  /// Half a step of the strain's momentum under the difference of pressures.
  private func pushStrain(_ state: inout DynamicsState, with propagation: Propagation) {
    let kinetic = propagation.kineticEnergy(of: state)
    guard let volume = propagation.volume(of: state),
      let current = propagation.pressure(of: state, kineticEnergy: kinetic)
    else { return }
    let force =
      3 * volume * (current - pressure) + 6 * kinetic / Double(propagation.degreesOfFreedom)
    state.barostat?.momentum += propagation.timestep / 2 * force
  }

  /// Half a step of the velocities under the forces and the expanding cell.
  private func kick(_ state: inout DynamicsState, with propagation: Propagation) {
    let half = propagation.timestep / 2
    let rate = (state.barostat?.momentum ?? 0) / inertia(propagation)
    let contraction = -(1 + 3 / Double(propagation.degreesOfFreedom)) * rate * half
    let scale = exp(contraction)
    let factor = half * relativeExponential(contraction)
    for atom in state.velocities.indices {
      state.velocities[atom] =
        scale * state.velocities[atom]
        + factor * propagation.acceleration(of: atom) * state.evaluation.forces[atom]
    }
  }

  /// A step of the positions and of the cell.
  private func drift(_ state: inout DynamicsState, with propagation: Propagation) throws {
    guard var barostat = state.barostat, let cell = state.structure.cell else { return }
    let expansion = propagation.timestep * barostat.momentum / inertia(propagation)
    let scale = exp(expansion)
    let factor = propagation.timestep * relativeExponential(expansion)
    for atom in state.velocities.indices {
      state.structure.positions[atom] =
        scale * state.structure.positions[atom] + factor * state.velocities[atom]
    }
    barostat.strain += expansion
    state.barostat = barostat
    let vectors = barostat.initialCell.map { exp(barostat.strain) * $0 }
    do {
      state.structure.cell = try Cell(vectors[0], vectors[1], vectors[2], periodic: cell.periodic)
    } catch {
      throw DynamicsError.evaluation(step: state.step, error)
    }
  }

  /// (eˣ − 1)/x.
  private func relativeExponential(_ x: Double) -> Double {
    abs(x) < 1e-4 ? 1 + x / 2 * (1 + x / 3 * (1 + x / 4)) : expm1(x) / x
  }
}
