import Foundation
import MolecularDynamics
import Potentials
import TestSupport
import Testing

/// What docs/molecular-dynamics.md shows of the library.
@Suite("The article on molecular dynamics")
struct ArticleTests {
  @Test("its example runs")
  func example() async throws {
    let potential = try Potential.lennardJones()
    let structure = try Argon().structure("baoab")
    let folder = try TemporaryFolder()

    let settings = DynamicsSettings(
      .constantTemperature(30, .velocityRescaling(time: 100)), timestep: 1, seed: 7)
    let start = try Simulation(of: structure, with: potential, settings, velocities: .thermal(30))

    var times: [Double] = []
    var last = start
    for try await simulation in start.steps(40, every: 10) {
      times.append(simulation.observation.time)
      last = simulation
    }
    #expect(times == [10, 20, 30, 40])
    try Checkpoint(of: last, model: "lj-argon, single").write(to: folder.file("run.state"))
    #expect(try Checkpoint(contentsOf: folder.file("run.state")).state == last.state)

    var relaxation = try Relaxation(
      of: last.state.structure, with: potential, .init(cell: .full))
    try relaxation.run()
    #expect(relaxation.isConverged)
    #expect(relaxation.energy < last.observation.potentialEnergy)
  }
}
