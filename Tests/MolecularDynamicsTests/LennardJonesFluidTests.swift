import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport
import Testing

/// A state of the Lennard-Jones fluid in reduced units, from Monte Carlo at constant volume: NIST
/// Standard Reference Simulation Website, Lennard-Jones Fluid Properties, table "MC" (500 particles,
/// truncated at 3σ, with the analytic long-range correction, so that it is the full potential's).
private struct FluidState {
  let temperature = 0.9
  let density = 0.776
  let pressure = 0.24056
  let pressureError = 0.00274
  let energy = -5.4689
  /// dP/dρ, from the neighbouring entry of the table (0.27851 at 0.780): what an error of the pressure
  /// means for the density.
  let stiffness = (0.27851 - 0.24056) / 0.004
}

@Suite("The Lennard-Jones fluid")
struct LennardJonesFluidTests {
  private static let epsilon = 0.0103
  private static let sigma = 3.4
  /// In σ: beyond the first, the potential is switched off; what is left out is corrected for.
  private static let switching = (start: 3.5, end: 4.0)

  /// ∫ r² u (1 − s) dr from the start of the switching function s, in reduced units: with a uniform
  /// fluid beyond it, the energy that the switched potential lacks is 2πρ times this, and the pressure
  /// 2πρ² times this.
  private static var tail: Double {
    let (inner, outer) = (switching.start * switching.start, switching.end * switching.end)
    func integrand(_ r: Double) -> Double {
      let q = r * r
      let s =
        (outer - q) * (outer - q) * (outer - 3 * inner + 2 * q)
        / ((outer - inner) * (outer - inner) * (outer - inner))
      let sixth = 1 / (q * q * q)
      return q * 4 * (sixth * sixth - sixth) * (1 - s)
    }
    let count = 1000
    let width = (switching.end - switching.start) / Double(count)
    let switched = (0..<count).reduce(0.0) {
      $0 + width * integrand(switching.start + (Double($1) + 0.5) * width)
    }
    let cubed = pow(switching.end, 3)
    return switched + 4 * (1 / (9 * cubed * cubed * cubed) - 1 / (3 * cubed))
  }

  private static let barostats: [Barostat] = [
    .cellRescaling(
      CellRescaling(time: 500, compressibility: 500, thermostatTime: 100, interval: 5)),
    .martynaTobiasKlein(thermostatTime: 100, barostatTime: 500),
  ]

  @Test(
    "at constant pressure the liquid has the density, and the energy, of the literature",
    .enabled(if: statisticalEffort > 1, "minutes; CLEBSCH_LONG_TESTS=1 runs it"),
    arguments: barostats)
  func density(_ barostat: Barostat) throws {
    let state = FluidState()
    let count = 256
    let thermal = state.temperature * Self.epsilon / DynamicsUnits.boltzmann
    let missing = 2 * Double.pi * state.density * Self.tail
    let pressure =
      (state.pressure - state.density * missing) * Self.epsilon / pow(Self.sigma, 3)
    let potential = try Potential.lennardJones(
      epsilon: Self.epsilon, sigma: Self.sigma, switchStart: Self.switching.start * Self.sigma,
      cutoff: Self.switching.end * Self.sigma
    ).keepingNeighbours(skin: 1)

    // A crystal too hot to stay one; what it needs to be a liquid of this pressure is left out.
    var simulation = try Simulation(
      of: try Self.crystal(count: count, density: state.density), with: potential,
      DynamicsSettings(
        .constantPressure(pressure, temperature: thermal, barostat), timestep: 8, seed: 5),
      velocities: .thermal(3 * thermal))
    try simulation.advance(by: 4000)
    var volumes: [Double] = []
    var energies: [Double] = []
    for _ in 0..<3000 {
      try simulation.advance(by: 8)
      volumes.append(try #require(simulation.observation.volume) / pow(Self.sigma, 3))
      energies.append(simulation.observation.potentialEnergy / Self.epsilon / Double(count))
    }

    // Blocks of 9.6 ps are longer than the volume remembers.
    let volume = blockMean(volumes, blocks: 20)
    let found = Double(count) / volume.mean
    let error =
      (pow(found * volume.error / volume.mean, 2)
      + pow(state.pressureError / state.stiffness, 2)).squareRoot()
    print("\(barostat): density \(found) ± \(error); literature \(state.density)")
    // The table errs by 0.04 %, and so does the correction: the fluid's shells at 3.5σ are some per cent
    // of its density, which their signs let cancel but for a tenth. Sampling adds 0.1 %.
    #expect(abs(found - state.density) < 3 * error, "\(found) ± \(error)")
    #expect(error < 0.004 * state.density)
    let energy = blockMean(energies, blocks: 20)
    let corrected = energy.mean + missing
    print("\(barostat): energy \(corrected) ± \(energy.error); literature \(state.energy)")
    // Energy is very nearly proportional to the density here.
    let allowance = 3 * (energy.error + error / state.density * abs(state.energy))
    #expect(abs(corrected - state.energy) < allowance, "\(corrected) ± \(energy.error)")
  }

  /// A face-centred cubic crystal of argon.
  private static func crystal(count: Int, density: Double) throws -> AtomicStructure {
    let cells = Int(cbrt(Double(count / 4)).rounded())
    let edge = cbrt(4 / density) * sigma
    let sites: [SIMD3<Double>] = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    var positions: [SIMD3<Double>] = []
    for x in 0..<cells {
      for y in 0..<cells {
        for z in 0..<cells {
          positions += sites.map { edge * ($0 + SIMD3(Double(x), Double(y), Double(z))) }
        }
      }
    }
    let length = edge * Double(cells)
    return AtomicStructure(
      atomicNumbers: [Int](repeating: 18, count: count), positions: positions,
      cell: try Cell([length, 0, 0], [0, length, 0], [0, 0, length]))
  }
}
