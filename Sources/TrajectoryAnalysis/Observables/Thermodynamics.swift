import FileFormats

/// Energies, temperature and pressure over time, from a log or from the frames themselves.
public struct Thermodynamics: Sendable {
  /// In fs.
  public let times: [Double]
  /// In eV; the series that are not known are nil.
  public let potential: [Double]?
  public let kinetic: [Double]?
  public let total: [Double]?
  /// In eV: what the integrator conserves; from a log only.
  public let conserved: [Double]?
  /// In K.
  public let temperature: [Double]?
  /// In GPa, with the ideal gas's part.
  public let pressure: [Double]?
  /// How the conserved energy drifts, else the total one.
  public let drift: EnergyDrift?

  init(_ log: ThermodynamicLog, atomCount: Int) {
    times = log.times
    potential = log["potential_eV"]
    kinetic = log["kinetic_eV"]
    total = log["total_eV"]
    conserved = log["conserved_eV"]
    temperature = log["temperature_K"]
    pressure = log["pressure_GPa"]
    drift = EnergyDrift(log.times, conserved: conserved, total: total, atomCount: atomCount)
  }

  /// - Parameters:
  ///   - times: in fs; empty where they are not known, and then there is no drift.
  ///   - degreesOfFreedom: those that share the kinetic energy.
  init(
    _ samples: [ThermodynamicSample], times: [Double], atomCount: Int, degreesOfFreedom: Int
  ) {
    func series(_ value: (ThermodynamicSample) -> Double?) -> [Double]? {
      let values = samples.compactMap(value)
      return values.count == samples.count && !values.isEmpty ? values : nil
    }
    self.times = times
    potential = series(\.potential)
    kinetic = series(\.kinetic)
    total = series { sample in
      sample.potential.flatMap { potential in sample.kinetic.map { potential + $0 } }
    }
    conserved = nil
    temperature =
      degreesOfFreedom > 0
      ? kinetic?.map { 2 * $0 / (Double(degreesOfFreedom) * PhysicalConstants.boltzmann) } : nil
    pressure = series(\.pressure)
    drift =
      times.count == samples.count
      ? EnergyDrift(times, conserved: nil, total: total, atomCount: atomCount) : nil
  }
}

/// What a frame says of energies and pressure.
struct ThermodynamicSample {
  /// In eV.
  let potential: Double?
  let kinetic: Double?
  /// In GPa.
  let pressure: Double?

  init(_ frame: TrajectoryFrame, _ atoms: TrajectoryAtoms) {
    potential = frame.energy
    let kinetic = frame.velocities.map(atoms.kineticEnergy)
    self.kinetic = kinetic
    pressure = frame.meanStress.flatMap { stress in
      frame.box.flatMap { box in
        kinetic.map { kinetic in
          (2 * kinetic / (3 * box.volume) - stress)
            * PhysicalConstants.gigapascalsPerElectronvoltPerCubicAngstrom
        }
      }
    }
  }
}

/// How an energy that ought to be constant is not: the slope of a straight line through it.
public struct EnergyDrift: Sendable, Equatable {
  /// Which energy: `conserved_eV` or `total_eV`.
  public let quantity: String
  /// In eV an atom a picosecond.
  public let rate: Double
  public let error: Double?
  /// The root mean square deviation from the line, in eV an atom.
  public let fluctuation: Double

  private static let femtosecondsPerPicosecond = 1000.0

  /// - Returns: nil without energies, or with fewer than three.
  init?(_ times: [Double], conserved: [Double]?, total: [Double]?, atomCount: Int) {
    guard let energies = conserved ?? total, times.count >= 3,
      let line = LineFit(blocksOf: times, energies), let scatter = LineFit(times, energies)
    else { return nil }
    quantity = conserved == nil ? "total_eV" : "conserved_eV"
    let scale = Self.femtosecondsPerPicosecond / Double(atomCount)
    rate = line.slope * scale
    error = line.slopeError.map { $0 * scale }
    fluctuation = scatter.deviation / Double(atomCount)
  }
}
