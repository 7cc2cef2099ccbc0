/// Which plots a report has, and of what.
///
/// With one trajectory the elements or pairs are curves of one plot; with several each element or
/// pair has a plot of its own, in which the trajectories are the curves.
struct ReportPlots {
  let trajectories: [TrajectoryObservables]

  private struct Line {
    let label: String
    let points: [SIMD2<Double>]
    var band: [Double] = []
  }

  var all: [Plot] {
    thermodynamics + cell + radial + coordination + angular + displacement + correlation + spectrum
  }

  // MARK: Over time

  /// Picoseconds for what lasts longer than some of them.
  private var time: (unit: String, factor: Double) {
    let longest =
      trajectories.compactMap { trajectory in
        trajectory.thermodynamics.times.last ?? trajectory.times?.last
      }.max() ?? 0
    return longest > 3000 ? ("ps", 1e-3) : ("fs", 1)
  }

  private var thermodynamics: [Plot] {
    let temperature = overTime(
      "Temperature", Plot.Axis("T", "K"), caption: ""
    ) { $0.thermodynamics.temperature }
    let potential = overTime(
      "Potential energy", Plot.Axis("U − ⟨U⟩ an atom", "meV"),
      caption: "Relative to its mean, which is in the table."
    ) { Self.deviations($0.thermodynamics.potential, atomCount: $0.atomCount) }
    let isConserved = trajectories.allSatisfy { $0.thermodynamics.conserved != nil }
    let conserved = overTime(
      isConserved ? "Conserved energy" : "Total energy",
      Plot.Axis("E − ⟨E⟩ an atom", "meV"),
      caption: isConserved
        ? "What the integrator ought to keep: its slope is the drift."
        : "Potential and kinetic energy. A thermostat changes it; without one its slope is the drift."
    ) { trajectory in
      Self.deviations(
        isConserved ? trajectory.thermodynamics.conserved : trajectory.thermodynamics.total,
        atomCount: trajectory.atomCount)
    }
    let pressure = overTime("Pressure", Plot.Axis("P", "GPa"), caption: "") {
      $0.thermodynamics.pressure
    }
    return [temperature, potential, conserved, pressure].compactMap(\.self)
  }

  private static func deviations(_ energies: [Double]?, atomCount: Int) -> [Double]? {
    energies.map { energies in
      let mean = energies.reduce(0, +) / Double(energies.count)
      return energies.map { ($0 - mean) / Double(atomCount) * 1000 }
    }
  }

  private func overTime(
    _ title: String, _ axis: Plot.Axis, caption: String,
    _ series: (TrajectoryObservables) -> [Double]?
  ) -> Plot? {
    let curves = trajectories.enumerated().compactMap { index, trajectory -> Plot.Curve? in
      let times = trajectory.thermodynamics.times
      guard let values = series(trajectory), values.count == times.count, values.count > 1 else {
        return nil
      }
      return Plot.Curve(
        label: trajectory.name, colour: index,
        points: zip(times, values).map { SIMD2($0 * time.factor, $1) })
    }
    guard !curves.isEmpty else { return nil }
    return Plot(
      title: title, caption: caption, x: Plot.Axis("Time", time.unit), y: axis, curves: curves)
  }

  private var cell: [Plot] {
    let varying = trajectories.filter { ($0.cell?.varies ?? false) && $0.times != nil }
    guard !varying.isEmpty else { return [] }
    func points(_ trajectory: TrajectoryObservables, _ values: [Double]) -> [SIMD2<Double>] {
      zip(trajectory.times ?? [], values).map { SIMD2($0 * time.factor, $1) }
    }
    let volume = Plot(
      title: "Volume", x: Plot.Axis("Time", time.unit), y: Plot.Axis("V an atom", "Å³"),
      curves: varying.enumerated().compactMap { index, trajectory in
        trajectory.cell.map { cell in
          Plot.Curve(
            label: trajectory.name, colour: index,
            points: points(trajectory, cell.volumes.map { $0 / Double(trajectory.atomCount) }))
        }
      })
    guard varying.count == 1, let cell = varying[0].cell else { return [volume] }
    func parameters(_ title: String, _ columns: Range<Int>, _ names: [String], _ unit: String)
      -> Plot
    {
      Plot(
        title: title, x: Plot.Axis("Time", time.unit),
        y: Plot.Axis(names.joined(separator: ", "), unit),
        curves: zip(columns, names).enumerated().map { index, column in
          Plot.Curve(
            label: column.1, colour: index,
            points: points(varying[0], cell.parameters[column.0]))
        })
    }
    return [
      volume, parameters("Cell lengths", 0..<3, ["a", "b", "c"], "Å"),
      parameters("Cell angles", 3..<6, ["α", "β", "γ"], "°"),
    ]
  }

  // MARK: Structure

  private var radial: [Plot] {
    family(
      "Radial distribution",
      caption: "Bands are standard errors, where they can be seen.",
      x: Plot.Axis("r", "Å", range: 0...radialEnd), y: Plot.Axis("g(r)"), reference: 1
    ) { trajectory in
      trajectory.radialDistribution.map { radial in
        radial.pairs.map { pair in
          Line(
            label: pair.label, points: zip(radial.radii, pair.values).map { SIMD2($0, $1) },
            band: pair.errors)
        }
      }
    }
  }

  private var radialEnd: Double {
    trajectories.compactMap { $0.radialDistribution?.radii.last }.max() ?? 1
  }

  /// Somewhat beyond the last first shell of a pair: later shells would hide it.
  private var coordinationEnd: Double {
    let minima = trajectories.flatMap { $0.radialDistribution?.pairs ?? [] }
      .compactMap(\.firstMinimum)
    return min(radialEnd, minima.max().map { 1.25 * $0 } ?? radialEnd)
  }

  private var coordination: [Plot] {
    let pairs = family(
      "Coordination number", caption: "Neighbours within r; of the second around the first.",
      x: Plot.Axis("r", "Å", range: 0...coordinationEnd), y: Plot.Axis("n(r)")
    ) { trajectory in
      trajectory.radialDistribution.map { radial in
        radial.pairs.map { pair in
          Line(
            label: pair.label,
            points: zip(radial.radii, pair.coordination).map { SIMD2($0, $1) })
        }
      }
    }
    return trajectories.count == 1 ? pairs : []
  }

  private var angular: [Plot] {
    let cutoffs = trajectories.compactMap { $0.angularDistribution?.bondCutoff }
    let texts = cutoffs.map { NumberText.fixed($0, decimals: 2) }
    let caption =
      "Between neighbours within \(Set(texts).sorted().joined(separator: " or ")) Å of the atom."
    return family(
      "Angles", caption: caption, x: Plot.Axis("θ", "°", range: 0...180, step: 30),
      y: Plot.Axis("P(θ)", "1/°")
    ) { trajectory in
      trajectory.angularDistribution.map { angular in
        (trajectories.count > 1 ? [angular.triples[0]] : Self.mostFrequent(angular.triples)).map {
          triple in
          Line(
            label: triple.label, points: zip(angular.angles, triple.values).map { SIMD2($0, $1) })
        }
      }
    }
  }

  /// As many triples as the page has colours; the tables have them all.
  private static func mostFrequent(
    _ triples: [AngularDistribution.Triple]
  ) -> [AngularDistribution.Triple] {
    let chosen = triples.indices.sorted { triples[$0].count > triples[$1].count }
      .prefix(Plot.colourCount)
    return chosen.sorted().map { triples[$0] }
  }

  // MARK: Dynamics

  private var displacement: [Plot] {
    let longest = trajectories.compactMap { $0.meanSquareDisplacement?.lags.last }.max() ?? 0
    let (unit, factor) = longest > 3000 ? ("ps", 1e-3) : ("fs", 1)
    let plots = family(
      "Mean square displacement", caption: "Dashed: the straight line whose slope is 6D.",
      x: Plot.Axis("t", unit), y: Plot.Axis("⟨Δr²⟩", "Å²")
    ) { trajectory in
      trajectory.meanSquareDisplacement.map { displacement in
        displacement.curves.map { curve in
          Line(
            label: curve.label,
            points: zip(displacement.lags, curve.values).map { SIMD2($0 * factor, $1) })
        }
      }
    }
    return plots.map { addingFits(to: $0, factor: factor) }
  }

  private func addingFits(to plot: Plot, factor: Double) -> Plot {
    let fits = plot.curves.compactMap { curve -> Plot.Curve? in
      let isSingle = trajectories.count == 1
      let trajectory = isSingle ? trajectories[0] : trajectories[curve.colour]
      let label = isSingle ? curve.label : plot.title.split(separator: ", ").last.map(String.init)
      let found =
        trajectory.meanSquareDisplacement?.curves.first { $0.label == label }
        ?? trajectory.meanSquareDisplacement?.curves.first
      guard let found, let fit = found.diffusion,
        let displacement = trajectory.meanSquareDisplacement
      else { return nil }
      let (low, high) = (fit.range.lowerBound, fit.range.upperBound)
      let inRange = zip(displacement.lags, found.values).filter { fit.range.contains($0.0) }
      let count = Double(inRange.count)
      let middle = inRange.reduce(0) { $0 + $1.0 } / count
      let mean = inRange.reduce(0) { $0 + $1.1 } / count
      return Plot.Curve(
        label: "", colour: curve.colour, isDashed: true,
        points: [low, high].map {
          SIMD2($0 * factor, mean + 6 * fit.coefficient * ($0 - middle))
        })
    }
    var result = plot
    result.curves += fits
    return result
  }

  private var correlation: [Plot] {
    family(
      "Velocity autocorrelation", caption: "", x: Plot.Axis("t", "fs"), y: Plot.Axis("C(t)"),
      reference: 0
    ) { trajectory in
      trajectory.velocityAutocorrelation.map { correlation in
        // Where all have died away there is nothing to see.
        let last =
          correlation.curves.compactMap { curve in
            curve.values.lastIndex { abs($0) > 0.05 }
          }.max() ?? 0
        let end = min(correlation.lags.count - 1, max(20, last * 5 / 4))
        return correlation.curves.map { curve in
          Line(
            label: curve.label,
            points: zip(correlation.lags, curve.values).prefix(end + 1).map { SIMD2($0, $1) })
        }
      }
    }
  }

  private var spectrum: [Plot] {
    let resolutions = trajectories.compactMap { $0.spectrum?.resolution }
    let resolution = resolutions.max().map { NumberText.significant($0, digits: 2) } ?? ""
    return family(
      "Vibrational spectrum",
      caption: "Density of states, of area 1. Resolution \(resolution) THz; 1 THz = 33.36 cm⁻¹.",
      x: Plot.Axis("ν", "THz"), y: Plot.Axis("S(ν)", "1/THz")
    ) { trajectory in
      trajectory.spectrum.map { spectrum in
        let all = spectrum.curves[0].values
        let least = 0.004 * (all.max() ?? 0)
        let last = all.lastIndex { $0 > least } ?? all.count - 1
        let end = min(all.count - 1, last * 11 / 10 + 1)
        return spectrum.curves.map { curve in
          Line(
            label: curve.label,
            points: zip(spectrum.frequencies, curve.values).prefix(end + 1).map { SIMD2($0, $1) })
        }
      }
    }
  }

  // MARK: One or several trajectories

  /// Plots of a quantity that each trajectory has for all atoms and for elements or pairs.
  private func family(
    _ title: String, caption: String, x: Plot.Axis, y: Plot.Axis, reference: Double? = nil,
    _ lines: (TrajectoryObservables) -> [Line]?
  ) -> [Plot] {
    let all = trajectories.enumerated().compactMap { index, trajectory in
      lines(trajectory).map { (index: index, name: trajectory.name, lines: $0) }
    }
    guard !all.isEmpty else { return [] }
    func plot(_ title: String, _ curves: [Plot.Curve]) -> Plot {
      Plot(title: title, caption: caption, x: x, y: y, curves: curves, reference: reference)
    }
    func curve(_ line: Line, label: String, colour: Int) -> Plot.Curve {
      Plot.Curve(label: label, colour: colour, points: line.points, band: line.band)
    }
    if trajectories.count == 1 {
      return [
        plot(
          title,
          all[0].lines.enumerated().map { curve($1, label: $1.label, colour: $0) })
      ]
    }
    var labels: [String] = []
    for line in all.flatMap(\.lines) where !labels.contains(line.label) {
      labels.append(line.label)
    }
    return labels.map { label in
      plot(
        label == "all" ? title : "\(title), \(label)",
        all.compactMap { entry in
          entry.lines.first { $0.label == label }.map {
            curve($0, label: entry.name, colour: entry.index)
          }
        })
    }
  }
}
