/// What is held constant, and by which means. Temperatures in K, times in fs, pressures in eV/Å³
/// (``DynamicsUnits/gigapascal`` converts).
public enum Ensemble: Sendable, Hashable, Codable {
  /// Number, volume, energy: Newton's equations by velocity Verlet.
  case constantEnergy
  /// Number, volume, temperature.
  case constantTemperature(Double, Thermostat)
  /// Number, pressure, temperature.
  case constantPressure(Double, temperature: Double, Barostat)

  /// The temperature that is held, if one is.
  public var temperature: Double? {
    switch self {
    case .constantEnergy: nil
    case .constantTemperature(let temperature, _): temperature
    case .constantPressure(_, let temperature, _): temperature
    }
  }
}

/// What keeps the temperature.
public enum Thermostat: Sendable, Hashable, Codable {
  /// Stochastic velocity rescaling (Bussi, Donadio and Parrinello, Journal of Chemical Physics 126,
  /// 014101, 2007) with a relaxation time. It hardly disturbs the dynamics at 100 fs and more, and
  /// conserves the total momentum.
  case velocityRescaling(time: Double)
  /// Langevin dynamics in the splitting BAOAB (Leimkuhler and Matthews, Journal of Chemical Physics
  /// 138, 174102, 2013) with a friction in 1/fs. It thermalises every degree of freedom, and does
  /// not conserve the total momentum.
  case langevin(friction: Double)
  /// A Nosé–Hoover chain (Martyna, Klein and Tuckerman, Journal of Chemical Physics 97, 2635, 1992)
  /// with a time and a length. Deterministic; stiff harmonic systems may not be sampled in full.
  case noseHooverChain(time: Double, length: Int = 3)
}

/// What keeps the pressure.
public enum Barostat: Sendable, Hashable, Codable {
  /// Stochastic cell rescaling with stochastic velocity rescaling for the temperature: first
  /// order, so the volume does not ring.
  case cellRescaling(CellRescaling)
  /// The isotropic equations of Martyna, Tobias and Klein (Journal of Chemical Physics 101, 4177,
  /// 1994), with Nosé–Hoover chains on particles and cell: times of thermostat and barostat, and
  /// the chains' length.
  case martynaTobiasKlein(thermostatTime: Double, barostatTime: Double, chainLength: Int = 3)
}

/// The settings of stochastic cell rescaling.
public struct CellRescaling: Sendable, Hashable, Codable {
  /// Which changes of the cell are allowed.
  public enum Shape: String, Sendable, Hashable, Codable, CaseIterable {
    /// The volume changes and the shape is kept (Bernetti and Bussi, Journal of Chemical Physics
    /// 153, 114107, 2020).
    case isotropic
    /// All lengths and angles change (Del Tatto, Raiteri, Bernetti and Bussi, Applied Sciences 12,
    /// 1139, 2022).
    case full
  }

  public var shape: Shape
  /// The relaxation time of the volume, fs.
  public var time: Double
  /// An estimate of the isothermal compressibility in Å³/eV. Only its quotient with `time` matters.
  public var compressibility: Double
  /// The relaxation time of the velocity rescaling that keeps the temperature, fs.
  public var thermostatTime: Double
  /// Steps between changes of the cell. Each costs an evaluation of the forces.
  public var interval: Int

  /// - Parameter compressibility: in Å³/eV; by default that of a solid with a bulk modulus of
  ///   100 GPa.
  public init(
    shape: Shape = .isotropic, time: Double = 1000,
    compressibility: Double = 1 / (100 * DynamicsUnits.gigapascal), thermostatTime: Double = 100,
    interval: Int = 10
  ) {
    self.shape = shape
    self.time = time
    self.compressibility = compressibility
    self.thermostatTime = thermostatTime
    self.interval = interval
  }
}
