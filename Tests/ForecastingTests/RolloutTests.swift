import FileFormats
import Forecasting
import Foundation
import MolecularDynamics
import Potentials
import TensorGraph
import TestSupport
import Testing

/// Forecasts of forecasts.
struct RolloutTests {
  private static func benzene(_ precision: Precision) throws -> Forecaster {
    try Forecaster(
      configuration: try fixturePath("benzene/architecture.json", in: .module),
      weights: try fixturePath("benzene/model.safetensors", in: .module), species: [1, 6],
      precision: precision)
  }

  private static func start(
    _ forecaster: Forecaster, _ settings: DynamicsSettings
  ) throws -> Simulation {
    let frame = try OfficialCase.frames("benzene/rollout50.extxyz")[0]
    let structure = try AtomicStructure(frame)
    return try Simulation(
      of: structure, with: try forecaster.fixingNeighbourCount(of: structure), settings,
      velocities: .given(frame.properties["velocities"]?.vectors ?? []))
  }

  /// The fixture's weights are no physics: the molecule is not watched.
  private static let settings = DynamicsSettings(
    timestep: 10, watch: WatchLimits(highestTemperature: 1e9, closestApproach: nil))

  @Test("every step of a recorded run is the forecast of the step before")
  func benzeneRollout() throws {
    let frames = try OfficialCase.frames("benzene/rollout50.extxyz")
    let structures = try frames.map { try AtomicStructure($0) }
    let velocities = try frames.map { try #require($0.properties["velocities"]?.vectors) }
    let forecaster = try Self.benzene(.double).fixingNeighbourCount(of: structures[0])
    var former = velocities[0]
    for step in 1..<frames.count {
      // The model sees the direction of a velocity down to 1e-12 Å/fs; below 1e-5 Å/fs the file's
      // eight decimals do not tell it well enough, so such a velocity is taken from the step before.
      let known = zip(velocities[step - 1], former).map { recorded, forecast in
        (recorded * recorded).sum() < 1e-10 ? forecast : recorded
      }
      let forecast = try forecaster.forecast(structures[step - 1], velocities: known)
      former = forecast.velocities
      let moves = zip(structures[step].positions, structures[step - 1].positions).map {
        nearestImage(of: $0 - $1, in: structures[step].cell)
      }
      // The run was recorded in single precision: positions near 16 Å are spaced by 1e-6, and
      // velocities carry some fifty roundoffs of the fastest atom's 1.3 Å/fs.
      expectClose(
        forecast.displacements.flatMap { [$0.x, $0.y, $0.z] },
        moves.flatMap { [$0.x, $0.y, $0.z] }, tolerance: 3e-6, relativeTo: 1, "step \(step)")
      expectClose(
        forecast.velocities.flatMap { [$0.x, $0.y, $0.z] },
        velocities[step].flatMap { [$0.x, $0.y, $0.z] }, tolerance: 4e-6, relativeTo: 1,
        "step \(step)")
    }
  }

  @Test("a run of forecasts goes the recorded way until rounding has grown")
  func freeRun() throws {
    // The weights are no physics: an atom leaves the range of speeds at the first step, and from
    // then on a difference grows tenfold to a hundredfold a step.
    let frames = try OfficialCase.frames("benzene/rollout50.extxyz")
    for precision in Precision.allCases {
      var simulation = try Self.start(try Self.benzene(precision), Self.settings)
      for (step, tolerance) in [(1, 5e-6), (2, 1e-4), (3, 1e-3), (4, 1e-3), (5, 1e-3)] {
        try simulation.advance()
        expectClose(
          simulation.state.structure.positions.flatMap { [$0.x, $0.y, $0.z] },
          frames[step].positions.flatMap { [$0.x, $0.y, $0.z] }, tolerance: tolerance,
          relativeTo: 1, "step \(step), \(precision)")
      }
      try simulation.advance(by: 5)
    }
  }

  @Test(
    "a forecast run that is resumed from its checkpoint has the same bits",
    arguments: [Thermostat.velocityRescaling(time: 100), .langevin(friction: 0.01)])
  func resumes(_ thermostat: Thermostat) throws {
    let frame = try OfficialCase.frames("benzene/rollout50.extxyz")[0]
    let forecaster = try Self.benzene(.single).fixingNeighbourCount(of: AtomicStructure(frame))
    var settings = Self.settings
    settings.ensemble = .constantTemperature(300, thermostat)
    settings.seed = 3
    var whole = try Self.start(forecaster, settings)
    try whole.advance(by: 3)
    let path = try TemporaryFolder()
    try Checkpoint(of: whole, model: "benzene").write(to: path.file("state"))
    try whole.advance(by: 3)
    var resumed = try Checkpoint(contentsOf: path.file("state")).simulation(with: forecaster)
    try resumed.advance(by: 3)
    #expect(resumed.state == whole.state)
  }

  @Test("linear and angular momentum are kept to rounding, whatever the network says")
  func momenta() throws {
    let forecaster = try Forecaster(
      configuration: try fixturePath("small/EfficientTrajCast-l2.json", in: .module),
      weights: try fixturePath("small/EfficientTrajCast-l2.safetensors", in: .module),
      species: [11, 17], precision: .double)
    let frame = try OfficialCase.frames("small/nacl.extxyz")[0]
    var structure = try AtomicStructure(frame)
    structure.cell = nil
    let velocities = frame.properties["velocities"]?.vectors ?? []
    let forecast = try forecaster.forecast(structure, velocities: velocities)
    let masses = structure.atomicNumbers.map { OfficialCase.masses[$0] ?? 0 }
    func momenta(
      _ positions: [SIMD3<Double>], _ velocities: [SIMD3<Double>]
    ) -> (linear: SIMD3<Double>, angular: SIMD3<Double>, scale: Double) {
      let mass = masses.reduce(0, +)
      let centre = zip(masses, positions).reduce(SIMD3<Double>.zero) { $0 + $1.0 / mass * $1.1 }
      var (linear, angular) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
      var scale = 0.0
      for atom in masses.indices {
        let (s, p) = (positions[atom] - centre, masses[atom] * velocities[atom])
        linear += p
        angular += SIMD3(s.y * p.z - s.z * p.y, s.z * p.x - s.x * p.z, s.x * p.y - s.y * p.x)
        scale += (p * p).sum().squareRoot() * max(1, (s * s).sum().squareRoot())
      }
      return (linear, angular, scale)
    }
    // The configuration asks for zero of both.
    let after = momenta(
      zip(structure.positions, forecast.displacements).map(+), forecast.velocities)
    #expect((after.linear * after.linear).sum().squareRoot() < 1e-13 * after.scale)
    #expect((after.angular * after.angular).sum().squareRoot() < 1e-12 * after.scale)
  }

  @Test("turning and mirroring a state turns and mirrors its forecast")
  func equivariance() throws {
    let forecaster = try Forecaster(
      configuration: try fixturePath("small/EfficientTrajCast-l2.json", in: .module),
      weights: try fixturePath("small/EfficientTrajCast-l2.safetensors", in: .module),
      species: [11, 17], precision: .double)
    let frame = try OfficialCase.frames("small/nacl.extxyz")[0]
    var structure = try AtomicStructure(frame)
    structure.cell = nil
    let velocities = frame.properties["velocities"]?.vectors ?? []
    // A rotation by 0.7 about (2, −1, 2)/3, then a point reflection.
    func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
      let axis = SIMD3(2.0, -1, 2) / 3
      let along = (axis * v).sum() * axis
      let side = SIMD3(
        axis.y * v.z - axis.z * v.y, axis.z * v.x - axis.x * v.z, axis.x * v.y - axis.y * v.x)
      return -(along + cos(0.7) * (v - along) + sin(0.7) * side)
    }
    let plain = try forecaster.forecast(structure, velocities: velocities)
    structure.positions = structure.positions.map(turned)
    let other = try forecaster.forecast(structure, velocities: velocities.map(turned))
    for (a, b) in [
      (plain.displacements, other.displacements), (plain.velocities, other.velocities),
    ] {
      expectClose(
        b.flatMap { [$0.x, $0.y, $0.z] }, a.map(turned).flatMap { [$0.x, $0.y, $0.z] },
        tolerance: 1e-11)
    }
  }

  @Test("a time step that is not the model's and an unknown element are refused")
  func refusals() throws {
    let frame = try OfficialCase.frames("small/nacl.extxyz")[0]
    let salt = try AtomicStructure(frame)
    let forecaster = try Self.benzene(.single)
    #expect(throws: ForecastingError.self) {
      try Simulation(
        of: salt, with: forecaster, Self.settings,
        velocities: .given(frame.properties["velocities"]?.vectors ?? []))
    }
  }
}
