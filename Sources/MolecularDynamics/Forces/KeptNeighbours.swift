import Neighbours
import Potentials
import Synchronization

/// A potential whose neighbour list reaches beyond the cutoff by a skin and is kept while no pair can
/// have come in from beyond it.
///
/// It is for models so cheap that finding neighbours at each step would cost as much as the model:
/// `Potential.keepingNeighbours(skin:)` makes one. What it says of a structure depends on
/// the structure and on where the atoms were when the list was made, and on nothing else; the list
/// itself is a memory of that.
public final class KeptNeighbours: ForceField {
  private let listed: ListedPotential
  private let memory = Mutex<NeighbourList?>(nil)

  init(_ listed: ListedPotential) { self.listed = listed }

  /// Å beyond the cutoff.
  public var skin: Double { listed.skin }

  public func forces(on structure: AtomicStructure) throws -> ForceEvaluation {
    var reference: AtomicStructure?
    return try forces(on: structure, listedAt: &reference)
  }

  public func forces(
    on structure: AtomicStructure, listedAt reference: inout AtomicStructure?
  ) throws -> ForceEvaluation {
    if reference.map({ holds($0, for: structure) }) != true { reference = structure }
    let result = try listed.evaluate(structure, with: list(of: reference ?? structure))
    return ForceEvaluation(energy: result.energy, forces: result.forces, stress: result.stress)
  }

  public func pairs(
    in structure: AtomicStructure, within distance: Double
  ) throws -> [AtomPair] {
    try listed.potential.pairs(in: structure, within: distance)
  }

  private func list(of reference: AtomicStructure) throws -> NeighbourList {
    if let list = memory.withLock(\.self), list.reference == reference { return list }
    let list = try listed.neighbourList(of: reference)
    memory.withLock { $0 = list }
    return list
  }

  /// Whether all pairs within the cutoff are in a list made at `reference`.
  ///
  /// What the cell has done since is a strain of all of space, at most its norm in any direction;
  /// beyond that, two atoms have come closer by what both have moved.
  private func holds(_ reference: AtomicStructure, for structure: AtomicStructure) -> Bool {
    guard reference.count == structure.count, let reach = reach(reference, structure) else {
      return false
    }
    let (deformation, shrinkage) = reach
    var largest = 0.0
    for (position, old) in zip(structure.positions, reference.positions) {
      let moved = position - (deformation.map { $0 * old } ?? old)
      largest = max(largest, moved.dot(moved))
    }
    let cutoff = listed.potential.cutoff
    return shrinkage * (cutoff + skin) - 2 * largest.squareRoot() > cutoff
  }

  /// The deformation of the cell, nil for none, and the least factor by which it changes a length; nil
  /// where the cells cannot be compared.
  private func reach(
    _ reference: AtomicStructure, _ structure: AtomicStructure
  ) -> (Matrix3?, Double)? {
    guard reference.cell != structure.cell else { return (nil, 1) }
    guard let old = reference.cell, let new = structure.cell, old.periodic == new.periodic,
      old.periodic.allSatisfy(\.self)
    else { return nil }
    let deformation = (Matrix3(rows: old.vectors).inverse * Matrix3(rows: new.vectors)).transposed
    let strain = deformation - .identity
    let norm = strain.rows.reduce(0) { $0 + $1.dot($1) }.squareRoot()
    return (deformation, 1 - norm)
  }
}

extension Potential {
  /// Whether its neighbour list may be kept between steps: its model counts exactly nothing beyond its
  /// cutoff. Networks are evaluated on the edges within it, for which the list is made at each step;
  /// that takes less than a hundredth of their time.
  public var canKeepNeighbours: Bool { vanishesBeyondCutoff }

  /// The potential with a neighbour list that is kept between steps.
  ///
  /// - Parameter skin: Å beyond the cutoff; the list is made anew when atoms have moved about half of
  ///   it. 0 makes it at each step.
  /// - Throws: errors of the device.
  /// - Precondition: `canKeepNeighbours`, and the skin is not negative.
  public func keepingNeighbours(skin: Double) throws -> KeptNeighbours {
    KeptNeighbours(try ListedPotential(self, skin: skin))
  }
}
