/// A structure: a frame of an extended XYZ file.
public struct ExtendedXYZFrame: Sendable, Equatable {
  /// Chemical symbols, one an atom; the first letter is a capital, the rest are not.
  public var species: [String]
  /// In ångström, one an atom.
  public var positions: [SIMD3<Double>]
  /// The three lattice vectors in ångström, or nil for a structure without a cell.
  public var cell: [SIMD3<Double>]?
  /// Whether the structure repeats along each of the three lattice vectors.
  public var periodic: [Bool]
  /// The values of the comment line, without the cell, the periodicity and the description of
  /// columns.
  public var info: OrderedFields<ExtendedXYZValue>
  /// The atoms' columns beside species and positions.
  public var properties: OrderedFields<ExtendedXYZProperty>

  /// - Parameters:
  ///   - periodic: nil means along all vectors where there is a cell, and along none otherwise.
  /// - Precondition: there are as many positions as species, three lattice vectors and three
  ///   periodicities, and every property has as many atoms.
  public init(
    species: [String], positions: [SIMD3<Double>], cell: [SIMD3<Double>]? = nil,
    periodic: [Bool]? = nil, info: OrderedFields<ExtendedXYZValue> = [:],
    properties: OrderedFields<ExtendedXYZProperty> = [:]
  ) {
    self.species = species
    self.positions = positions
    self.cell = cell
    self.periodic = periodic ?? [Bool](repeating: cell != nil, count: 3)
    self.info = info
    self.properties = properties
    checkCounts()
  }

  /// The number of atoms.
  public var atomCount: Int { species.count }

  func checkCounts() {
    precondition(
      positions.count == species.count,
      "\(species.count) species and \(positions.count) positions in one frame")
    precondition(cell?.count ?? 3 == 3, "a cell of \(cell?.count ?? 0) vectors")
    precondition(periodic.count == 3, "periodicity of \(periodic.count) directions")
    for (name, property) in properties {
      precondition(
        property.atomCount == species.count,
        "property \(name) of \(property.atomCount) atoms in a frame of \(species.count)")
    }
  }
}
