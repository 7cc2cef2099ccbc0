import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport
import Testing

/// Gives numbers until a step, then none.
private struct Failing: ForceField {
  func forces(on structure: AtomicStructure) -> ForceEvaluation {
    var forces = [SIMD3<Double>](repeating: .zero, count: structure.count)
    if structure.positions[2].x > 3.5 { forces[2].y = .nan }
    return ForceEvaluation(energy: 0, forces: forces)
  }
}

@Suite("Watchfulness")
struct WatchTests {
  private static func error(_ body: () throws -> Void) -> DynamicsError? {
    do {
      try body()
      return nil
    } catch {
      return error as? DynamicsError
    }
  }

  @Test("what is not a number stops the run with the step and the atom, at the last good step")
  func notFinite() throws {
    var simulation = try Simulation(
      of: AtomicStructure(
        atomicNumbers: [18, 18, 18], positions: [[0, 0, 0], [5, 0, 0], [3, 5, 0]]),
      with: Failing(), DynamicsSettings(timestep: 1),
      velocities: .given([.zero, .zero, [0.1, 0, 0]]))
    let error = Self.error { try simulation.advance(by: 100) }
    guard case .notFinite(let step, let atom, let quantity) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // The velocity is no number either, and is looked at first.
    #expect(atom == 2 && quantity == "velocity")
    #expect(simulation.state.step == step - 1)
    #expect(simulation.state.velocities.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  @Test("an exploding temperature stops the run")
  func temperature() throws {
    var settings = DynamicsSettings(timestep: 400, seed: 1)
    // Distances are looked at now and then, the temperature at each step.
    settings.watch = WatchLimits(closestApproach: nil, interval: 1000)
    var simulation = try Simulation(
      of: Argon().structure("baoab"), with: Argon.potential(), settings, velocities: .thermal(300))
    let error = Self.error { try simulation.advance(by: 200) }
    guard case .tooHot(_, let temperature, let limit, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(temperature > limit && limit == 5000)
  }

  @Test("atoms that are too close stop the run, images of an atom included")
  func distance() throws {
    let potential = try Argon.potential()
    let pair = AtomicStructure(atomicNumbers: [18, 18], positions: [[0, 0, 0], [1, 0, 0]])
    let error = Self.error { _ = try Simulation(of: pair, with: potential, .init(timestep: 1)) }
    guard case .tooClose(0, 0, 1, let distance, let limit) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    expectClose(distance, 1, tolerance: 1e-6)
    expectClose(limit, 1.06, tolerance: 1e-12)
    let image = AtomicStructure(
      atomicNumbers: [18], positions: [[0, 0, 0]],
      cell: try Cell([1, 0, 0], [0, 9, 0], [0, 0, 9]))
    guard
      case .tooClose(0, 0, 0, _, _) = Self.error({
        _ = try Simulation(of: image, with: potential, .init(timestep: 1))
      })
    else {
      Issue.record("an atom next to its own image")
      return
    }
  }

  @Test("drift of the conserved energy beyond a bound stops the run")
  func drift() throws {
    var settings = DynamicsSettings(timestep: 16, seed: 1)
    settings.watch.drift = 1e-7
    var simulation = try Simulation(
      of: Argon().structure("baoab"), with: Argon.potential(), settings, velocities: .thermal(80))
    guard case .drift = Self.error({ try simulation.advance(by: 200) }) else {
      Issue.record("no drift at 16 fs")
      return
    }
  }

  @Test("settings that cannot be are refused, those that are odd are warned of")
  func settings() throws {
    let structure = try Argon().structure("baoab")
    let cluster = try Argon().structure("cluster", cell: nil)
    let potential = try Argon.potential()
    func refusal(_ settings: DynamicsSettings, of structure: AtomicStructure) -> Bool {
      Self.error { _ = try Simulation(of: structure, with: potential, settings) } != nil
    }
    let csvr = Thermostat.velocityRescaling(time: 100)
    #expect(refusal(.init(timestep: 0), of: structure))
    #expect(refusal(.init(timestep: .nan), of: structure))
    #expect(refusal(.init(.constantTemperature(-1, csvr), timestep: 1), of: structure))
    #expect(
      refusal(
        .init(.constantTemperature(0, .noseHooverChain(time: 100)), timestep: 1), of: structure))
    #expect(
      refusal(
        .init(
          .constantPressure(0, temperature: 80, .cellRescaling(CellRescaling())), timestep: 1),
        of: cluster))
    #expect(!refusal(.init(.constantTemperature(80, csvr), timestep: 1), of: cluster))
    #expect(DynamicsSettings(timestep: 50).warnings(masses: [28.085]).count == 1)
    #expect(DynamicsSettings(timestep: 1).warnings(masses: [1.008]).isEmpty)
    #expect(DynamicsSettings(timestep: 2).warnings(masses: [1.008, 16]).count == 1)
  }

  @Test("scaling velocities of atoms at rest is an error")
  func atRest() throws {
    var simulation = try Simulation(
      of: Argon().structure("baoab"), with: Argon.potential(),
      DynamicsSettings(.constantTemperature(80, .velocityRescaling(time: 100)), timestep: 1))
    guard case .atRest(step: 1) = Self.error({ try simulation.advance() }) else {
      Issue.record("atoms at rest were scaled")
      return
    }
  }
}
