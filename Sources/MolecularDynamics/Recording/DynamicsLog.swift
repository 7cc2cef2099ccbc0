import FileFormats

/// The log of a run: a line of comma-separated values a step, numbers with all their digits.
public enum DynamicsLog {
  /// The names of the columns, ended by a line feed. Energies, pressure and volume are there where
  /// the observation has them.
  public static func header(for observation: Observation) -> String {
    columns(of: observation).map(\.name).joined(separator: ",") + "\n"
  }

  /// A row, ended by a line feed.
  public static func row(_ observation: Observation) -> String {
    columns(of: observation).map(\.value).joined(separator: ",") + "\n"
  }

  private static func columns(of observation: Observation) -> [(name: String, value: String)] {
    var columns = [("step", "\(observation.step)"), ("time_fs", "\(observation.time)")]
    func add(_ name: String, _ value: Double) { columns.append((name, "\(value)")) }
    if observation.hasPotentialEnergy { add("potential_eV", observation.potentialEnergy) }
    add("kinetic_eV", observation.kineticEnergy)
    if observation.hasPotentialEnergy {
      add("total_eV", observation.totalEnergy)
      add("conserved_eV", observation.conservedEnergy)
    }
    add("temperature_K", observation.temperature)
    if let pressure = observation.pressure, let volume = observation.volume {
      add("pressure_GPa", pressure / DynamicsUnits.gigapascal)
      add("volume_A3", volume)
    }
    return columns
  }
}

extension Simulation {
  /// The present step as a frame of a trajectory: unfolded positions, `velocities` in Å/fs, `forces`
  /// in eV/Å; `step`, `time_fs`, `energy` and `stress` in the comment line. Forces and energy only where
  /// there are any.
  public func frame() -> ExtendedXYZFrame {
    let observation = observation
    var info: OrderedFields<ExtendedXYZValue> = [
      "step": .integer(observation.step), "time_fs": .real(observation.time),
      "kinetic_energy": .real(observation.kineticEnergy),
    ]
    var properties: OrderedFields<ExtendedXYZProperty> = [
      "velocities": ExtendedXYZProperty(vectors: state.velocities)
    ]
    if observation.hasPotentialEnergy {
      info["energy"] = .real(observation.potentialEnergy)
      properties["forces"] = ExtendedXYZProperty(vectors: state.evaluation.forces)
    }
    if let stress = state.evaluation.stress {
      info["stress"] = .matrix(Matrix3(voigt: stress).rows)
    }
    return state.structure.frame(info: info, properties: properties)
  }
}
