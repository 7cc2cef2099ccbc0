extension TrajectoryObservables {
  /// How this trajectory differs from one that it ought to agree with.
  ///
  /// - `temperature_difference_K`: of the means, this one's less the reference's;
  ///   `temperature_difference_relative`: over the reference's.
  /// - `rdf_difference_A`: ∫|g − g_ref| dr; `rdf_difference_noise_A` is what to expect of it from
  ///   the errors of both alone: the mean of |x| of a normal x of width σ is σ√(2/π).
  ///   `rdf_difference_relative`: the first over ∫g_ref dr.
  /// - `spectrum_peak_shift_THz`: from each of the reference's three highest peaks to the nearest
  ///   peak here, and `spectrum_peak_shift_relative` over its frequency; `spectrum_difference`:
  ///   ∫|S − S_ref| dν, 0 for equal and 2 for disjoint spectra.
  /// - `diffusion_ratio`: this one's coefficient over the reference's.
  public func comparison(with reference: TrajectoryObservables) -> [KeyNumber] {
    var numbers: [KeyNumber] = []
    if let ours = thermodynamics.temperature.map(BlockAverage.init),
      let theirs = reference.thermodynamics.temperature.map(BlockAverage.init)
    {
      numbers.append(
        KeyNumber(
          "temperature_difference_K", ours.mean - theirs.mean,
          error: Self.combined(ours.error, theirs.error)))
      if theirs.mean > 0 {
        numbers.append(
          KeyNumber(
            "temperature_difference_relative", ours.mean / theirs.mean - 1,
            error: Self.combined(ours.error, theirs.error).map { $0 / theirs.mean }))
      }
    }
    if let ours = radialDistribution, let theirs = reference.radialDistribution {
      numbers += Self.compare(ours, theirs)
    }
    if let ours = spectrum, let theirs = reference.spectrum {
      numbers += Self.compare(ours, theirs)
    }
    if let ours = meanSquareDisplacement?.curves[0].diffusion,
      let theirs = reference.meanSquareDisplacement?.curves[0].diffusion, theirs.coefficient != 0
    {
      let ratio = ours.coefficient / theirs.coefficient
      let relative = Self.combined(
        ours.error.map { $0 / ours.coefficient }, theirs.error.map { $0 / theirs.coefficient })
      numbers.append(
        KeyNumber("diffusion_ratio", ratio, error: relative.map { abs($0 * ratio) }))
    }
    return numbers
  }

  private static func combined(_ one: Double?, _ two: Double?) -> Double? {
    one.flatMap { one in two.map { (one * one + $0 * $0).squareRoot() } }
  }

  private static func compare(
    _ ours: RadialDistribution, _ theirs: RadialDistribution
  ) -> [KeyNumber] {
    guard ours.binWidth == theirs.binWidth else { return [] }
    var (differences, fractions): ([KeyNumber], [KeyNumber]) = ([], [])
    var (noises, shifts): ([KeyNumber], [KeyNumber]) = ([], [])
    for pair in ours.pairs {
      guard let other = theirs.pairs.first(where: { $0.label == pair.label }) else { continue }
      let difference = zip(pair.values, other.values).reduce(0) { $0 + abs($1.0 - $1.1) }
      differences.append(
        KeyNumber("rdf_difference_A", of: pair.label, difference * ours.binWidth))
      let whole = other.values.reduce(0, +)
      if whole > 0 {
        fractions.append(
          KeyNumber("rdf_difference_relative", of: pair.label, difference / whole))
      }
      if !pair.errors.isEmpty, !other.errors.isEmpty {
        let noise = zip(pair.errors, other.errors).reduce(0) { sum, errors in
          sum + (errors.0 * errors.0 + errors.1 * errors.1).squareRoot()
        }
        noises.append(
          KeyNumber(
            "rdf_difference_noise_A", of: pair.label,
            noise * ours.binWidth * (2 / Double.pi).squareRoot()))
      }
      if let peak = pair.firstPeak, let reference = other.firstPeak {
        shifts.append(
          KeyNumber("rdf_peak_shift_A", of: pair.label, peak.radius - reference.radius))
      }
    }
    return differences + fractions + noises + shifts
  }

  private static func compare(
    _ ours: VibrationalSpectrum, _ theirs: VibrationalSpectrum
  ) -> [KeyNumber] {
    let shifts = theirs.peaks.prefix(3).compactMap { peak in
      ours.peaks.min(by: { abs($0 - peak) < abs($1 - peak) }).map { (peak, shift: $0 - peak) }
    }
    func label(_ peak: Double) -> String { "\(NumberText.fixed(peak, decimals: 2)) THz" }
    var numbers = shifts.map { KeyNumber("spectrum_peak_shift_THz", of: label($0.0), $0.shift) }
    numbers += shifts.filter { $0.0 > 0 }.map {
      KeyNumber("spectrum_peak_shift_relative", of: label($0.0), $0.shift / $0.0)
    }
    // The spectra may have other grids and ranges; beyond its range a spectrum is zero.
    let step = min(ours.frequencies[1], theirs.frequencies[1])
    let end = max(ours.frequencies.last ?? 0, theirs.frequencies.last ?? 0)
    let difference = stride(from: 0, through: end, by: step).reduce(0) { sum, frequency in
      sum + abs(ours.value(at: frequency) - theirs.value(at: frequency))
    }
    numbers.append(KeyNumber("spectrum_difference", difference * step))
    return numbers
  }
}

extension VibrationalSpectrum {
  /// S of all atoms between the points of its grid, by straight lines.
  func value(at frequency: Double) -> Double {
    let values = curves[0].values
    let place = frequency / frequencies[1]
    let index = Int(place)
    guard index >= 0, index + 1 < values.count else {
      return index == values.count - 1 ? values[index] : 0
    }
    let share = place - Double(index)
    return (1 - share) * values[index] + share * values[index + 1]
  }
}
