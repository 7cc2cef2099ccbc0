import FileFormats
import Forecasting
import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import ShippedModels
import TestSupport
import Testing

/// The models that come with Clebsch, from the bytes in the program.
struct ShippedModelTests {
  private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// 64 atoms of silicon, displaced by 0.05 Å or so.
  private static func silicon() throws -> AtomicStructure {
    var reader = try ExtendedXYZReader(
      path: "\(repository)/Examples/structures/silicon-64.extxyz")
    return try AtomicStructure(try #require(try reader.next()))
  }

  private static func flat(_ vectors: [SIMD3<Double>]) -> [Double] {
    vectors.flatMap { [$0.x, $0.y, $0.z] }
  }

  private static func momentum(_ velocities: [SIMD3<Double>]) -> SIMD3<Double> {
    velocities.reduce(.zero, +)
  }

  @Test("the program holds the files of the repository, to the byte", arguments: ShippedModel.all)
  func embedding(_ model: ShippedModel) throws {
    let path = "\(Self.repository)/Sources/CEmbeddedModels/Files/\(model.name).safetensors"
    #expect(model.file == Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    #expect(model.file.count < 2_000_000)
    #expect(ShippedModel(named: model.name) == model)
  }

  @Test("a model of the other kind is refused by name")
  func kinds() {
    #expect {
      try Potential(.silicon10fs)
    } throws: {
      "\($0)".contains("'silicon-10fs'") && "\($0)".contains("forecaster")
    }
    #expect {
      try Forecaster(.silicon)
    } throws: {
      "\($0)".contains("'silicon'") && "\($0)".contains("potential")
    }
  }

  @Test("the potential's forces are the negative gradient of its energy")
  func forces() throws {
    let potential = try Potential(.silicon, precision: .double)
    let structure = try Self.silicon()
    let forces = try potential.evaluate(structure).forces
    // A five-point difference errs by h⁴ times a fifth derivative, some 10⁻⁸ eV/Å here, and by the
    // rounding of 344 eV over h, some 10⁻¹⁰ eV/Å; forces are of size 1 eV/Å.
    let h = 5e-3
    for (atom, axis) in [(0, 0), (17, 1), (63, 2)] {
      let energies = try potential.evaluate(
        [1.0, -1, 2, -2].map { sign in
          var moved = structure
          moved.positions[atom][axis] += sign * h
          return moved
        }
      ).map(\.energy)
      let difference =
        -(8 * (energies[0] - energies[1]) - (energies[2] - energies[3])) / (12 * h)
      expectClose([forces[atom][axis]], [difference], tolerance: 1e-6, relativeTo: 1, "\(atom)")
    }
  }

  /// Of SevenNet-0 on the same structure, from its published checkpoint.
  private static let sevenNetEnergy = -343.582856

  @Test("the potential agrees with the model that it learnt from")
  func agreement() throws {
    let structure = try Self.silicon()
    let energy = try Potential(.silicon, precision: .double).evaluate(structure).energy
    // Its validation error is 0.3 meV an atom; this structure was not in its data.
    #expect(abs(energy - Self.sevenNetEnergy) < 3e-3 * Double(structure.count))
  }

  @Test("a forecast keeps the total momentum, one that is not zero too", arguments: [0, 0.002])
  func momentum(drift: Double) throws {
    let forecaster = try Forecaster(.silicon10fs, precision: .double)
    var generator = SeededGenerator(seed: 5)
    let structure = try Self.silicon()
    var velocities = (0..<structure.count).map { _ in
      0.003 * SIMD3(generator.normal(), generator.normal(), generator.normal())
    }
    let mean = Self.momentum(velocities) / Double(structure.count)
    velocities = velocities.map { $0 - mean + SIMD3(drift, 0, 0) }
    let before = Self.momentum(velocities)
    let forecast = try forecaster.forecast(structure, velocities: velocities)
    // Sums of 64 numbers of size 0.01, each rounded to 1e-18.
    expectClose(
      Self.flat([Self.momentum(forecast.velocities)]), Self.flat([before]), tolerance: 1e-15,
      relativeTo: 1)
  }

  @Test("edge networks read off tables give the forecast of the networks")
  func tables() throws {
    let structure = try Self.silicon()
    var generator = SeededGenerator(seed: 6)
    let velocities = (0..<structure.count).map { _ in
      0.003 * SIMD3(generator.normal(), generator.normal(), generator.normal())
    }
    let forecasts = try [RadialEvaluation.network, .table].map {
      try Forecaster(.silicon10fs, precision: .double, radial: $0).forecast(
        structure, velocities: velocities)
    }
    // A table errs in a slope by 4e-6 of the largest; a weight then by that times a knot's spacing of
    // 2⁻⁷ Å, some 1e-8 of the largest weight, of which a forecast sums a hundred.
    expectClose(
      Self.flat(forecasts[1].displacements), Self.flat(forecasts[0].displacements),
      tolerance: 1e-6)
    expectClose(
      Self.flat(forecasts[1].velocities), Self.flat(forecasts[0].velocities), tolerance: 1e-6)
    #expect(forecasts[1].velocities != forecasts[0].velocities)
  }

  @Test(
    "a forecast step agrees with ten or twenty steps of molecular dynamics by the potential",
    arguments: [(ShippedModel.silicon10fs, 10, 0.02), (.silicon20fs, 20, 0.04)])
  func oneStep(_ model: ShippedModel, steps: Int, bound: Double) throws {
    let structure = try Self.silicon()
    let potential = try Potential(.silicon)
    var dynamics = try Simulation(
      of: structure, with: potential,
      DynamicsSettings(
        .constantTemperature(300, .langevin(friction: 0.02)), timestep: 1, seed: 3),
      velocities: .thermal(300))
    try dynamics.advance(by: 500)
    let start = dynamics.state
    let forecast = try Forecaster(model).forecast(
      start.structure, velocities: start.velocities)
    var free = try Simulation(
      of: start.structure, with: potential, DynamicsSettings(timestep: 1),
      velocities: .given(start.velocities))
    try free.advance(by: steps)
    func relativeError(_ values: [SIMD3<Double>], _ truth: [SIMD3<Double>]) -> Double {
      func square(_ vectors: [SIMD3<Double>]) -> Double {
        vectors.reduce(0) { $0 + ($1 * $1).sum() }
      }
      return (square(zip(values, truth).map(-)) / square(truth)).squareRoot()
    }
    // Validation errors of the two models are 0.9 and 2.4 % in velocities, half as much in
    // displacements; "no change" would be off by some 60 % and 100 %.
    #expect(relativeError(forecast.velocities, free.state.velocities) < bound)
    #expect(
      relativeError(
        forecast.displacements,
        zip(free.state.structure.positions, start.structure.positions).map(-)) < bound / 2)
  }

  @Test(
    "forecasts of forecasts hold temperature, momentum and structure for 3 ps",
    arguments: [
      (ShippedModel.silicon10fs, Thermostat.velocityRescaling(time: 100)),
      (.silicon10fs, .langevin(friction: 0.005)), (.silicon20fs, .langevin(friction: 0.005)),
    ])
  func stability(_ model: ShippedModel, _ thermostat: Thermostat) throws {
    let forecaster = try Forecaster(model)
    let timestep = try #require(forecaster.timestep)
    var settings = DynamicsSettings(
      .constantTemperature(300, thermostat), timestep: timestep, seed: 1)
    settings.watch = WatchLimits(highestTemperature: 600, closestApproach: 0.8)
    var run = try Simulation(
      of: try Self.silicon(), with: forecaster, settings, velocities: .thermal(300))
    try run.advance(by: Int(1000 / timestep))
    var temperatures: [Double] = []
    for _ in 0..<Int(2000 / timestep) {
      try run.advance()
      temperatures.append(run.observation.temperature)
    }
    // A temperature of 189 degrees of freedom scatters by 31 K and is forgotten within 100 fs, so a
    // mean over 2 ps scatters by 10 K.
    let mean = temperatures.reduce(0, +) / Double(temperatures.count)
    #expect(abs(mean - 300) < 40, "\(mean) K")
    // Velocities of 0.003 Å/fs in single precision, 300 times.
    expectClose(
      Self.flat([Self.momentum(run.state.velocities)]), [0, 0, 0], tolerance: 1e-5, relativeTo: 1)
  }
}
