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

  @Test("ten forecast steps go where those of the official code go")
  func benzeneRollout() throws {
    let frames = try OfficialCase.frames("benzene/rollout50.extxyz")
    for precision in Precision.allCases {
      var simulation = try Self.start(try Self.benzene(precision), Self.settings)
      for step in 1...10 {
        try simulation.advance()
        for (position, expected) in zip(
          simulation.state.structure.positions, frames[step].positions)
        {
          let deviation = ((position - expected) * (position - expected)).sum().squareRoot()
          #expect(deviation < 1e-3, "step \(step), \(precision)")
        }
      }
    }
  }

  @Test("a forecast run that is resumed from its checkpoint has the same bits")
  func resumes() throws {
    let frame = try OfficialCase.frames("benzene/rollout50.extxyz")[0]
    let forecaster = try Self.benzene(.single).fixingNeighbourCount(of: AtomicStructure(frame))
    var settings = Self.settings
    settings.ensemble = .constantTemperature(300, .velocityRescaling(time: 100))
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
