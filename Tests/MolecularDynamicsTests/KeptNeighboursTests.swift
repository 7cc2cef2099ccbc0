import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport
import Testing

@Suite("Kept neighbour lists")
struct KeptNeighboursTests {
  private static func moved(
    _ structure: AtomicStructure, by size: Double, seed: UInt64
  ) -> AtomicStructure {
    var generator = SeededGenerator(seed: seed)
    var result = structure
    for atom in result.positions.indices {
      // Within a sphere, so that `size` bounds the displacement.
      var step = SIMD3<Double>.random(in: -1...1, using: &generator)
      while (step * step).sum() > 1 { step = .random(in: -1...1, using: &generator) }
      result.positions[atom] += size * step
    }
    return result
  }

  @Test("energies, forces and stress do not depend on the skin", arguments: Precision.allCases)
  func skins(_ precision: Precision) throws {
    let argon = try Argon()
    let potential = try Argon.potential(precision)
    let rounding = precision == .double ? 1e-12 : 1e-5
    for (name, cell) in [("nve", "cell"), ("baoab", "cell"), ("cluster", nil)] {
      let start = try argon.structure(name, cell: cell)
      for skin in [0, 0.5, 2.0] {
        let kept = try potential.keepingNeighbours(skin: skin)
        var reference: AtomicStructure? = start
        // Less than half of the skin: the list is that of the start.
        let structure = Self.moved(start, by: 0.49 * skin, seed: 1)
        let result = try kept.forces(on: structure, listedAt: &reference)
        let expected = try potential.forces(on: structure)
        #expect(reference == start)
        expectClose(result.energy, expected.energy, tolerance: rounding, "\(name), skin \(skin)")
        expectClose(
          flat(result.forces), flat(expected.forces), tolerance: rounding, "\(name), skin \(skin)")
        #expect((result.stress == nil) == (expected.stress == nil))
        if let stress = result.stress, let other = expected.stress {
          expectClose(stress, other, tolerance: rounding, "\(name), skin \(skin)")
        }
      }
    }
  }

  @Test("a list is made anew when an atom has moved half of the skin, or the cell has changed")
  func rebuilding() throws {
    let potential = try Argon.potential()
    let kept = try potential.keepingNeighbours(skin: 1)
    let start = try Argon().structure("baoab")
    func keeps(_ change: (inout AtomicStructure) throws -> Void) throws -> Bool {
      var reference: AtomicStructure? = start
      var structure = start
      try change(&structure)
      let result = try kept.forces(on: structure, listedAt: &reference)
      expectClose(result.energy, try potential.forces(on: structure).energy, tolerance: 1e-12)
      return reference == start
    }
    func scaled(_ structure: inout AtomicStructure, by factor: Double) throws {
      let v = try #require(structure.cell).vectors.map { factor * $0 }
      structure.cell = try Cell(v[0], v[1], v[2])
      structure.positions = structure.positions.map { factor * $0 }
    }
    #expect(try keeps { $0.positions[4].x += 0.49 })
    #expect(try !keeps { $0.positions[4].x += 0.51 })
    // The bound on a strain of s in all directions is √3 s: 7 % of 8 Å is more than the skin.
    #expect(try keeps { try scaled(&$0, by: 0.95) })
    #expect(try keeps { try scaled(&$0, by: 1.05) })
    #expect(try !keeps { try scaled(&$0, by: 0.9) })
  }

  @Test(
    "a run with a kept list follows the one without, and resumes bit for bit",
    arguments: [
      Ensemble.constantEnergy,
      .constantPressure(0.001, temperature: 80, .cellRescaling(CellRescaling(interval: 3))),
    ])
  func run(_ ensemble: Ensemble) throws {
    let structure = try Argon().structure("nve")
    let potential = try Argon.potential()
    let settings = DynamicsSettings(ensemble, timestep: 4, seed: 5)
    func simulation(_ forceField: some ForceField) throws -> Simulation {
      try Simulation(
        of: structure, with: forceField, settings, velocities: .thermal(80))
    }
    var plain = try simulation(potential)
    var kept = try simulation(potential.keepingNeighbours(skin: 0.6))
    let first = kept.state.neighbourReference
    try plain.advance(by: 60)
    try kept.advance(by: 60)
    #expect(kept.state.neighbourReference != first)
    // Rounding grows as along the recorded trajectories.
    expectClose(
      flat(kept.state.structure.positions), flat(plain.state.structure.positions),
      tolerance: 1e-9, relativeTo: 1)

    let folder = try TemporaryFolder()
    try Checkpoint(of: kept, model: "m").write(to: folder.file("c"))
    let checkpoint = try Checkpoint(contentsOf: folder.file("c"))
    #expect(checkpoint.state == kept.state)
    var resumed = try checkpoint.simulation(with: potential.keepingNeighbours(skin: 0.6))
    try resumed.advance(by: 40)
    try kept.advance(by: 40)
    #expect(resumed.state == kept.state)
  }
}
