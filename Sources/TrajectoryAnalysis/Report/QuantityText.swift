/// How people write a quantity: its name, its unit, the factor that leads to that unit, and to how
/// many digits it is worth writing.
struct QuantityText: Sendable {
  let name: String
  let unit: String
  let factor: Double
  /// Significant digits where there is no error.
  let digits: Int
  /// Decimals beyond which an error is not followed.
  let greatestDecimals: Int

  init(
    _ name: String, _ unit: String = "", factor: Double = 1, digits: Int = 3,
    greatestDecimals: Int = 6
  ) {
    self.name = name
    self.unit = unit
    self.factor = factor
    self.digits = digits
    self.greatestDecimals = greatestDecimals
  }

  func text(of number: KeyNumber) -> String {
    NumberText.measured(
      number.value * factor, error: number.error.map { $0 * factor }, digits: digits,
      greatestDecimals: greatestDecimals)
  }

  /// In the order of the report's tables.
  static let all: [(quantity: String, text: QuantityText)] = [
    ("temperature_K", QuantityText("Temperature", "K", digits: 4)),
    ("pressure_GPa", QuantityText("Pressure", "GPa")),
    ("potential_eV_per_atom", QuantityText("Potential energy", "eV/atom", digits: 6)),
    ("conserved_drift_eV_per_atom_per_ps", milli("Drift of conserved energy", "meV/atom/ps")),
    ("total_drift_eV_per_atom_per_ps", milli("Drift of total energy", "meV/atom/ps")),
    ("energy_fluctuation_eV_per_atom", milli("Scatter about the drift", "meV/atom")),
    ("density_g_per_cm3", QuantityText("Density", "g/cm³", digits: 5)),
    ("cell_a_A", QuantityText("Cell, a", "Å", digits: 5)),
    ("cell_b_A", QuantityText("Cell, b", "Å", digits: 5)),
    ("cell_c_A", QuantityText("Cell, c", "Å", digits: 5)),
    ("cell_alpha_deg", QuantityText("Cell, α", "°", digits: 5)),
    ("cell_beta_deg", QuantityText("Cell, β", "°", digits: 5)),
    ("cell_gamma_deg", QuantityText("Cell, γ", "°", digits: 5)),
    ("rdf_peak_A", QuantityText("First peak of g(r)", "Å")),
    ("rdf_peak_height", QuantityText("Height of that peak")),
    ("rdf_minimum_A", QuantityText("First minimum of g(r)", "Å")),
    ("coordination", QuantityText("Neighbours up to there", greatestDecimals: 4)),
    ("diffusion_cm2_per_s", diffusion("D, from displacements")),
    ("diffusion_exponent", QuantityText("Exponent of ⟨Δr²⟩")),
    ("green_kubo_diffusion_cm2_per_s", diffusion("D, from velocities")),
    ("spectrum_peak_THz", QuantityText("Main peak of S(ν)", "THz", digits: 4)),
    ("spectrum_mean_THz", QuantityText("Mean frequency", "THz", digits: 4)),
    ("temperature_difference_K", QuantityText("Difference of temperature", "K")),
    ("temperature_difference_relative", percent("the same, of the temperature")),
    ("rdf_difference_A", QuantityText("∫|Δg| dr", "Å")),
    ("rdf_difference_relative", percent("the same, of ∫g dr")),
    ("rdf_difference_noise_A", QuantityText("of which noise would make", "Å")),
    ("rdf_peak_shift_A", QuantityText("Shift of the first peak of g(r)", "Å", digits: 2)),
    ("spectrum_peak_shift_THz", QuantityText("Shift of the peak at", "THz", digits: 2)),
    ("spectrum_peak_shift_relative", percent("the same, of its frequency")),
    ("spectrum_difference", QuantityText("∫|ΔS| dν, at most 2")),
    ("diffusion_ratio", QuantityText("Ratio of D")),
  ]

  static func of(_ quantity: String) -> QuantityText {
    all.first { $0.quantity == quantity }?.text ?? QuantityText(quantity)
  }

  private static func milli(_ name: String, _ unit: String) -> QuantityText {
    QuantityText(name, unit, factor: 1000, greatestDecimals: 5)
  }

  private static func percent(_ name: String) -> QuantityText {
    QuantityText(name, "%", factor: 100, digits: 2, greatestDecimals: 2)
  }

  private static func diffusion(_ name: String) -> QuantityText {
    QuantityText(name, "10⁻⁵ cm²/s", factor: 1e5)
  }
}
