import FileFormats

/// Constants and conversions in the units of dynamics: Å, eV, fs and the unified atomic mass
/// unit u.
///
/// The values are those of CODATA 2014, as ASE has them, so that trajectories can be compared
/// digit by digit; later sets differ in the eighth digit.
public enum DynamicsUnits {
  /// Boltzmann's constant in eV/K.
  public static let boltzmann = PhysicalConstants.boltzmann

  /// The acceleration in Å/fs² that a force of 1 eV/Å gives to a mass of 1 u.
  ///
  /// It is also what turns u · (Å/fs)² into energy: a kinetic energy in eV is ½ m v² over this.
  public static let accelerationPerForce = PhysicalConstants.accelerationPerForce

  /// 1 GPa in eV/Å³.
  public static let gigapascal = 0.006241509125883258

  /// 1 fs in the unit of time in which ASE's files have `momenta`: v in Å/fs is p/m times this.
  public static let femtosecondInASEUnits = PhysicalConstants.aseTimePerFemtosecond
}
