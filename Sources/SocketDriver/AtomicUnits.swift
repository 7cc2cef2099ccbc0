/// Hartree's atomic units, in which the protocol speaks (CODATA 2014, as ASE has them).
enum AtomicUnits {
  /// In Å.
  static let bohr = 0.5291772105638411
  /// In eV.
  static let hartree = 27.211386024367243
}
