import MolecularDynamics
import Neighbours
import Potentials
import TensorGraph

/// A way to move a simulation by forecasts: no forces, and steps as long as the forecaster's.
struct ForecastIntegrator: Integrator {
  let forecaster: Forecaster
  /// Rescales the velocities after every forecast.
  let thermostat: VelocityRescaling?

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
    try thermostat?.rescale(&state, with: propagation)
  }

  var usesForces: Bool { false }
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
