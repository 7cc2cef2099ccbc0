import FileFormats
import Foundation
import Irreps
import Neighbours
import Potentials
import TestSupport
import Testing

/// The small random-weight model, which has parity, in double precision unless said otherwise.
@Suite("A potential")
struct PotentialTests {
  static func potential(_ precision: Precision = .double) throws -> Potential {
    try Potential(contentsOf: fixturePath("small.pth", in: .module), precision: precision)
  }

  /// Carbon, hydrogen and oxygen in a skewed cell smaller than twice the cutoff.
  static func structure(seed: UInt64) throws -> AtomicStructure {
    var random = SeededGenerator(seed: seed)
    func number(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
    let a = SIMD3(4.6, number(-0.4...0.4), number(-0.4...0.4))
    let b = SIMD3(number(-0.9...0.9), 4.9, number(-0.4...0.4))
    let c = SIMD3(number(-0.9...0.9), number(-0.9...0.9), 5.2)
    var positions: [SIMD3<Double>] = []
    for x in 0..<2 {
      for y in 0..<2 {
        for z in 0..<2 {
          positions.append(
            (Double(x) / 2 + number(-0.08...0.08)) * a + (Double(y) / 2 + number(-0.08...0.08)) * b
              + (Double(z) / 2 + number(-0.08...0.08)) * c)
        }
      }
    }
    return AtomicStructure(
      atomicNumbers: [6, 1, 8, 1, 6, 8, 1, 1], positions: positions, cell: try Cell(a, b, c))
  }

  static func mapped(
    _ structure: AtomicStructure, _ transform: (SIMD3<Double>) -> SIMD3<Double>
  ) throws -> AtomicStructure {
    let cell = try structure.cell.map {
      try Cell(
        transform($0.vectors[0]), transform($0.vectors[1]), transform($0.vectors[2]),
        periodic: $0.periodic)
    }
    return AtomicStructure(
      atomicNumbers: structure.atomicNumbers, positions: structure.positions.map(transform),
      cell: cell)
  }

  static func flat(_ vectors: [SIMD3<Double>]) -> [Double] {
    vectors.flatMap { [$0.x, $0.y, $0.z] }
  }

  @Test("forces are the negative gradient of the energy")
  func forces() throws {
    let potential = try Self.potential()
    let structure = try Self.structure(seed: 1)
    let forces = Self.flat(try potential.evaluate(structure).forces)
    // The difference errs by h² times a third derivative and by rounding over h.
    let h = 1e-4
    var moved: [AtomicStructure] = []
    for atom in 0..<structure.count {
      for axis in 0..<3 {
        for sign in [1.0, -1, 2, -2] {
          var other = structure
          other.positions[atom][axis] += sign * h
          moved.append(other)
        }
      }
    }
    let energies = try potential.evaluate(moved).map(\.energy)
    let differences = stride(from: 0, to: energies.count, by: 4).map { place in
      -(8 * (energies[place] - energies[place + 1]) - (energies[place + 2] - energies[place + 3]))
        / (12 * h)
    }
    expectClose(forces, differences, tolerance: 1e-7)
  }

  @Test("stress is the derivative of the energy with respect to strain, by volume")
  func stress() throws {
    let potential = try Self.potential()
    let structure = try Self.structure(seed: 2)
    let h = 1e-4
    let volume = try #require(structure.cell).volume
    let differences = try [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)].map { i, j in
      let energies = try [1.0, -1, 2, -2].map { sign in
        try Self.mapped(structure) { v in
          var w = v
          w[i] += sign * h / 2 * v[j]
          w[j] += sign * h / 2 * v[i]
          return w
        }
      }.map { try potential.evaluate($0).energy }
      return (8 * (energies[0] - energies[1]) - (energies[2] - energies[3])) / (12 * h) / volume
    }
    expectClose(
      try #require(try potential.evaluate(structure).stress), differences, tolerance: 1e-7)
  }

  @Test("rotations, reflections, translations and permutations move the forces and nothing else")
  func symmetry() throws {
    let potential = try Self.potential()
    let structure = try Self.structure(seed: 3)
    let plain = try potential.evaluate(structure)
    var random = SeededGenerator(seed: 4)
    for trial in 0..<100 {
      let rotation = Rotation.random(using: &random)
      let sign = trial % 2 == 0 ? 1.0 : -1
      let shift = SIMD3<Double>.random(in: -9...9, using: &random)
      let order = Array(0..<structure.count).shuffled(using: &random)
      var moved = try Self.mapped(structure) { rotation.apply(to: sign * $0) }
      moved.positions = order.map { moved.positions[$0] + shift }
      moved.atomicNumbers = order.map { structure.atomicNumbers[$0] }
      let result = try potential.evaluate(moved)
      // Positions after rotation and shift are rounded at 1e-15 of some 20 Å, and sums of some
      // hundred terms run in another order.
      expectClose(
        [result.energy], [plain.energy], tolerance: 1e-12, "energy, trial \(trial)")
      expectClose(
        Self.flat(result.forces),
        Self.flat(order.map { rotation.apply(to: sign * plain.forces[$0]) }), tolerance: 1e-11,
        "forces, trial \(trial)")
      #expect(result.edgeCount == plain.edgeCount)
    }
  }

  @Test("the same input gives the same bits", arguments: Precision.allCases)
  func sameBits(_ precision: Precision) throws {
    let structures = try (5..<9).map { try Self.structure(seed: $0) }
    let first = try Self.potential(precision).evaluate(structures)
    let potential = try Self.potential(precision)
    for _ in 0..<3 { #expect(try potential.evaluate(structures) == first) }
  }

  @Test("a batch of different structures gives what each gives alone")
  func batches() throws {
    let potential = try Self.potential()
    let crystal = try Self.structure(seed: 10)
    let molecule = AtomicStructure(
      atomicNumbers: [8, 1, 1], positions: [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
    let atom = AtomicStructure(atomicNumbers: [6], positions: [[1, 2, 3]])
    let structures = [molecule, crystal, atom, crystal, atom]
    let together = try potential.evaluate(structures)
    for (structure, result) in zip(structures, together) {
      let alone = try potential.evaluate(structure)
      expectClose([result.energy], [alone.energy], tolerance: 1e-14)
      expectClose(
        Self.flat(result.forces), Self.flat(alone.forces), tolerance: 1e-13, relativeTo: 1)
      #expect((result.stress == nil) == (alone.stress == nil))
      #expect(result.edgeCount == alone.edgeCount)
    }
    #expect(together[2].edgeCount == 0)
    #expect(together[2].forces == [SIMD3(0, 0, 0)])
  }

  @Test("single precision stays within its rounding of double precision")
  func precisions() throws {
    let structure = try Self.structure(seed: 11)
    let double = try Self.potential(.double).evaluate(structure)
    let single = try Self.potential(.single).evaluate(structure)
    // Some tens of roundings of 6e-8, one a layer and a sum.
    expectClose([single.energy], [double.energy], tolerance: 5e-6)
    expectClose(Self.flat(single.forces), Self.flat(double.forces), tolerance: 2e-5)
  }

  @Test("what cannot be evaluated is refused, with the structure and the atom")
  func badInput() throws {
    let potential = try Self.potential(.single)
    let good = try Self.structure(seed: 12)
    let iron = AtomicStructure(atomicNumbers: [6, 26], positions: [[0, 0, 0], [0, 0, 2]])
    #expect(throws: PotentialError.unknownElement(structure: 1, atom: 1, symbol: "Fe")) {
      try potential.evaluate([good, iron])
    }
    #expect(throws: PotentialError.noAtoms(structure: 1)) {
      try potential.evaluate([good, AtomicStructure(atomicNumbers: [], positions: [])])
    }
    let twins = AtomicStructure(atomicNumbers: [6, 6], positions: [[1, 1, 1], [1, 1, 1]])
    #expect(throws: NeighboursError.self) { try potential.evaluate(twins) }
    let lost = AtomicStructure(atomicNumbers: [6], positions: [[.nan, 0, 0]])
    #expect(throws: NeighboursError.self) { try potential.evaluate(lost) }
    #expect(throws: PotentialError.modality(found: "PBE", known: [])) {
      try Potential(contentsOf: fixturePath("small.pth", in: .module), modality: "PBE")
    }
  }
}
