/// The constants of CODATA 2014, which ASE assumes too, in ångström, femtosecond, electronvolt and
/// unified atomic mass units.
package enum PhysicalConstants {
  /// k_B in eV/K.
  package static let boltzmann = 8.617330337217213e-5
  /// e/u: an acceleration in Å/fs² is this times a force in eV/Å over a mass in u, and a kinetic
  /// energy in eV is ½ m v² over this.
  package static let accelerationPerForce = 0.009648533290731906
  /// ASE's unit of time is 1/0.0982… fs; a momentum in its units over a mass in u is a velocity
  /// in Å per that unit.
  package static let aseTimePerFemtosecond = 0.09822694788464063
  /// 1 eV/Å³ in GPa.
  package static let gigapascalsPerElectronvoltPerCubicAngstrom = 160.2176621
  /// 1 THz in cm⁻¹.
  package static let wavenumberPerTerahertz = 33.35641
  /// 1 u/Å³ in g/cm³.
  package static let gramPerCubicCentimetre = 1.66053904
}
