import Clebsch

/// What a run did and how fast, for its end.
struct RunSummary {
  let simulation: Simulation
  let steps: Int
  let running: Duration
  /// Of it, in the force field, neighbour lists included.
  let evaluating: Duration
  let loading: Duration
  /// In ångström.
  let cutoff: Double
  /// In ångström.
  let skin: Double
  let precision: String
  let device: String
  let isInterrupted: Bool

  private var atoms: Int { simulation.state.structure.count }

  private var microsecondsPerAtomStep: Double? {
    steps > 0 ? running.seconds * 1e6 / Double(steps * atoms) : nil
  }

  private var nanosecondsPerDay: Double? {
    steps > 0
      ? Double(steps) * simulation.settings.timestep * 1e-6 / running.seconds * 86400 : nil
  }

  private var drift: Double {
    (simulation.observation.conservedEnergy - simulation.state.initialConservedEnergy)
      / Double(atoms)
  }

  var text: String {
    var parts: [String] = []
    if let microsecondsPerAtomStep, let nanosecondsPerDay {
      parts += [
        "\(fixed(microsecondsPerAtomStep, decimals: 1)) µs an atom and step",
        "\(fixed(Double(steps) / running.seconds, decimals: 1)) steps a second",
        "\(fixed(nanosecondsPerDay, decimals: 2)) ns a day",
        "forces take \(fixed(100 * evaluating.seconds / running.seconds, decimals: 1)) % of it",
      ]
    }
    parts += [
      "\(steps) steps, \(atoms) atoms, cutoff \(cutoff) Å, skin \(skin) Å, \(precision) precision, device \(device)",
      "conserved energy off by \(fixed(drift * 1000, decimals: 4)) meV an atom",
      "model loaded in \(fixed(loading.seconds, decimals: 2)) s",
    ]
    return parts.joined(separator: "; ") + "\n"
  }

  var record: JSONObject {
    let observation = simulation.observation
    return [
      "step": observation.step, "time_fs": observation.time, "interrupted": isInterrupted,
      "atoms": atoms, "degrees_of_freedom": simulation.settings.degreesOfFreedom,
      "potential_eV": observation.potentialEnergy, "kinetic_eV": observation.kineticEnergy,
      "total_eV": observation.totalEnergy, "conserved_eV": observation.conservedEnergy,
      "conserved_drift_eV_per_atom": drift, "temperature_K": observation.temperature,
      "pressure_GPa": observation.pressure.map { $0 / DynamicsUnits.gigapascal },
      "volume_A3": observation.volume, "steps": steps, "seconds": running.seconds,
      "forces_seconds": evaluating.seconds,
      "microseconds_per_atom_step": microsecondsPerAtomStep,
      "nanoseconds_per_day": nanosecondsPerDay, "cutoff_A": cutoff, "skin_A": skin,
      "precision": precision, "device": device, "loading_seconds": loading.seconds,
    ]
  }
}
