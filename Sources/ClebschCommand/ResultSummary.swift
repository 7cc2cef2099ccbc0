import Clebsch
import FileFormats

/// What one looks at first in a result.
struct ResultSummary {
  let file: String
  let frame: Int
  let label: String
  let atoms: Int
  /// In eV.
  let energy: Double
  /// The length of the longest force, in eV/Å.
  let largestForce: Double
  /// In GPa; nil where the structure has no volume.
  let pressure: Double?

  var energyPerAtom: Double { energy / Double(atoms) }

  init(_ located: LocatedFrame, _ result: PotentialResult) {
    file = located.file
    frame = located.index
    label = located.label
    atoms = located.frame.atomCount
    energy = result.energy
    largestForce = result.forces.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
    pressure = result.stress.map {
      -($0[0] + $0[1] + $0[2]) / 3 * PhysicalConstants.gigapascalsPerElectronvoltPerCubicAngstrom
    }
  }
}

extension ResultSummary {
  /// A line of `clebsch evaluate --json`; stress is in Voigt's order xx, yy, zz, yz, xz, xy.
  func record(_ result: PotentialResult) -> JSONObject {
    [
      "file": file, "frame": frame, "name": label, "atoms": atoms, "edges": result.edgeCount,
      "energy_eV": energy, "energy_eV_per_atom": energyPerAtom,
      "max_force_eV_per_A": largestForce, "pressure_GPa": pressure,
      "stress_eV_per_A3": result.stress, "energies_eV": result.atomicEnergies,
      "forces_eV_per_A": result.forces.map { [$0.x, $0.y, $0.z] },
    ]
  }
}
