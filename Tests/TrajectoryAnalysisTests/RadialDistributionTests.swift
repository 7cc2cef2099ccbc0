import FileFormats
import Foundation
import TestSupport
import Testing
import TrajectoryAnalysis

@Suite("Radial and angular distributions")
struct RadialDistributionTests {
  @Test("an ideal gas has g = 1 within its counting error, in a cell narrower than the cutoff too")
  func idealGas() throws {
    var random = SeededGenerator(seed: 11)
    let box = box(SIMD3(7, 0, 0), SIMD3(2, 8, 0), SIMD3(-1, 1, 9))
    let gas = TrajectoryAtoms(
      symbols: (0..<60).map { $0 < 20 ? "Ar" : "Ne" }, masses: [Double](repeating: 1, count: 60))
    var accumulator = RadialDistributionAccumulator(gas, cutoff: 6, binWidth: 0.5)
    let frameCount = 400
    for _ in 0..<frameCount {
      let positions = (0..<60).map { _ in
        box.cartesian(SIMD3(random.uniform(), random.uniform(), random.uniform()))
      }
      accumulator.add(positions, in: box)
    }
    let result = try #require(accumulator.result())
    #expect(result.pairs.map(\.label) == ["all", "Ar-Ar", "Ar-Ne", "Ne-Ne"])
    let numbers = [(60.0, 60.0), (20, 20), (20, 40), (40, 40)]
    for (pair, (first, second)) in zip(result.pairs, numbers) {
      for (bin, value) in pair.values.enumerated() {
        // No shell of this range holds a lattice vector before 7 Å, so that of N² pairs the N of
        // an atom with itself are missing: g is 1 − 1/N for pairs of one kind.
        let own = first == second ? 1 / first : 0
        let shell = 4 / 3 * Double.pi * 0.125 * (pow(Double(bin + 1), 3) - pow(Double(bin), 3))
        let count = first * second / box.volume * shell * Double(frameCount)
        // Ordered pairs of one kind come in twos, which halves the independent counts.
        let sigma = (first == second ? 2 / count : 1 / count).squareRoot()
        // 48 values: one beyond five standard deviations is a matter of 3·10⁻⁵.
        #expect(abs(value - (1 - own)) < 5 * sigma, "\(pair.label) \(result.radii[bin])")
        #expect(pair.errors[bin] < 3 * sigma && pair.errors[bin] > sigma / 3)
      }
    }
  }

  @Test("a perfect crystal has its shells at exact distances with exact numbers")
  func crystal() throws {
    let (positions, box) = faceCentredCubic(4, repeats: 2)
    var accumulator = RadialDistributionAccumulator(
      atoms("Cu", positions.count), cutoff: 7, binWidth: 0.02)
    accumulator.add(positions, in: box)
    let result = try #require(accumulator.result())
    let all = result.pairs[0]
    #expect(result.pairs.count == 1)
    // Shells of the face-centred lattice: 12, 6, 24, 12, 24, 8 at a√(n/2).
    let shells = [12.0, 6, 24, 12, 24, 8]
    let occupied = all.values.indices.filter { all.values[$0] > 0 }
    #expect(occupied.count == shells.count)
    var total = 0.0
    for (n, (bin, number)) in zip(occupied, shells).enumerated() {
      let distance = 4 * (Double(n + 1) / 2).squareRoot()
      #expect(abs(result.radii[bin] - distance) <= 0.0100001)
      total += number
      #expect(all.coordination[bin] == total)
      let shell =
        4 / 3 * Double.pi * (pow(Double(bin + 1), 3) - pow(Double(bin), 3)) * 8e-6
      // n = ρ g 4π/3 (…): density 4 atoms in 64 Å³.
      expectClose(all.values[bin] * shell * 4 / 64, number, tolerance: 1e-12)
    }
    let peak = try #require(all.firstPeak)
    expectClose(peak.radius, 4 / 2.0.squareRoot(), tolerance: 0.07, relativeTo: 1)
    let minimum = try #require(all.firstMinimum)
    #expect(minimum > 2.9 && minimum < 4)
    #expect(all.firstShell?.mean == 12)
    #expect(all.firstShell?.error == nil)
  }

  @Test("a supercell, a turned crystal and another choice of cell give the same numbers")
  func invariance() throws {
    func analyse(_ positions: [SIMD3<Double>], _ box: PeriodicBox) throws -> RadialDistribution {
      // Off the distances of the lattice, which rounding would throw to either side of a bound.
      var accumulator = RadialDistributionAccumulator(
        atoms("Cu", positions.count), cutoff: 6.1, binWidth: 0.061)
      accumulator.add(positions, in: box)
      return try #require(accumulator.result())
    }
    let side = 3.61
    let (small, smallBox) = faceCentredCubic(side, repeats: 1)
    let reference = try analyse(small, smallBox)
    let (large, largeBox) = faceCentredCubic(side, repeats: 3)
    let vectors = smallBox.vectors
    let variants = [
      try analyse(large, largeBox),
      try analyse(
        small.map(rotated), box(rotated(vectors[0]), rotated(vectors[1]), rotated(vectors[2]))),
      // The primitive cell, and a skewed one.
      try analyse(
        [.zero],
        box(SIMD3(0, side, side) / 2, SIMD3(side, 0, side) / 2, SIMD3(side, side, 0) / 2)),
      try analyse(small, box(vectors[0], vectors[1] + 3 * vectors[0], vectors[2] - vectors[1])),
    ]
    for variant in variants {
      expectClose(variant.pairs[0].values, reference.pairs[0].values, tolerance: 1e-12)
      expectClose(variant.pairs[0].coordination, reference.pairs[0].coordination, tolerance: 1e-12)
    }
  }

  @Test("agrees with numpy on a mixture in a skewed cell that changes")
  func numpy() throws {
    let fixture = try Fixture.load()
    let path = try Fixture.path("mixture.extxyz")
    var options = AnalysisOptions()
    options.radialCutoff = fixture.radialCutoff
    options.radialBinWidth = fixture.binWidth
    options.bondCutoff = fixture.bondCutoff
    let observables = try TrajectoryObservables(contentsOf: path, options: options)
    let result = try #require(observables.radialDistribution)
    #expect(result.pairs.map(\.label) == ["all", "Na-Na", "Na-Cl", "Cl-Cl"])
    for pair in result.pairs {
      expectClose(pair.values, try #require(fixture.radial[pair.label]), tolerance: 1e-12)
    }
    expectClose(
      result.pairs[2].coordination, try #require(fixture.coordination["Na-Cl"]), tolerance: 1e-12)
    expectClose(
      result.pairs[2].reverseCoordination, try #require(fixture.coordination["Cl-Na"]),
      tolerance: 1e-12)
    let angles = try #require(observables.angularDistribution)
    for triple in angles.triples {
      expectClose(
        triple.values, try #require(fixture.angular[triple.label]), tolerance: 1e-12)
    }
    #expect(Set(angles.triples.map(\.label)) == Set(fixture.angular.keys))
  }

  @Test("a crystal's angles are those of its lattice, and the distribution has the integral 1")
  func angles() throws {
    let (positions, box) = faceCentredCubic(4, repeats: 2)
    // Off the lattice by a hair, so that no angle lies on the bound of a bin by rounding alone.
    var random = SeededGenerator(seed: 5)
    let rattled = positions.map {
      $0 + 1e-4 * SIMD3(random.normal(), random.normal(), random.normal())
    }
    var accumulator = AngularDistributionAccumulator(atoms("Cu", 32), bondCutoff: 3.4)
    accumulator.add(rattled, in: box)
    let all = try #require(accumulator.result()).triples[0]
    // Of the 66 pairs of 12 neighbours 24 are at 60°, 12 at 90°, 24 at 120°, 6 at 180°.
    func share(_ angle: Int) -> Double {
      all.values[max(0, angle - 2)...min(179, angle + 1)].reduce(0, +)
    }
    #expect(all.count == 32 * 66)
    for (degrees, number) in [(60, 24.0), (90, 12), (120, 24), (180, 6)] {
      expectClose(share(degrees), number / 66, tolerance: 1e-12)
    }
    expectClose(all.values.reduce(0, +), 1, tolerance: 1e-13)
    expectClose(all.perSolidAngle.reduce(0, +), 1, tolerance: 1e-13)
  }
}
