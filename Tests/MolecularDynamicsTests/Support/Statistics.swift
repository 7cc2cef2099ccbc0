import Foundation
import MolecularDynamics
import Potentials
import TestSupport

/// How long statistical tests run: seconds, or a hundred times that where CLEBSCH_LONG_TESTS is set.
let statisticalEffort = ProcessInfo.processInfo.environment["CLEBSCH_LONG_TESTS"] == nil ? 1 : 100

/// Eight atoms of two masses, each in a well.
enum Crystal {
  static let stiffness = 0.5
  static let sites = (0..<8).map { SIMD3(Double($0), 0, 0) }

  /// The wells alone.
  static func simulation(
    _ ensemble: Ensemble, timestep: Double, seed: UInt64 = 11
  ) throws -> Simulation {
    try simulation(HarmonicWells(sites: sites, stiffness: stiffness), ensemble, timestep, seed)
  }

  /// The wells with neighbours coupled, so that all atoms exchange energy.
  static func coupled(
    _ ensemble: Ensemble, timestep: Double, seed: UInt64 = 11
  ) throws -> Simulation {
    try simulation(CoupledWells(), ensemble, timestep, seed)
  }

  private static func simulation(
    _ forceField: some ForceField, _ ensemble: Ensemble, _ timestep: Double, _ seed: UInt64
  ) throws -> Simulation {
    try Simulation(
      of: AtomicStructure(
        atomicNumbers: (0..<8).map { $0.isMultiple(of: 2) ? 18 : 10 }, positions: sites),
      with: forceField, DynamicsSettings(ensemble, timestep: timestep, seed: seed),
      velocities: .thermal(300))
  }
}

/// Wells with a quartic spring between the displacements of neighbours. Harmonic wells alone never
/// exchange energy, so that only a thermostat that acts on each atom could sample them. The spring is
/// stiffer along the axes: alike in all directions, it would conserve the angular momentum of the
/// displacements, which a thermostat that scales velocities cannot turn.
private struct CoupledWells: ForceField {
  /// eV/Å⁴.
  private let coupling = 20.0

  var isTranslationInvariant: Bool { false }

  func forces(on structure: AtomicStructure) -> ForceEvaluation {
    let wells = HarmonicWells(sites: Crystal.sites, stiffness: Crystal.stiffness)
    var evaluation = wells.forces(on: structure)
    let displacements = zip(structure.positions, Crystal.sites).map { $0 - $1 }
    for atom in 1..<displacements.count {
      let difference = displacements[atom] - displacements[atom - 1]
      let squared = (difference * difference).sum()
      let squares = difference * difference
      evaluation.energy += 0.25 * coupling * (squared * squared + (squares * squares).sum())
      let force = coupling * (squared * difference + squares * difference)
      evaluation.forces[atom] -= force
      evaluation.forces[atom - 1] += force
    }
    return evaluation
  }
}

/// P(χ² ≤ x) with `freedom` degrees of freedom: the regularised incomplete gamma function, by its
/// series below the mean and by a continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31).
func chiSquareDistribution(_ x: Double, degreesOfFreedom freedom: Int) -> Double {
  let a = Double(freedom) / 2
  let x = x / 2
  guard x > 0 else { return 0 }
  let factor = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    var n = a
    while term > 1e-16 * sum {
      n += 1
      term *= x / n
      sum += term
    }
    return factor * sum
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var fraction = d
  for i in 1..<10_000 {
    let step = -Double(i) * (Double(i) - a)
    b += 2
    d = 1 / (step * d + b)
    c = b + step / c
    fraction *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return 1 - factor * fraction
}

/// The probability that independent samples of a distribution deviate from it as much as these do
/// (Kolmogorov and Smirnov; Stephens, Journal of the Royal Statistical Society B 32, 115, 1970).
func kolmogorovSmirnov(_ samples: [Double], _ distribution: (Double) -> Double) -> Double {
  let sorted = samples.sorted()
  let count = Double(sorted.count)
  var distance = 0.0
  for (index, sample) in sorted.enumerated() {
    let expected = distribution(sample)
    distance = max(
      distance, abs(expected - Double(index) / count), abs(Double(index + 1) / count - expected))
  }
  let root = count.squareRoot()
  let x = (root + 0.12 + 0.11 / root) * distance
  guard x > 0.2 else { return 1 }
  let sum = (1...100).reduce(0.0) { sum, j in
    sum + (j.isMultiple(of: 2) ? -1.0 : 1) * exp(-2 * Double(j * j) * x * x)
  }
  return min(1, max(0, 2 * sum))
}

/// The mean of a series with its standard error, from the means of blocks.
func blockMean(_ values: [Double], blocks: Int) -> (mean: Double, error: Double) {
  let length = values.count / blocks
  let means = (0..<blocks).map { block in
    values[(block * length)..<((block + 1) * length)].reduce(0, +) / Double(length)
  }
  let mean = means.reduce(0, +) / Double(blocks)
  let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / Double(blocks * (blocks - 1))).squareRoot())
}
