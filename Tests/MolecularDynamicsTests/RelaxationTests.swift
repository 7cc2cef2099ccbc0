import FileFormats
import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport
import Testing

@Suite("Relaxation")
struct RelaxationTests {
  /// The fixture's start, and the way of ASE's optimiser from there: 10⁻⁸ for the first twenty
  /// iterations; afterwards rounding grows, and the end agrees to 10⁻⁶.
  private func compare(
    _ optimizer: RelaxationSettings.Optimizer, _ name: String
  ) throws {
    let argon = try Argon()
    var relaxation = try Relaxation(
      of: argon.structure("fire"), with: Argon.potential(),
      RelaxationSettings(optimizer, forceLimit: 1e-3))
    var energies: [Double] = []
    try relaxation.run { energies.append($0.energy) }
    let recorded = try argon.file.doubles("\(name)/energies")
    #expect(relaxation.isConverged)
    #expect(energies.count == recorded.count)
    expectClose(
      Array(energies.prefix(21)), Array(recorded.prefix(21)), tolerance: 1e-8, relativeTo: 1)
    expectClose(
      try #require(energies.last), try #require(recorded.last), tolerance: 1e-6, relativeTo: 1)
    expectClose(
      flat(relaxation.structure.positions), try argon.file.doubles("\(name)/positions"),
      tolerance: 1e-3, relativeTo: 1)
  }

  @Test("FIRE goes ASE's way") func fire() throws { try compare(.fire, "fire") }

  @Test("L-BFGS goes ASE's way") func lbfgs() throws { try compare(.lbfgs, "lbfgs") }

  @Test("the cell filter's coordinates and forces are those of ASE, before and after a step")
  func cellFilter() throws {
    let argon = try Argon()
    let potential = try Argon.potential()
    let structure = try argon.structure("frechet", cell: "cell0")
    let filter = CellFilter(
      initialCell: try #require(structure.cell), freedom: .full,
      pressure: 0.02 * DynamicsUnits.gigapascal)
    expectClose(
      flat(filter.forces(on: structure, try potential.forces(on: structure))),
      try argon.file.doubles("frechet/generalised_forces"), tolerance: 1e-10, relativeTo: 1)

    let displacement = try argon.vectors("frechet/displacement")
    let moved = try filter.structure(
      zip(filter.coordinates(of: structure), displacement).map { $0 + $1 }, like: structure)
    // ASE's coordinates of the cell carry an offset N log N = 111, through whose rounding the
    // recorded cell is off by 2·10⁻¹² from what exact arithmetic gives.
    expectClose(
      flat(moved.positions), try argon.file.doubles("frechet/positions1"), tolerance: 1e-11,
      relativeTo: 1)
    expectClose(
      flat(try #require(moved.cell).vectors), try argon.file.doubles("frechet/cell1"),
      tolerance: 1e-11, relativeTo: 1)
    let evaluation = try potential.forces(on: moved)
    expectClose(
      flat(filter.forces(on: moved, evaluation)),
      try argon.file.doubles("frechet/generalised_forces1"), tolerance: 1e-10, relativeTo: 1)
    expectClose(
      [evaluation.energy + filter.pressure * (moved.cell?.volume ?? 0)],
      try argon.file.doubles("frechet/enthalpy1"), tolerance: 1e-12)
  }

  @Test("the cell filter's forces are the derivatives of the enthalpy")
  func cellFilterDerivatives() throws {
    let argon = try Argon()
    let potential = try Argon.potential()
    let start = try argon.structure("frechet", cell: "cell0")
    let filter = CellFilter(
      initialCell: try #require(start.cell), freedom: .full,
      pressure: 0.5 * DynamicsUnits.gigapascal)
    // Far from the initial cell, where the derivative of the exponential is not the identity.
    var coordinates = filter.coordinates(of: start)
    coordinates[32] += SIMD3(1.5, 0.6, -0.4)
    coordinates[33] += SIMD3(-0.3, -1.2, 0.8)
    coordinates[34] += SIMD3(0.5, 0.2, 1)
    func enthalpy(_ coordinates: [SIMD3<Double>]) throws -> Double {
      let structure = try filter.structure(coordinates, like: start)
      return try potential.forces(on: structure).energy
        + filter.pressure * (structure.cell?.volume ?? 0)
    }
    let structure = try filter.structure(coordinates, like: start)
    let forces = filter.forces(on: structure, try potential.forces(on: structure))
    let h = 1e-3
    for row in [0, 7, 32, 33, 34] {
      for axis in 0..<3 {
        let values = try [1.0, -1, 2, -2].map { sign in
          var moved = coordinates
          moved[row][axis] += sign * h
          return try enthalpy(moved)
        }
        let slope = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h)
        // Fourth-order differences of an energy of 2 eV: rounding of 10⁻¹⁵/h, and h⁴.
        expectClose(
          forces[row][axis], -slope, tolerance: 1e-9, relativeTo: 1, "row \(row), axis \(axis)")
      }
    }
  }

  @Test(
    "with the cell the pressure comes to the one from outside",
    arguments: RelaxationSettings.Optimizer.allCases)
  func pressure(_ optimizer: RelaxationSettings.Optimizer) throws {
    let target = 0.3 * DynamicsUnits.gigapascal
    var relaxation = try Relaxation(
      of: Argon().structure("frechet", cell: "cell0"), with: Argon.potential(),
      RelaxationSettings(
        optimizer, forceLimit: 1e-4, cell: .full, pressure: target,
        stressLimit: 1e-4 * DynamicsUnits.gigapascal))
    try relaxation.run()
    #expect(relaxation.isConverged)
    let stress = try #require(relaxation.evaluation.stress)
    expectClose(
      stress, [-target, -target, -target, 0, 0, 0],
      tolerance: 1e-4 * DynamicsUnits.gigapascal, relativeTo: 1)
  }

  @Test("masks: a hydrostatic cell keeps its shape, a constant volume its volume")
  func freedoms() throws {
    let structure = try Argon().structure("frechet", cell: "cell0")
    let potential = try Argon.potential()
    let before = try #require(structure.cell)
    func relaxed(_ freedom: CellFreedom) throws -> Cell {
      var relaxation = try Relaxation(
        of: structure, with: potential, RelaxationSettings(cell: freedom, iterationLimit: 40))
      try relaxation.run()
      return try #require(relaxation.structure.cell)
    }
    let scaled = try relaxed(.hydrostatic)
    let ratio = cbrt(scaled.volume / before.volume)
    #expect(abs(ratio - 1) > 1e-3)
    expectClose(flat(scaled.vectors), flat(before.vectors.map { ratio * $0 }), tolerance: 1e-12)
    let sheared = try relaxed(CellFreedom(keepsVolume: true))
    expectClose(sheared.volume, before.volume, tolerance: 1e-12)
    var held = CellFreedom()
    held.components = [true, true, false, false, false, true]
    let plane = try relaxed(held)
    expectClose(plane.vectors[2].z, before.vectors[2].z, tolerance: 1e-12)
  }

  @Test("fixed atoms stay, and their forces do not count")
  func fixedAtoms() throws {
    let structure = try Argon().structure("fire")
    var relaxation = try Relaxation(
      of: structure, with: Argon.potential(), fixedAtoms: [0, 9])
    try relaxation.run()
    #expect(relaxation.isConverged)
    #expect(relaxation.structure.positions[0] == structure.positions[0])
    #expect(relaxation.structure.positions[9] == structure.positions[9])
    #expect(relaxation.structure.positions[1] != structure.positions[1])
    #expect(relaxation.evaluation.forces[0] != .zero)
  }

  @Test("the limit of iterations stops it, and it says that it has not converged")
  func iterationLimit() throws {
    var relaxation = try Relaxation(
      of: Argon().structure("fire"), with: Argon.potential(),
      RelaxationSettings(forceLimit: 1e-9, iterationLimit: 3))
    try relaxation.run()
    #expect(relaxation.iteration == 3)
    #expect(!relaxation.isConverged)
  }

  @Test("a cell cannot be relaxed where there is none")
  func noCell() throws {
    #expect(throws: DynamicsError.self) {
      try Relaxation(
        of: Argon().structure("cluster", cell: nil), with: Argon.potential(),
        RelaxationSettings(cell: .full))
    }
  }
}

@Suite("Functions of matrices")
struct MatrixFunctionTests {
  private func random(_ size: Double, seed: UInt64) -> Matrix3 {
    var generator = SeededGenerator(seed: seed)
    return Matrix3(
      rows: (0..<3).map { _ in SIMD3<Double>.random(in: -size...size, using: &generator) })
  }

  @Test("the logarithm undoes the exponential", arguments: [1e-6, 0.01, 0.3, 0.8])
  func inverse(_ size: Double) {
    for seed in 0..<20 as Range<UInt64> {
      let matrix = random(size, seed: seed)
      // Roots are taken up to eight times, and rounding is multiplied by two for each of them.
      expectClose(
        flat(matrix.exponential.logarithm.rows), flat(matrix.rows), tolerance: 256 * 2.2e-16,
        relativeTo: 1)
    }
  }

  @Test("the derivative of the exponential is its difference quotient")
  func derivative() {
    let (matrix, direction) = (random(0.9, seed: 1), random(1, seed: 2))
    let h = 1e-3
    func value(_ step: Double) -> Matrix3 { (matrix + (step * h) * direction).exponential }
    let slope =
      (1 / (12 * h)) * (8.0 * (value(1) - value(-1)) - (value(2) - value(-2)))
    expectClose(
      flat(matrix.exponentialAndDerivative(along: direction).derivative.rows), flat(slope.rows),
      tolerance: 1e-11)
  }
}
