import Potentials

/// Atoms at one moment and what became of them one forecast step later.
public struct MotionSample: Sendable, Hashable {
  public var structure: AtomicStructure
  /// Å/fs, an atom.
  public var velocities: [SIMD3<Double>]
  /// Å: where each atom went.
  public var displacements: [SIMD3<Double>]
  /// Å/fs: the velocities afterwards.
  public var updatedVelocities: [SIMD3<Double>]

  /// - Precondition: all have as many atoms.
  public init(
    structure: AtomicStructure, velocities: [SIMD3<Double>], displacements: [SIMD3<Double>],
    updatedVelocities: [SIMD3<Double>]
  ) {
    precondition(
      [velocities.count, displacements.count, updatedVelocities.count].allSatisfy {
        $0 == structure.count
      }, "motion sample: vectors of other numbers of atoms than \(structure.count)")
    self.structure = structure
    self.velocities = velocities
    self.displacements = displacements
    self.updatedVelocities = updatedVelocities
  }

  /// The same motion seen backwards in time, as true as the first where forces do not depend on
  /// velocities.
  public var reversed: MotionSample {
    var sample = self
    for atom in velocities.indices {
      sample.structure.positions[atom] += displacements[atom]
      sample.velocities[atom] = -updatedVelocities[atom]
      sample.displacements[atom] = -displacements[atom]
      sample.updatedVelocities[atom] = -velocities[atom]
    }
    return sample
  }
}
