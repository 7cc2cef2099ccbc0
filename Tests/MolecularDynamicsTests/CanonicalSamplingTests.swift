import Foundation
import MolecularDynamics
import Potentials
import TestSupport
import Testing

/// Thermostats on small systems whose averages are known. Samples are spaced so that they are
/// independent; seeds are fixed, so a test passes always or never.
@Suite("Canonical sampling")
struct CanonicalSamplingTests {
  static let thermostats: [Thermostat] = [
    .velocityRescaling(time: 20), .langevin(friction: 0.05),
    .noseHooverChain(time: 40),
  ]

  @Test("the kinetic energy has the distribution of χ²", arguments: thermostats)
  func kineticEnergy(_ thermostat: Thermostat) throws {
    let temperature = 300.0
    // Short steps: the kinetic energy after a step of BAOAB is off by the square of the step.
    var simulation = try Crystal.coupled(
      .constantTemperature(temperature, thermostat), timestep: 2)
    let freedom = try #require(simulation.settings.degreesOfFreedom)
    try simulation.advance(by: 500)
    let count = 1000 * statisticalEffort
    var samples: [Double] = []
    for _ in 0..<count {
      try simulation.advance(by: 50)
      samples.append(
        2 * simulation.observation.kineticEnergy / (DynamicsUnits.boltzmann * temperature))
    }
    let mean = samples.reduce(0, +) / Double(count)
    let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    // Four standard errors.
    #expect(abs(mean - Double(freedom)) < 4 * (2 * Double(freedom) / Double(count)).squareRoot())
    #expect(
      abs(variance / Double(2 * freedom) - 1)
        < 4 * ((2 + 12 / Double(freedom)) / Double(count)).squareRoot())
    let probability = kolmogorovSmirnov(samples) {
      chiSquareDistribution($0, degreesOfFreedom: freedom)
    }
    #expect(probability > 0.01, "\(probability)")
  }

  @Test("every element and direction has its share of the kinetic energy", arguments: thermostats)
  func equipartition(_ thermostat: Thermostat) throws {
    let temperature = 300.0
    var simulation = try Crystal.coupled(
      .constantTemperature(temperature, thermostat), timestep: 2)
    try simulation.advance(by: 500)
    let thermal = DynamicsUnits.boltzmann * temperature
    let count = 1000 * statisticalEffort
    var shares = [[[Double]]](repeating: [[], [], []], count: 2)
    for _ in 0..<count {
      try simulation.advance(by: 50)
      var sums: [SIMD3<Double>] = [.zero, .zero]
      for (atom, velocity) in simulation.state.velocities.enumerated() {
        let mass = simulation.masses[atom] / DynamicsUnits.accelerationPerForce
        sums[atom % 2] += mass * velocity * velocity / thermal
      }
      for element in 0..<2 {
        for axis in 0..<3 { shares[element][axis].append(sums[element][axis] / 4) }
      }
    }
    for element in 0..<2 {
      for axis in 0..<3 {
        // A thermostat that scales all velocities alike leaves it to the forces to share energy out,
        // which takes them picoseconds here: the error is that of blocks, not of independent samples.
        let share = blockMean(shares[element][axis], blocks: 20)
        let found = "element \(element), axis \(axis): \(share.mean) ± \(share.error)"
        #expect(abs(share.mean - 1) < 4.5 * share.error, "\(found)")
        // Eight times what independent samples would give.
        #expect(share.error < 8 * (2 / Double(4 * count)).squareRoot(), "\(found)")
        if statisticalEffort > 1 { print("\(thermostat), \(found)") }
      }
    }
  }

  @Test("the positions of BAOAB are exact in a harmonic well, even in long steps")
  func positions() throws {
    let temperature = 300.0
    // ωh = 1 for neon, √2 smaller for argon.
    let timestep =
      (20.1797 / (Crystal.stiffness * DynamicsUnits.accelerationPerForce)).squareRoot()
    var simulation = try Crystal.simulation(
      .constantTemperature(temperature, .langevin(friction: 0.5 / timestep)), timestep: timestep)
    try simulation.advance(by: 100)
    let count = 10_000 * statisticalEffort
    var sum = 0.0
    for _ in 0..<count {
      try simulation.advance(by: 4)
      for (atom, position) in simulation.state.structure.positions.enumerated() {
        let displacement = position - SIMD3(Double(atom), 0, 0)
        sum += displacement.dot(displacement)
      }
    }
    let mean = sum / Double(count * 8 * 3)
    let expected = DynamicsUnits.boltzmann * temperature / Crystal.stiffness
    #expect(abs(mean / expected - 1) < 0.01, "\(mean / expected)")
  }

  @Test("what a thermostat is said to conserve is conserved", arguments: thermostats)
  func conserved(_ thermostat: Thermostat) throws {
    var simulation = try Crystal.simulation(
      .constantTemperature(300, thermostat), timestep: 0.5)
    let start = simulation.observation
    var heat = 0.0
    var worst = 0.0
    for _ in 0..<2000 {
      try simulation.advance()
      worst = max(worst, abs(simulation.observation.conservedEnergy - start.conservedEnergy))
      heat = max(heat, abs(simulation.observation.totalEnergy - start.totalEnergy))
    }
    // The energy itself changes by as much as a thermostat must; the conserved one errs by the
    // square of ωh, some 10⁻⁴ of the energy.
    #expect(heat > 0.05)
    #expect(worst < 2e-3 * start.totalEnergy, "\(worst)")
  }

  @Test("two temperatures weigh the same energies by Boltzmann's factor")
  func boltzmann() throws {
    let potential = try Argon.potential(.single)
    let structure = try Argon().structure("baoab")
    // ln(p₁/p₂) is linear in U with the slope 1/k_BT₂ − 1/k_BT₁, here by maximum likelihood.
    func energies(_ temperature: Double, seed: UInt64) throws -> [Double] {
      var simulation = try Simulation(
        of: structure, with: potential,
        DynamicsSettings(
          .constantTemperature(temperature, .langevin(friction: 0.01)), timestep: 8, seed: seed),
        velocities: .thermal(temperature))
      try simulation.advance(by: 200)
      return try (0..<60 * statisticalEffort).map { _ in
        try simulation.advance(by: 25)
        return simulation.observation.potentialEnergy
      }
    }
    let (cold, warm) = (40.0, 48.0)
    let first = try energies(cold, seed: 1)
    let second = try energies(warm, seed: 2)
    let slope = logisticSlope(first, second)
    let expected = (1 / cold - 1 / warm) / DynamicsUnits.boltzmann
    #expect(abs(slope.value - expected) < 3 * slope.error, "\(slope) \(expected)")
  }
}

/// The slope b of ln(p₂/p₁) = a + b U between two sets of energies by maximum likelihood, with its
/// standard error (Shirts, Journal of Chemical Theory and Computation 9, 909, 2013).
func logisticSlope(_ first: [Double], _ second: [Double]) -> (value: Double, error: Double) {
  let samples = first.map { ($0, 0.0) } + second.map { ($0, 1.0) }
  let centre = samples.reduce(0) { $0 + $1.0 } / Double(samples.count)
  var (a, b) = (0.0, 0.0)
  var variance = 0.0
  for _ in 0..<50 {
    var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (energy, label) in samples {
      let u = energy - centre
      let p = 1 / (1 + exp(-(a + b * u)))
      ga += label - p
      gb += (label - p) * u
      haa += p * (1 - p)
      hab += p * (1 - p) * u
      hbb += p * (1 - p) * u * u
    }
    let determinant = haa * hbb - hab * hab
    a += (hbb * ga - hab * gb) / determinant
    b += (haa * gb - hab * ga) / determinant
    variance = haa / determinant
  }
  return (b, variance.squareRoot())
}
