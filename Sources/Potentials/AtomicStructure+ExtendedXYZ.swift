import FileFormats
import Neighbours

extension AtomicStructure {
  /// The structure of a frame of an extended XYZ file.
  ///
  /// - Throws: `StructureError` for a symbol that is no element and for periodicity without a
  ///   cell; what `Cell` throws for a cell without volume.
  public init(_ frame: ExtendedXYZFrame) throws {
    let numbers = try frame.species.enumerated().map { atom, symbol in
      guard let number = ChemicalElement.atomicNumber(ofSymbol: symbol), number > 0
      else { throw StructureError.unknownSymbol(atom: atom, symbol: symbol) }
      return number
    }
    if frame.cell == nil, frame.periodic.contains(true) { throw StructureError.noCell }
    let cell = try frame.cell.map { try Cell($0[0], $0[1], $0[2], periodic: frame.periodic) }
    self.init(atomicNumbers: numbers, positions: frame.positions, cell: cell)
  }
}

/// Why a frame of a file is no structure.
public enum StructureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No element has this symbol. Atoms are counted from 0.
  case unknownSymbol(atom: Int, symbol: String)
  /// The frame is said to be periodic and has no cell.
  case noCell

  public var description: String {
    switch self {
    case .unknownSymbol(let atom, let symbol):
      "atom \(atom): '\(symbol)' is no chemical element; expected a symbol such as 'Si'"
    case .noCell:
      "the frame is periodic (pbc) but has no cell; expected Lattice=\"…\""
    }
  }
}
