import Neighbours

/// Atoms and the cell that repeats them.
public struct AtomicStructure: Sendable, Hashable {
  /// The atomic number of each atom: 1 for hydrogen.
  public var atomicNumbers: [Int]
  /// Positions in Å.
  public var positions: [SIMD3<Double>]
  /// The cell, or nil for a molecule in empty space.
  public var cell: Cell?

  /// - Precondition: there are as many positions as atomic numbers.
  public init(atomicNumbers: [Int], positions: [SIMD3<Double>], cell: Cell? = nil) {
    precondition(
      atomicNumbers.count == positions.count,
      "structure: \(atomicNumbers.count) atomic numbers and \(positions.count) positions")
    self.atomicNumbers = atomicNumbers
    self.positions = positions
    self.cell = cell
  }

  /// The number of atoms.
  public var count: Int { positions.count }
}
