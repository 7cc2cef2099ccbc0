extension TrajectoryObservables {
  /// The numbers for tables, in a fixed order; what is not known is left out.
  public var keyNumbers: [KeyNumber] {
    thermalNumbers + cellNumbers + structuralNumbers + dynamicalNumbers
  }

  private var thermalNumbers: [KeyNumber] {
    var numbers: [KeyNumber] = []
    if let temperature = thermodynamics.temperature {
      numbers.append(KeyNumber("temperature_K", BlockAverage(temperature)))
    }
    if let pressure = thermodynamics.pressure {
      numbers.append(KeyNumber("pressure_GPa", BlockAverage(pressure)))
    }
    if let potential = thermodynamics.potential {
      numbers.append(
        KeyNumber(
          "potential_eV_per_atom", BlockAverage(potential.map { $0 / Double(atomCount) })))
    }
    if let drift = thermodynamics.drift {
      let quantity = drift.quantity == "conserved_eV" ? "conserved" : "total"
      numbers.append(
        KeyNumber("\(quantity)_drift_eV_per_atom_per_ps", drift.rate, error: drift.error))
      numbers.append(KeyNumber("energy_fluctuation_eV_per_atom", drift.fluctuation))
    }
    return numbers
  }

  private var cellNumbers: [KeyNumber] {
    guard let cell else { return [] }
    // A cell that stays has no error, not one of zero.
    func number(_ quantity: String, _ average: BlockAverage) -> KeyNumber {
      KeyNumber(quantity, average.mean, error: cell.varies ? average.error : nil)
    }
    let lengths = zip(CellHistory.parameterNames, cell.parameters).map { name, values in
      let unit = ["a", "b", "c"].contains(name) ? "A" : "deg"
      return number("cell_\(name)_\(unit)", BlockAverage(values))
    }
    return [number("density_g_per_cm3", cell.density)] + (cell.varies ? lengths : [])
  }

  private var structuralNumbers: [KeyNumber] {
    let pairs = radialDistribution?.pairs ?? []
    func numbers(
      _ quantity: String, _ value: (RadialDistribution.Pair) -> BlockAverage?
    ) -> [KeyNumber] {
      pairs.compactMap { pair in
        value(pair).map { KeyNumber(quantity, of: pair.label, $0) }
      }
    }
    return numbers("rdf_peak_A") { $0.firstPeak.map { BlockAverage(mean: $0.radius, error: nil) } }
      + numbers("rdf_peak_height") {
        $0.firstPeak.map { BlockAverage(mean: $0.height, error: nil) }
      }
      + numbers("rdf_minimum_A") { $0.firstMinimum.map { BlockAverage(mean: $0, error: nil) } }
      + numbers("coordination", \.firstShell)
  }

  private var dynamicalNumbers: [KeyNumber] {
    let fits = meanSquareDisplacement?.curves.compactMap { curve in
      curve.diffusion.map { (label: curve.label, diffusion: $0) }
    }
    var numbers =
      fits?.map {
        KeyNumber(
          "diffusion_cm2_per_s", of: $0.label,
          $0.diffusion.coefficient * Diffusion.squareCentimetresPerSecond,
          error: $0.diffusion.error.map { $0 * Diffusion.squareCentimetresPerSecond })
      } ?? []
    numbers +=
      fits?.compactMap { fit in
        fit.diffusion.exponent.map { KeyNumber("diffusion_exponent", of: fit.label, $0) }
      } ?? []
    numbers +=
      velocityAutocorrelation?.curves.map {
        KeyNumber(
          "green_kubo_diffusion_cm2_per_s", of: $0.label,
          $0.diffusion * Diffusion.squareCentimetresPerSecond)
      } ?? []
    if let spectrum {
      if let peak = spectrum.peaks.first { numbers.append(KeyNumber("spectrum_peak_THz", peak)) }
      numbers.append(KeyNumber("spectrum_mean_THz", spectrum.meanFrequency))
    }
    return numbers
  }
}

extension Diffusion {
  /// 1 Å²/fs in cm²/s.
  static let squareCentimetresPerSecond = 0.1
}

extension VibrationalSpectrum {
  /// ∫νS dν in THz.
  public var meanFrequency: Double {
    let values = curves[0].values
    let total = values.reduce(0, +)
    return zip(values, frequencies).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}
