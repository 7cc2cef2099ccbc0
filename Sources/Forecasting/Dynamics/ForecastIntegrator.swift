import MolecularDynamics
import Neighbours
import Potentials
import TensorGraph

/// A way to move a simulation by forecasts: no forces, and steps as long as the forecaster's.
struct ForecastIntegrator: Integrator {
  let forecaster: Forecaster
  let thermostat: ForecastThermostat?

  func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    let forecast: Forecaster.Forecast
    do {
      forecast = try forecaster.forecast(
        state.structure, velocities: state.velocities, masses: propagation.masses)
    } catch NeighboursError.positionNotFinite(let atom, _, _) {
      throw DynamicsError.notFinite(step: state.step, atom: atom, quantity: "position")
    } catch {
      throw DynamicsError.evaluation(step: state.step, error)
    }
    for atom in state.velocities.indices {
      state.structure.positions[atom] += forecast.displacements[atom]
    }
    state.velocities = forecast.velocities
    switch thermostat {
    case .rescaling(let thermostat): try thermostat.rescale(&state, with: propagation)
    case .friction(let thermostat):
      thermostat.applyFriction(
        &state, with: propagation, keepsMomentum: forecaster.conservesLinearMomentum)
    case nil: break
    }
  }

  var usesForces: Bool { false }
}

/// What is done to the velocities after every forecast.
enum ForecastThermostat {
  /// All are scaled alike: the kinetic energy as a whole is held, and forecasts alone share it out.
  case rescaling(VelocityRescaling)
  /// Each is slowed and given noise, so that every mode is held at the temperature, those too that
  /// forecasts damp a little more than others.
  case friction(Langevin)
}

/// What stands where a simulation expects forces: none, and the pairs that its watch looks at.
struct NoForces: ForceField {
  let forecaster: Forecaster

  func forces(on structure: AtomicStructure) throws -> ForceEvaluation {
    ForceEvaluation(
      energy: 0, forces: [SIMD3<Double>](repeating: .zero, count: structure.count))
  }

  var isTranslationInvariant: Bool { forecaster.conservesLinearMomentum }

  func pairs(in structure: AtomicStructure, within distance: Double) throws -> [AtomPair] {
    let context = forecaster.context
    let graph = try radiusGraph(
      of: structure.positions, in: structure.cell, cutoff: distance, on: context)
    let lengths = try graph.lengths.doubles(on: context)
    let receivers = try graph.receivers.integers(on: context)
    let senders = try graph.senders.integers(on: context)
    return lengths.indices.map {
      AtomPair(Int(receivers[$0]), Int(senders[$0]), distance: lengths[$0])
    }
  }
}
