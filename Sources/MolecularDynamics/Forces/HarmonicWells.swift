import Potentials

/// Each atom tied to a site of its own by a spring: an Einstein crystal, whose averages are known
/// in closed form. Computed on the host in double precision.
///
/// Its purpose is to try thermostats and integrators: ⟨x²⟩ = k_B T / k in each direction, and
/// kinetic and potential energy are both 3/2 N k_B T.
public struct HarmonicWells: ForceField {
  /// Å, an atom.
  public var sites: [SIMD3<Double>]
  /// eV/Å², the same for all atoms.
  public var stiffness: Double

  public init(sites: [SIMD3<Double>], stiffness: Double) {
    self.sites = sites
    self.stiffness = stiffness
  }

  public var isTranslationInvariant: Bool { false }

  /// - Precondition: the structure has as many atoms as there are sites.
  public func forces(on structure: AtomicStructure) -> ForceEvaluation {
    precondition(
      structure.count == sites.count,
      "harmonic wells: \(structure.count) atoms for \(sites.count) sites")
    let displacements = zip(structure.positions, sites).map { $0 - $1 }
    return ForceEvaluation(
      energy: displacements.reduce(0) { $0 + 0.5 * stiffness * $1.dot($1) },
      forces: displacements.map { -stiffness * $0 })
  }
}
