import FileFormats
import Neighbours

extension AtomicStructure {
  /// The atoms and the cell of a frame.
  ///
  /// - Throws: `StructureError` where the frame is no structure; `NeighboursError` for a cell that
  ///   has no volume or is not finite.
  public init(_ frame: ExtendedXYZFrame) throws {
    guard frame.atomCount > 0 else { throw StructureError.noAtoms }
    let numbers = try frame.species.enumerated().map { atom, symbol in
      guard let number = ChemicalElement.atomicNumber(ofSymbol: symbol), number > 0 else {
        throw StructureError.unknownSymbol(symbol, atom: atom)
      }
      return number
    }
    guard frame.cell != nil || !frame.periodic.contains(true) else {
      throw StructureError.periodicWithoutCell
    }
    let cell = try frame.cell.map {
      try Cell($0[0], $0[1], $0[2], periodic: frame.periodic)
    }
    self.init(atomicNumbers: numbers, positions: frame.positions, cell: cell)
  }
}

/// What keeps a frame from being a structure. Atoms are counted from 0.
public enum StructureError: Error, Hashable, Sendable, CustomStringConvertible {
  case noAtoms
  case unknownSymbol(String, atom: Int)
  case periodicWithoutCell

  public var description: String {
    switch self {
    case .noAtoms:
      "there are 0 atoms; expected at least one"
    case .unknownSymbol(let symbol, let atom):
      "atom \(atom): '\(symbol)' is no chemical element; expected a symbol as 'Si'"
    case .periodicWithoutCell:
      "the frame is periodic (pbc) but has no cell; expected Lattice=\"…\""
    }
  }
}
