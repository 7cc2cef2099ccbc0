import FileFormats

/// The log of a run: a line of comma-separated values a step, numbers with all their digits.
public enum DynamicsLog {
  /// The names of the columns, ended by a line feed. Pressure and volume are there where the
  /// observation has them.
  public static func header(for observation: Observation) -> String {
    "step,time_fs,potential_eV,kinetic_eV,total_eV,conserved_eV,temperature_K"
      + (observation.pressure == nil ? "" : ",pressure_GPa,volume_A3") + "\n"
  }

  /// A row, ended by a line feed.
  public static func row(_ observation: Observation) -> String {
    var values = [
      observation.time, observation.potentialEnergy, observation.kineticEnergy,
      observation.totalEnergy, observation.conservedEnergy, observation.temperature,
    ]
    if let pressure = observation.pressure, let volume = observation.volume {
      values += [pressure / DynamicsUnits.gigapascal, volume]
    }
    return "\(observation.step)," + values.map { "\($0)" }.joined(separator: ",") + "\n"
  }
}

extension Simulation {
  /// The present step as a frame of a trajectory: unfolded positions, `velocities` in Å/fs, `forces`
  /// in eV/Å; `step`, `time_fs`, `energy` and `stress` in the comment line.
  public func frame() -> ExtendedXYZFrame {
    let observation = observation
    var info: OrderedFields<ExtendedXYZValue> = [
      "step": .integer(observation.step), "time_fs": .real(observation.time),
      "energy": .real(observation.potentialEnergy),
      "kinetic_energy": .real(observation.kineticEnergy),
    ]
    if let stress = state.evaluation.stress {
      info["stress"] = .matrix(Matrix3(voigt: stress).rows)
    }
    return state.structure.frame(
      info: info,
      properties: [
        "velocities": ExtendedXYZProperty(vectors: state.velocities),
        "forces": ExtendedXYZProperty(vectors: state.evaluation.forces),
      ])
  }
}
