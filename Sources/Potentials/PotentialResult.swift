/// What a potential says of a structure.
public struct PotentialResult: Sendable, Hashable {
  /// The sum of the atoms' energies, eV.
  public var energy: Double
  /// The energy of each atom, eV.
  public var atomicEnergies: [Double]
  /// The negative gradient of the energy with respect to each atom's position, eV/Å.
  public var forces: [SIMD3<Double>]
  /// The derivative of the energy with respect to strain, divided by the volume, in eV/Å³:
  /// xx, yy, zz, yz, xz, xy, positive under tension (ASE's order and sign). Nil without three
  /// periodic directions.
  public var stress: [Double]?
  /// Edges within the cutoff, each pair counted in both directions.
  public var edgeCount: Int
}
