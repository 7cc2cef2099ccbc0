import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport
import Testing

@Suite("Dynamics at constant energy")
struct ConstantEnergyTests {
  @Test("halving the time step divides the error of the energy by four")
  func order() throws {
    let argon = try Argon()
    let structure = try argon.structure("baoab")
    let potential = try Argon.potential()
    func deviation(_ timestep: Double) throws -> Double {
      var simulation = try Simulation(
        of: structure, with: potential, DynamicsSettings(timestep: timestep, seed: 3),
        velocities: .thermal(60))
      var energies: [Double] = []
      for _ in 0..<Int(400 / timestep) {
        try simulation.advance()
        energies.append(simulation.observation.totalEnergy)
      }
      let mean = energies.reduce(0, +) / Double(energies.count)
      let variance =
        energies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        / Double(energies.count)
      return variance.squareRoot()
    }
    let (coarse, fine) = (try deviation(8), try deviation(4))
    // The next order of the expansion adds a few per cent.
    #expect((3.5...4.5).contains(coarse / fine), "\(coarse / fine)")
  }

  @Test("turning the velocities round brings the atoms back")
  func reversal() throws {
    let argon = try Argon()
    let start = try argon.simulation("nve", DynamicsSettings(timestep: 2))
    var simulation = start
    try simulation.advance(by: 100)
    var back = try Simulation(
      of: simulation.state.structure, with: Argon.potential(), DynamicsSettings(timestep: 2),
      velocities: .given(simulation.state.velocities.map { -$0 }))
    try back.advance(by: 100)
    // Rounding of positions of some 20 Å, grown over 200 steps.
    expectClose(
      flat(back.state.structure.positions), flat(start.state.structure.positions),
      tolerance: 1e-10, relativeTo: 1)
  }

  @Test("single precision keeps the total momentum", arguments: Precision.allCases)
  func momentum(_ precision: Precision) throws {
    let structure = try Argon().structure("baoab")
    var simulation = try Simulation(
      of: structure, with: Argon.potential(precision), DynamicsSettings(timestep: 4, seed: 1),
      velocities: .thermal(100))
    try simulation.advance(by: 100)
    let speed = simulation.state.velocities.reduce(0) { $0 + $1.length }
    let sum = simulation.state.velocities.reduce(SIMD3<Double>.zero, +).length
    // A force is a sum of some 60 terms, each rounded.
    let unit = precision == .single ? Double(Float.ulpOfOne) : Double.ulpOfOne
    #expect(sum < 100 * unit * speed, "\(sum / speed)")
  }

  @Test("fixed atoms stay, and the others have three degrees of freedom each")
  func fixedAtoms() throws {
    let structure = try Argon().structure("baoab")
    let fixed: Set<Int> = [0, 5, 31]
    var simulation = try Simulation(
      of: structure, with: Argon.potential(),
      DynamicsSettings(.constantTemperature(90, .langevin(friction: 0.01)), timestep: 4),
      velocities: .thermal(90), fixedAtoms: fixed)
    #expect(simulation.settings.degreesOfFreedom == 3 * 29)
    expectClose(simulation.observation.temperature, 90, tolerance: 1e-13)
    try simulation.advance(by: 20)
    for atom in structure.positions.indices {
      #expect(
        (simulation.state.structure.positions[atom] == structure.positions[atom])
          == fixed.contains(atom))
    }
  }

  @Test("walking through steps gives what advancing gives, at every interval and at the end")
  func steps() async throws {
    let start = try Argon().simulation("nve", DynamicsSettings(timestep: 2))
    var seen: [Int] = []
    var last = start
    for try await simulation in start.steps(10, every: 4) {
      seen.append(simulation.state.step)
      last = simulation
    }
    #expect(seen == [4, 8, 10])
    var other = start
    try other.advance(by: 10)
    #expect(other.state == last.state)
    #expect(start.state.step == 0)
  }

  @Test("a cancelled walk ends with CancellationError")
  func cancellation() async throws {
    let start = try Argon().simulation("nve", DynamicsSettings(timestep: 2))
    let task = Task {
      for try await _ in start.steps(1_000_000) {}
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

@Suite("Initial velocities")
struct InitialVelocitiesTests {
  @Test("the temperature is exact, momentum and angular momentum are zero")
  func cluster() throws {
    let structure = try Argon().structure("cluster", cell: nil)
    let simulation = try Simulation(
      of: structure, with: Argon.potential(), DynamicsSettings(timestep: 1, seed: 5),
      velocities: .thermal(50))
    #expect(simulation.settings.degreesOfFreedom == 3 * 13 - 6)
    expectClose(simulation.observation.temperature, 50, tolerance: 1e-13)
    let velocities = simulation.state.velocities
    let scale = velocities.reduce(0) { $0 + $1.length }
    #expect(velocities.reduce(.zero, +).length < 1e-14 * scale)
    let angular = zip(structure.positions, velocities).reduce(SIMD3<Double>.zero) {
      $0 + $1.0.cross($1.1)
    }
    // Arms of some 4 Å about the origin of the file.
    #expect(angular.length < 1e-13 * scale)
  }

  @Test("degrees of freedom count what is conserved")
  func degreesOfFreedom() throws {
    let potential = try Potential.lennardJones(precision: .double)
    func count(
      _ positions: [SIMD3<Double>], _ ensemble: Ensemble = .constantEnergy, cell: Cell? = nil
    ) throws -> Int? {
      try Simulation(
        of: AtomicStructure(
          atomicNumbers: positions.map { _ in 18 }, positions: positions, cell: cell),
        with: potential, DynamicsSettings(ensemble, timestep: 1), velocities: .thermal(10)
      ).settings.degreesOfFreedom
    }
    let cell = try Cell([30, 0, 0], [0, 30, 0], [0, 0, 30])
    #expect(try count([[0, 0, 0]]) == 3)
    #expect(try count([[0, 0, 0], [4, 0, 0]]) == 1)
    #expect(try count([[0, 0, 0], [4, 0, 0], [8, 0, 0]]) == 4)
    #expect(try count([[0, 0, 0], [4, 0, 0], [0, 4, 0]]) == 3)
    #expect(try count([[0, 0, 0], [4, 0, 0], [0, 4, 0]], cell: cell) == 6)
    #expect(
      try count([[0, 0, 0], [4, 0, 0]], .constantTemperature(10, .langevin(friction: 0.1))) == 6)
  }

  @Test("another seed draws other velocities, the same seed the same")
  func seeds() throws {
    let structure = try Argon().structure("baoab")
    let potential = try Argon.potential()
    let velocities = try [1, 1, 2].map { seed in
      try Simulation(
        of: structure, with: potential, DynamicsSettings(timestep: 1, seed: seed),
        velocities: .thermal(80)
      ).state.velocities
    }
    #expect(velocities[0] == velocities[1])
    #expect(velocities[0] != velocities[2])
  }
}
