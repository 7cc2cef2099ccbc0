import MolecularDynamics
import Potentials

extension Simulation {
  /// A run that a forecaster carries on, from forecast to forecast.
  ///
  /// All that a simulation has is there: a thermostat between the steps (stochastic velocity
  /// rescaling, or friction and noise), removal of momentum, watchfulness, trajectories, logs and
  /// checkpoints; but energies, which a forecaster does not know.
  ///
  /// - Parameters:
  ///   - settings: constant energy for forecasts as they are, or constant temperature by velocity
  ///     rescaling or by Langevin's friction, here applied to the motion about the centre of mass
  ///     where the forecaster conserves momentum. Degrees of freedom are 3N less the momenta that the
  ///     forecaster and the thermostat conserve, unless given.
  /// - Throws: `DynamicsError` for settings with which there is no run, `ForecastingError` for a time
  ///   step that is not the model's or an unknown element.
  public init(
    of structure: AtomicStructure, with forecaster: Forecaster, _ settings: DynamicsSettings,
    velocities: InitialVelocities
  ) throws {
    var settings = settings
    try forecaster.check(settings, structure)
    settings.degreesOfFreedom =
      settings.degreesOfFreedom
      ?? forecaster.degreesOfFreedom(atomCount: structure.count, under: settings.ensemble)
    try self.init(
      of: structure, with: NoForces(forecaster: forecaster), settings, velocities: velocities,
      noise: SeededNoise(seed: settings.seed),
      integrator: try ForecastIntegrator(forecaster, settings))
  }
}

extension Checkpoint {
  /// The forecast run that goes on from here.
  ///
  /// - Throws: as for a run that begins.
  public func simulation(with forecaster: Forecaster) throws -> Simulation {
    try forecaster.check(settings, state.structure)
    return try simulation(
      with: NoForces(forecaster: forecaster),
      movedBy: try ForecastIntegrator(forecaster, settings))
  }
}

extension ForecastIntegrator {
  init(_ forecaster: Forecaster, _ settings: DynamicsSettings) throws {
    self.forecaster = forecaster
    switch settings.ensemble {
    case .constantEnergy: thermostat = nil
    case .constantTemperature(let temperature, .velocityRescaling(let time)):
      thermostat = .rescaling(VelocityRescaling(temperature: temperature, time: time))
    case .constantTemperature(let temperature, .langevin(let friction)):
      thermostat = .friction(Langevin(temperature: temperature, friction: friction))
    default:
      throw DynamicsError.setting(
        "the ensemble", found: "one that needs forces",
        expected: "constant energy, or constant temperature by velocity rescaling or friction")
    }
  }
}

extension Forecaster {
  func check(_ settings: DynamicsSettings, _ structure: AtomicStructure) throws {
    if let timestep, abs(timestep - settings.timestep) > 1e-6 * timestep {
      throw DynamicsError.setting(
        "the time step", found: "\(settings.timestep) fs",
        expected: "\(timestep) fs: a forecaster makes the step that it was trained for")
    }
    for (atom, number) in structure.atomicNumbers.enumerated()
    where model.speciesIndex(of: number) == nil {
      throw ForecastingError.unknownElement(atom: atom, number, known: model.species)
    }
  }

  /// 3N less what every step conserves: noise turns a molecule, friction or not.
  public func degreesOfFreedom(
    atomCount: Int, under ensemble: Ensemble = .constantEnergy
  ) -> Int {
    var turnsFreely = false
    if case .constantTemperature(_, .langevin) = ensemble { turnsFreely = true }
    let rotations = conservesAngularMomentum && atomCount > 2 && !turnsFreely ? 3 : 0
    return max(1, 3 * atomCount - (conservesLinearMomentum ? 3 : 0) - rotations)
  }
}
