/// How a simulation runs. Everything here is written to checkpoints.
public struct DynamicsSettings: Sendable, Hashable, Codable {
  public var ensemble: Ensemble
  /// fs.
  public var timestep: Double
  /// The seed of all random numbers.
  public var seed: UInt64
  /// 3N less the conserved components of momentum, by default as ``Simulation`` counts them.
  public var degreesOfFreedom: Int?
  /// Whether the angular momentum of a structure without periodic directions is removed from
  /// velocities that are drawn, and so not counted as a degree of freedom.
  public var removesRotation: Bool
  /// The momentum of the centre of mass is removed after every so many steps; 0 for never, which
  /// is right unless single precision lets it grow.
  public var momentumRemovalInterval: Int
  public var watch: WatchLimits

  public init(
    _ ensemble: Ensemble = .constantEnergy, timestep: Double, seed: UInt64 = 0,
    degreesOfFreedom: Int? = nil, removesRotation: Bool = true, momentumRemovalInterval: Int = 0,
    watch: WatchLimits = WatchLimits()
  ) {
    self.ensemble = ensemble
    self.timestep = timestep
    self.seed = seed
    self.degreesOfFreedom = degreesOfFreedom
    self.removesRotation = removesRotation
    self.momentumRemovalInterval = momentumRemovalInterval
    self.watch = watch
  }
}

/// When a simulation stops because something is wrong. Nil means no limit.
public struct WatchLimits: Sendable, Hashable, Codable {
  /// The highest temperature in K; by default ten times the one that is held or that the run began
  /// with, and at least 5000 K.
  public var highestTemperature: Double?
  /// Atoms that are closer than this part of the sum of their covalent radii stop the run.
  public var closestApproach: Double?
  /// The most that the conserved energy may depart from its value at the start, eV an atom.
  public var drift: Double?
  /// Steps between looks at temperature, distances and drift. What is not a number stops the run
  /// at any step.
  public var interval: Int

  public init(
    highestTemperature: Double? = nil, closestApproach: Double? = 0.5, drift: Double? = nil,
    interval: Int = 10
  ) {
    self.highestTemperature = highestTemperature
    self.closestApproach = closestApproach
    self.drift = drift
    self.interval = interval
  }
}
