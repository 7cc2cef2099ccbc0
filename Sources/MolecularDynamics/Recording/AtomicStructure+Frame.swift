import FileFormats
import Potentials

extension AtomicStructure {
  /// The structure as a frame of an extended XYZ file.
  package func frame(
    info: OrderedFields<ExtendedXYZValue>, properties: OrderedFields<ExtendedXYZProperty>
  ) -> ExtendedXYZFrame {
    ExtendedXYZFrame(
      species: atomicNumbers.map { ChemicalElement.symbol(ofAtomicNumber: $0) ?? "X" },
      positions: positions, cell: cell?.vectors, periodic: cell?.periodic, info: info,
      properties: properties)
  }
}
