import Foundation
import MolecularDynamics
import Potentials
import TestSupport
import Testing

/// Trajectories of ASE in double precision. Rounding grows along a trajectory: 10⁻¹² Å for 40 steps,
/// 10⁻⁹ Å for 200. Energies of some 10 eV err by 10⁻¹².
@Suite("Recorded trajectories")
struct RecordedTrajectoryTests {
  private static func energies(_ simulation: Simulation) -> (Double, Double) {
    let observation = simulation.observation
    return (observation.potentialEnergy, observation.kineticEnergy)
  }

  @Test("forces, energy and stress of the potential are the recorded ones")
  func potential() throws {
    let argon = try Argon()
    for name in ["nve", "baoab"] {
      let result = try Argon.potential().evaluate(argon.structure(name))
      expectClose([result.energy], try argon.file.doubles("\(name)/energy0"), tolerance: 1e-13)
      expectClose(
        flat(result.forces), try argon.file.doubles("\(name)/forces0"), tolerance: 1e-12)
      expectClose(
        try #require(result.stress), try argon.file.doubles("\(name)/stress0"), tolerance: 1e-12)
    }
  }

  @Test("velocity Verlet in a triclinic cell")
  func constantEnergy() throws {
    let argon = try Argon()
    var simulation = try argon.simulation("nve", DynamicsSettings(timestep: 2))
    var potentials: [Double] = []
    var kinetics: [Double] = []
    for step in 0...200 {
      if step > 0 { try simulation.advance() }
      potentials.append(simulation.observation.potentialEnergy)
      kinetics.append(simulation.observation.kineticEnergy)
      if step > 0, step.isMultiple(of: 40) {
        let range = (step / 40 - 1) * 324..<step / 40 * 324
        let tolerance = step == 40 ? 1e-12 : 1e-9
        expectClose(
          flat(simulation.state.structure.positions),
          Array(try argon.file.doubles("nve/positions_every_40")[range]), tolerance: tolerance,
          relativeTo: 1, "positions, step \(step)")
        expectClose(
          flat(simulation.state.velocities),
          Array(try argon.file.doubles("nve/velocities_every_40")[range]), tolerance: tolerance,
          relativeTo: 1, "velocities, step \(step)")
      }
    }
    expectClose(potentials, try argon.file.doubles("nve/potential"), tolerance: 1e-12)
    expectClose(kinetics, try argon.file.doubles("nve/kinetic"), tolerance: 1e-12)
  }

  @Test("velocity Verlet of a cluster in empty space, at every step")
  func cluster() throws {
    let argon = try Argon()
    var simulation = try argon.simulation("cluster", cell: nil, DynamicsSettings(timestep: 5))
    var positions: [Double] = []
    var velocities: [Double] = []
    var energies = [Self.energies(simulation)]
    for _ in 0..<50 {
      try simulation.advance()
      positions += flat(simulation.state.structure.positions)
      velocities += flat(simulation.state.velocities)
      energies.append(Self.energies(simulation))
    }
    expectClose(
      positions, try argon.file.doubles("cluster/positions"), tolerance: 1e-12, relativeTo: 1)
    expectClose(
      velocities, try argon.file.doubles("cluster/velocities"), tolerance: 1e-13, relativeTo: 1)
    expectClose(
      energies.map(\.0), try argon.file.doubles("cluster/potential"), tolerance: 1e-12)
    expectClose(energies.map(\.1), try argon.file.doubles("cluster/kinetic"), tolerance: 1e-12)
  }

  /// Runs a case of 32 atoms at 4 fs with 96 degrees of freedom and compares what all cases have.
  private func run(
    _ name: String, _ ensemble: Ensemble, steps: Int, noise: any NoiseSource,
    observe: (Simulation) -> Void = { _ in }
  ) throws {
    let argon = try Argon()
    var simulation = try argon.simulation(
      name, DynamicsSettings(ensemble, timestep: 4, degreesOfFreedom: 96), noise: noise)
    var energies = [Self.energies(simulation)]
    observe(simulation)
    for _ in 0..<steps {
      try simulation.advance()
      energies.append(Self.energies(simulation))
      observe(simulation)
    }
    expectClose(
      flat(simulation.state.structure.positions), try argon.file.doubles("\(name)/positions"),
      tolerance: 1e-12, relativeTo: 1)
    expectClose(
      flat(simulation.state.velocities), try argon.file.doubles("\(name)/velocities"),
      tolerance: 1e-13, relativeTo: 1)
    expectClose(
      energies.map(\.0), try argon.file.doubles("\(name)/potential"), tolerance: 1e-12)
    expectClose(
      energies.map(\.1), try argon.file.doubles("\(name)/kinetic"), tolerance: 1e-12)
  }

  @Test("Langevin dynamics, with the recorded noise")
  func langevin() throws {
    let noise = try Argon().file.doubles("baoab/noise")
    try run(
      "baoab", .constantTemperature(80, .langevin(friction: 1.0 / 200)), steps: 40,
      noise: RecordedNoise(
        vectors: (0..<40).map { Argon.vectors(Array(noise[$0 * 96..<($0 + 1) * 96])) }))
  }

  @Test("stochastic velocity rescaling, with the recorded noise")
  func velocityRescaling() throws {
    let file = try Argon().file
    try run(
      "bussi", .constantTemperature(80, .velocityRescaling(time: 100)), steps: 40,
      noise: RecordedNoise(
        vectors: try file.doubles("bussi/normal").map { [SIMD3($0, 0, 0)] },
        chiSquares: try file.doubles("bussi/chi_square")))
  }

  @Test("a Nosé–Hoover chain, and what it conserves")
  func noseHooverChain() throws {
    var conserved: [Double] = []
    try run(
      "nhc", .constantTemperature(80, .noseHooverChain(time: 200)), steps: 60,
      noise: SeededNoise(seed: 0)
    ) { conserved.append($0.observation.conservedEnergy) }
    expectClose(conserved, try Argon().file.doubles("nhc/conserved"), tolerance: 1e-12)
  }

  @Test("the barostat of Martyna, Tobias and Klein, its volume and what it conserves")
  func martynaTobiasKlein() throws {
    let file = try Argon().file
    var conserved: [Double] = []
    var volumes: [Double] = []
    var cell: [SIMD3<Double>] = []
    try run(
      "mtk",
      .constantPressure(
        0.05 * DynamicsUnits.gigapascal, temperature: 80,
        .martynaTobiasKlein(thermostatTime: 200, barostatTime: 800)), steps: 60,
      noise: SeededNoise(seed: 0)
    ) {
      conserved.append($0.observation.conservedEnergy)
      volumes.append($0.observation.volume ?? .nan)
      cell = $0.state.structure.cell?.vectors ?? []
    }
    expectClose(conserved, try file.doubles("mtk/conserved"), tolerance: 1e-12)
    expectClose(volumes, try file.doubles("mtk/volume"), tolerance: 1e-12)
    expectClose(flat(cell), try file.doubles("mtk/cell_final"), tolerance: 1e-12)
  }
}
