import Foundation
import Neighbours
import Potentials

/// With what integrators move a state: masses, forces, noise, and the elementary moves.
package struct Propagation: Sendable {
  /// fs.
  package var timestep: Double
  package var degreesOfFreedom: Int
  /// u, an atom; infinite for an atom that is held.
  package var masses: [Double]
  package var forceField: any ForceField
  package var noise: any NoiseSource

  /// Å/fs² for a force of 1 eV/Å; 0 for an atom that is held.
  func acceleration(of atom: Int) -> Double {
    DynamicsUnits.accelerationPerForce / masses[atom]
  }

  /// v += t κ F/m.
  func kick(_ state: inout DynamicsState, for time: Double) {
    for atom in state.velocities.indices {
      state.velocities[atom] += time * acceleration(of: atom) * state.evaluation.forces[atom]
    }
  }

  /// x += t v.
  func drift(_ state: inout DynamicsState, for time: Double) {
    for atom in state.velocities.indices {
      state.structure.positions[atom] += time * state.velocities[atom]
    }
  }

  /// Multiplies all velocities.
  func scaleVelocities(_ state: inout DynamicsState, by factor: Double) {
    for atom in state.velocities.indices { state.velocities[atom] *= factor }
  }

  /// Brings the forces up to date with the positions.
  ///
  /// - Throws: `DynamicsError` with the step.
  func evaluateForces(_ state: inout DynamicsState) throws {
    do {
      state.evaluation = try forceField.forces(
        on: state.structure, listedAt: &state.neighbourReference)
    } catch PotentialError.notFinite(_, let atom, let quantity) {
      throw DynamicsError.notFinite(step: state.step, atom: atom, quantity: quantity)
    } catch NeighboursError.positionNotFinite(let atom, _, _) {
      throw DynamicsError.notFinite(step: state.step, atom: atom, quantity: "position")
    } catch {
      throw DynamicsError.evaluation(step: state.step, error)
    }
  }

  /// A step of velocity Verlet (Swope et al., Journal of Chemical Physics 76, 637, 1982).
  func velocityVerlet(_ state: inout DynamicsState) throws {
    kick(&state, for: timestep / 2)
    drift(&state, for: timestep)
    try evaluateForces(&state)
    kick(&state, for: timestep / 2)
  }

  /// Replaces the cell by F · cell, positions and all.
  ///
  /// - Throws: `DynamicsError` where the new cell is none.
  func deform(_ state: inout DynamicsState, by deformation: Matrix3) throws {
    guard let cell = state.structure.cell else {
      preconditionFailure("a structure without a cell cannot be deformed")
    }
    let vectors = cell.vectors.map { deformation * $0 }
    do {
      state.structure.cell = try Cell(
        vectors[0], vectors[1], vectors[2], periodic: cell.periodic)
    } catch {
      throw DynamicsError.evaluation(step: state.step, error)
    }
    for atom in state.structure.positions.indices {
      state.structure.positions[atom] = deformation * state.structure.positions[atom]
    }
  }
}

// MARK: - Energies and pressures

extension Propagation {
  /// m v²/κ in eV, twice the kinetic energy of an atom; 0 for one that is held.
  private func vis(_ atom: Int, _ velocity: SIMD3<Double>) -> Double {
    masses[atom].isFinite
      ? masses[atom] * velocity.dot(velocity) / DynamicsUnits.accelerationPerForce : 0
  }

  /// eV.
  package func kineticEnergy(of state: DynamicsState) -> Double {
    state.velocities.indices.reduce(0) { $0 + 0.5 * vis($1, state.velocities[$1]) }
  }

  /// K.
  package func temperature(kineticEnergy: Double) -> Double {
    2 * kineticEnergy / (Double(degreesOfFreedom) * DynamicsUnits.boltzmann)
  }

  /// The volume of a structure with three periodic directions and with stress, Å³.
  package func volume(of state: DynamicsState) -> Double? {
    guard state.evaluation.stress != nil, let cell = state.structure.cell,
      cell.periodic.allSatisfy(\.self)
    else { return nil }
    return cell.volume
  }

  /// 2K/3V − tr σ/3 in eV/Å³; nil where there is no volume.
  package func pressure(of state: DynamicsState, kineticEnergy: Double) -> Double? {
    guard let volume = volume(of: state), let stress = state.evaluation.stress else { return nil }
    return 2 * kineticEnergy / (3 * volume) - (stress[0] + stress[1] + stress[2]) / 3
  }

  /// Σ m v ⊗ v / κV − σ in eV/Å³, the pressure as a tensor.
  func pressureTensor(of state: DynamicsState, volume: Double, stress: [Double]) -> Matrix3 {
    var sum = Matrix3.zero
    for (atom, v) in state.velocities.enumerated() where masses[atom].isFinite {
      let p = masses[atom] / DynamicsUnits.accelerationPerForce * v
      sum = sum + Matrix3(rows: [p.x * v, p.y * v, p.z * v])
    }
    return (1 / volume) * sum - Matrix3(voigt: stress)
  }

  /// The atom with the largest kinetic energy.
  func hottestAtom(of state: DynamicsState) -> Int {
    state.velocities.indices.max {
      vis($0, state.velocities[$0]) < vis($1, state.velocities[$1])
    } ?? 0
  }
}
