import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport
import Testing

/// Atoms that do not feel each other, in a cell.
private struct IdealGas: ForceField {
  func forces(on structure: AtomicStructure) -> ForceEvaluation {
    ForceEvaluation(
      energy: 0, forces: [SIMD3<Double>](repeating: .zero, count: structure.count),
      stress: [0, 0, 0, 0, 0, 0])
  }
}

@Suite("Dynamics at constant pressure")
struct ConstantPressureTests {
  @Test(
    "an ideal gas has the volume, and the fluctuations, that statistical mechanics gives it",
    arguments: CellRescaling.Shape.allCases)
  func idealGas(_ shape: CellRescaling.Shape) throws {
    let (temperature, count) = (300.0, 8)
    let thermal = DynamicsUnits.boltzmann * temperature
    let pressure = 1e-3
    let expected = Double(count + 1) * thermal / pressure
    let edge = cbrt(expected)
    var simulation = try Simulation(
      of: AtomicStructure(
        atomicNumbers: [Int](repeating: 18, count: count),
        positions: (0..<count).map { SIMD3(Double($0), 0, 0) },
        cell: try Cell([edge, 0, 0], [0, edge, 0], [0, 0, edge])),
      with: IdealGas(),
      DynamicsSettings(
        .constantPressure(
          pressure, temperature: temperature,
          .cellRescaling(
            CellRescaling(
              shape: shape, time: 200, compressibility: 1 / pressure, thermostatTime: 20,
              interval: 1))),
        timestep: 2, seed: 4, degreesOfFreedom: 3 * count, watch: WatchLimits(closestApproach: nil)),
      velocities: .thermal(temperature))
    try simulation.advance(by: 1000)
    // The volume forgets itself within some 200 fs.
    let samples = 4000 * statisticalEffort
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<samples {
      try simulation.advance(by: 20)
      let volume = try #require(simulation.observation.volume) / expected
      sum += volume
      squares += volume * volume
    }
    let mean = sum / Double(samples)
    let variance = squares / Double(samples) - mean * mean
    // The distribution is Γ(N + 1): relative variance 1/(N + 1). One in ten samples is independent.
    let independent = Double(samples) / 10
    #expect(abs(mean - 1) < 4 * (1 / 9.0 / independent).squareRoot(), "\(mean)")
    #expect(abs(variance * 9 - 1) < 4 * ((2 + 6 / 9.0) / independent).squareRoot(), "\(variance)")
  }

  static let barostats: [Barostat] = [
    .cellRescaling(CellRescaling(time: 100, compressibility: 40, interval: 5)),
    .cellRescaling(CellRescaling(shape: .full, time: 100, compressibility: 40, interval: 5)),
    .martynaTobiasKlein(thermostatTime: 100, barostatTime: 500),
  ]

  @Test(
    "the pressure of a solid comes to the one that is held, and the energy balance holds",
    arguments: barostats)
  func solid(_ barostat: Barostat) throws {
    let target = 0.2 * DynamicsUnits.gigapascal
    var simulation = try Simulation(
      of: Argon().structure("baoab"), with: Argon.potential(.single),
      DynamicsSettings(
        .constantPressure(target, temperature: 20, barostat), timestep: 2, seed: 2),
      velocities: .thermal(20))
    let start = simulation.observation
    try simulation.advance(by: 1000)
    let count = 500 * statisticalEffort
    var pressure = 0.0
    var exchanged = 0.0
    for _ in 0..<count {
      try simulation.advance(by: 4)
      pressure += try #require(simulation.observation.pressure) / Double(count)
      exchanged = max(exchanged, abs(simulation.observation.totalEnergy - start.totalEnergy))
    }
    // The pressure of 32 atoms fluctuates by some 0.05 GPa and forgets itself in about 100 fs: the mean
    // over 4 ps errs by 0.011 GPa. Four times that.
    #expect(
      abs(pressure - target) < 0.045 * DynamicsUnits.gigapascal,
      "\(pressure / DynamicsUnits.gigapascal) GPa")
    #expect(try #require(simulation.observation.volume) < 0.98 * (start.volume ?? 0))
    // The work of compression and the heat, some 0.1 eV, are in the balance but for the error of the
    // steps, which falls with their square: 4 % of them at 4 fs, 1 % at 2 fs.
    let drift = abs(simulation.observation.conservedEnergy - start.conservedEnergy)
    #expect(exchanged > 0.05)
    #expect(drift < 0.03 * exchanged, "\(drift) of \(exchanged)")
  }

  @Test("halving the time step divides the error of the barostat's energy balance by four")
  func order() throws {
    func deviation(_ timestep: Double) throws -> Double {
      var simulation = try Simulation(
        of: Argon().structure("mtk"), with: Argon.potential(),
        DynamicsSettings(
          .constantPressure(0.001, temperature: 40, Self.barostats[2]), timestep: timestep, seed: 2),
        velocities: .thermal(40))
      let start = simulation.observation.conservedEnergy
      var largest = 0.0
      for _ in 0..<Int(600 / timestep) {
        try simulation.advance()
        largest = max(largest, abs(simulation.observation.conservedEnergy - start))
      }
      return largest
    }
    let ratio = try deviation(8) / deviation(4)
    #expect((3.5...4.5).contains(ratio), "\(ratio)")
  }

  @Test("a cell that changes in full keeps its orientation")
  func orientation() throws {
    var simulation = try Simulation(
      of: Argon().structure("nve"), with: Argon.potential(.single),
      DynamicsSettings(
        .constantPressure(0, temperature: 60, Self.barostats[1]), timestep: 4, seed: 3),
      velocities: .thermal(60))
    let before = try #require(simulation.state.structure.cell).vectors
    try simulation.advance(by: 50)
    let after = try #require(simulation.state.structure.cell).vectors
    #expect(before != after)
    func direction(_ v: SIMD3<Double>) -> [Double] {
      let length = (v * v).sum().squareRoot()
      return [v.x / length, v.y / length, v.z / length]
    }
    expectClose(direction(after[0]), direction(before[0]), tolerance: 1e-14)
    func normal(_ v: [SIMD3<Double>]) -> SIMD3<Double> {
      SIMD3(
        v[0].y * v[1].z - v[0].z * v[1].y, v[0].z * v[1].x - v[0].x * v[1].z,
        v[0].x * v[1].y - v[0].y * v[1].x)
    }
    expectClose(direction(normal(after)), direction(normal(before)), tolerance: 1e-14)
  }
}
