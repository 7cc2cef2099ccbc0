import FileFormats
import Foundation
import TestSupport
import Testing
import TrajectoryAnalysis

@Suite("Energies, temperature, cell, errors")
struct ThermodynamicsTests {
  @Test("temperature, pressure and cell are ASE's")
  func ase() throws {
    let fixture = try Fixture.load()
    let result = try TrajectoryObservables(contentsOf: Fixture.path("mixture.extxyz"))
    #expect(result.formula == "Na5Cl7")
    #expect(result.frameCount == 24)
    #expect(result.interval == 2)
    #expect(result.times?.first == 100)
    // ASE's constants are the same numbers, written with fifteen digits here.
    expectClose(
      try #require(result.thermodynamics.temperature), fixture.temperatures, tolerance: 1e-12)
    expectClose(try #require(result.thermodynamics.pressure), fixture.pressures, tolerance: 1e-9)
    let cell = try #require(result.cell)
    #expect(cell.varies)
    expectClose(cell.volumes, fixture.volumes, tolerance: 1e-13)
    for (ours, theirs) in zip(cell.parameters, fixture.cellParameters) {
      expectClose(ours, theirs, tolerance: 1e-12)
    }
  }

  @Test("the error of the mean of correlated samples is the true one")
  func blockAverages() throws {
    // x ← φx + √(1 − φ²)ξ has variance 1 and a mean of variance (1 + φ)/(1 − φ)/n.
    var random = SeededGenerator(seed: 4)
    for phi in [0.0, 0.9] {
      let count = 40_000
      var x = random.normal()
      let samples = (0..<count).map { _ in
        x = phi * x + (1 - phi * phi).squareRoot() * random.normal()
        return x
      }
      let average = BlockAverage(samples)
      let truth = ((1 + phi) / (1 - phi) / Double(count)).squareRoot()
      let error = try #require(average.error)
      // Sixteen blocks know their own error to 18 %; the largest of the levels is chosen.
      #expect(error > 0.7 * truth && error < 1.8 * truth)
      #expect(abs(average.mean) < 5 * truth)
    }
    #expect(BlockAverage([2.5]).error == nil)
    #expect(BlockAverage([2.5]).mean == 2.5)
    #expect(BlockAverage([1, 2, 3]).mean == 2)
  }

  @Test("a log's drift, fluctuation and temperature are found again")
  func log() throws {
    var random = SeededGenerator(seed: 9)
    let atomCount = 8
    let drift = 3e-5  // eV an atom a picosecond
    var text = "step,time_fs,potential_eV,total_eV,conserved_eV,temperature_K\n"
    for step in 0..<4000 {
      let time = 0.5 * Double(step)
      let conserved = -30 + drift * Double(atomCount) * time / 1000 + 1e-5 * random.normal()
      text += "\(step),\(time), \(-31.0),\(-30.5),\(conserved),\(300 + 10 * random.normal())\n"
    }
    let folder = try TemporaryFolder()
    let frame = ExtendedXYZFrame(
      species: [String](repeating: "Si", count: atomCount),
      positions: (0..<atomCount).map { SIMD3(Double($0), 0, 0) })
    let result = try TrajectoryObservables(
      contentsOf: write([frame], in: folder), log: folder.write(text, as: "log.csv"))
    let found = try #require(result.thermodynamics.drift)
    #expect(found.quantity == "conserved_eV")
    let error = try #require(found.error)
    #expect(abs(found.rate - drift) < 4 * error)
    // σ/(T√(n/12)) for a line through n points over T: 1e-5/8/(2 ps · √(4000/12)).
    expectClose(error, 1e-5 / 8 / (2 * (4000.0 / 12).squareRoot()), tolerance: 0.6)
    expectClose(found.fluctuation, 1e-5 / 8, tolerance: 0.05)
    let temperature = BlockAverage(try #require(result.thermodynamics.temperature))
    #expect(abs(temperature.mean - 300) < 5 * (temperature.error ?? 0))
    #expect(result.thermodynamics.pressure == nil)
  }

  @Test("a log that is none is refused with its line")
  func badLogs() throws {
    let folder = try TemporaryFolder()
    let frame = ExtendedXYZFrame(species: ["Si"], positions: [.zero])
    let path = try write([frame], in: folder)
    for (text, phrase) in [
      ("", "empty"), ("step,temperature_K\n0,300\n", "time_fs"),
      ("time_fs,temperature_K\n0,300\n1\n", "line 3"),
      ("time_fs,temperature_K\n0,nan\n", "line 2"),
      ("time_fs\n2\n1\n", "line 3"), ("time_fs,temperature_K\n", "no rows"),
    ] {
      let log = try folder.write(text, as: "log.csv")
      let error = try #require(throws: FileFormatError.self) {
        try TrajectoryObservables(contentsOf: path, log: log)
      }
      #expect(error.description.contains(phrase), "\(error)")
      #expect(error.kind == .malformed)
    }
  }

  @Test("frames that do not belong together are refused with their place")
  func badFrames() throws {
    let folder = try TemporaryFolder()
    let one = "1\nProperties=species:S:1:pos:R:3\nSi 0 0 0\n"
    for (second, phrases) in [
      (
        "2\nProperties=species:S:1:pos:R:3\nSi 0 0 0\nSi 1 1 1\n", ["line 4", "frame 1", "2 atoms"]
      ),
      ("1\nProperties=species:S:1:pos:R:3\nGe 0 0 0\n", ["line 4", "not those of frame 0"]),
      ("1\nProperties=species:S:1:pos:R:3\nSi 0 nan 0\n", ["line 6", "atom 0", "finite"]),
      (
        "1\nProperties=species:S:1:pos:R:3:velocities:R:3\nSi 0 0 0 inf 0 0\n",
        ["line 6", "velocity of atom 0"]
      ),
      (
        "1\nLattice=\"1 0 0 1 0 0 0 0 1\" Properties=species:S:1:pos:R:3\nSi 0 0 0\n",
        ["line 4", "no volume"]
      ),
    ] {
      let path = try folder.write(one + second, as: "bad.extxyz")
      let error = try #require(throws: FileFormatError.self) {
        try TrajectoryObservables(contentsOf: path)
      }
      for phrase in phrases { #expect(error.description.contains(phrase), "\(error)") }
    }
  }

  @Test("what a file does not hold leaves observables out and is said")
  func notes() throws {
    let folder = try TemporaryFolder()
    let frames = (0..<10).map { step in
      ExtendedXYZFrame(
        species: ["Si", "Si"], positions: [.zero, SIMD3(2 + 0.1 * Double(step), 0, 0)])
    }
    let path = try write(frames, in: folder)
    let bare = try TrajectoryObservables(contentsOf: path)
    #expect(bare.meanSquareDisplacement == nil && bare.radialDistribution == nil)
    #expect(bare.notes.contains { $0.contains("--interval") })
    #expect(bare.notes.contains { $0.contains("no cell") })
    var options = AnalysisOptions()
    options.interval = 5
    options.firstFrame = 2
    options.every = 3
    let timed = try TrajectoryObservables(contentsOf: path, options: options)
    #expect(timed.times == [10, 25, 40])
    #expect(timed.meanSquareDisplacement != nil && timed.velocityAutocorrelation == nil)
    #expect(timed.notes.contains { $0.contains("velocities") })
    options.firstFrame = 10
    #expect(throws: FileFormatError.self) {
      try TrajectoryObservables(contentsOf: path, options: options)
    }
  }
}
