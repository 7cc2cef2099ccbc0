import FileFormats

/// The numbers of a report as tables in CSV: a line of names with units, then rows.
struct CSVTables {
  let trajectories: [TrajectoryObservables]
  let comparisons: [(name: String, numbers: [KeyNumber])]

  /// The tables by the name of what is in them; those without rows are left out.
  var all: [(name: String, text: String)] {
    [
      ("summary", summary), ("thermodynamics", thermodynamics), ("cell", cell), ("rdf", radial),
      ("adf", angular), ("msd", displacement), ("vacf", correlation), ("vdos", spectrum),
    ].filter { $0.1.contains { $0.contains("\n") } || $0.1.count > 1 }
      .map { ($0.0, $0.1.joined(separator: "\n") + "\n") }
  }

  private var summary: [String] {
    func rows(_ name: String, _ numbers: [KeyNumber]) -> [String] {
      numbers.map { number in
        Self.row([
          name, number.quantity, number.subject ?? "", number.value.description,
          number.error?.description ?? "",
        ])
      }
    }
    return ["trajectory,quantity,of,value,error"]
      + trajectories.flatMap { rows($0.name, $0.keyNumbers) }
      + comparisons.flatMap { rows($0.name, $0.numbers) }
  }

  private var thermodynamics: [String] {
    let header =
      "trajectory,time_fs,potential_eV,kinetic_eV,total_eV,conserved_eV,temperature_K,pressure_GPa"
    return [header]
      + trajectories.flatMap { trajectory -> [String] in
        let values = trajectory.thermodynamics
        let columns = [
          values.potential, values.kinetic, values.total, values.conserved, values.temperature,
          values.pressure,
        ]
        let count = columns.compactMap { $0?.count }.max() ?? 0
        return (0..<count).map { index in
          Self.row(
            [trajectory.name, values.times.isEmpty ? "" : values.times[index].description]
              + columns.map { $0.map { $0[index].description } ?? "" })
        }
      }
  }

  private var cell: [String] {
    ["trajectory,time_fs,a_A,b_A,c_A,alpha_deg,beta_deg,gamma_deg,volume_A3"]
      + trajectories.flatMap { trajectory -> [String] in
        guard let cell = trajectory.cell else { return [] }
        return cell.volumes.indices.map { index in
          Self.row(
            [trajectory.name, trajectory.times.map { $0[index].description } ?? ""]
              + cell.parameters.map { $0[index].description }
              + [cell.volumes[index].description])
        }
      }
  }

  private var radial: [String] {
    ["trajectory,pair,r_A,g,g_error,coordination,coordination_reverse"]
      + trajectories.flatMap { trajectory -> [String] in
        guard let radial = trajectory.radialDistribution else { return [] }
        return radial.pairs.flatMap { pair in
          radial.radii.indices.map { bin in
            Self.row([
              trajectory.name, pair.label, NumberText.shortest(radial.radii[bin]),
              pair.values[bin].description,
              pair.errors.isEmpty ? "" : pair.errors[bin].description,
              pair.coordination[bin].description, pair.reverseCoordination[bin].description,
            ])
          }
        }
      }
  }

  private var angular: [String] {
    ["trajectory,triple,angle_deg,p_per_deg,p_over_sin_per_deg"]
      + trajectories.flatMap { trajectory -> [String] in
        guard let angular = trajectory.angularDistribution else { return [] }
        return angular.triples.flatMap { triple in
          angular.angles.indices.map { bin in
            Self.row([
              trajectory.name, triple.label, angular.angles[bin].description,
              triple.values[bin].description, triple.perSolidAngle[bin].description,
            ])
          }
        }
      }
  }

  private var displacement: [String] {
    ["trajectory,element,lag_fs,msd_A2"]
      + trajectories.flatMap { trajectory in
        Self.rows(
          trajectory, trajectory.meanSquareDisplacement?.lags,
          trajectory.meanSquareDisplacement?.curves.map { ($0.label, $0.values) })
      }
  }

  private var correlation: [String] {
    ["trajectory,element,lag_fs,correlation"]
      + trajectories.flatMap { trajectory in
        Self.rows(
          trajectory, trajectory.velocityAutocorrelation?.lags,
          trajectory.velocityAutocorrelation?.curves.map { ($0.label, $0.values) })
      }
  }

  private var spectrum: [String] {
    ["trajectory,element,frequency_THz,wavenumber_per_cm,vdos_per_THz"]
      + trajectories.flatMap { trajectory -> [String] in
        guard let spectrum = trajectory.spectrum else { return [] }
        return spectrum.curves.flatMap { curve in
          zip(spectrum.frequencies, curve.values).map { frequency, value in
            Self.row([
              trajectory.name, curve.label, frequency.description,
              (frequency * PhysicalConstants.wavenumberPerTerahertz).description,
              value.description,
            ])
          }
        }
      }
  }

  private static func rows(
    _ trajectory: TrajectoryObservables, _ abscissae: [Double]?,
    _ curves: [(label: String, values: [Double])]?
  ) -> [String] {
    guard let abscissae, let curves else { return [] }
    return curves.flatMap { curve in
      zip(abscissae, curve.values).map {
        row([trajectory.name, curve.label, $0.description, $1.description])
      }
    }
  }

  private static func row(_ fields: [String]) -> String {
    fields.map { field in
      field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }.joined(separator: ",")
  }
}

extension NumberText {
  /// A multiple of a bin's width without the digits of its rounding.
  static func shortest(_ value: Double) -> String { ((value * 1e6).rounded() / 1e6).description }
}
