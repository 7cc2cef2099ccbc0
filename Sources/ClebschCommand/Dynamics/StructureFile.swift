import Clebsch

/// A structure file of which one frame is wanted.
struct StructureFile {
  let path: String

  init(_ path: String) { self.path = path }

  /// - Parameter frame: counted from 0; from the end where it is negative.
  /// - Throws: `FileFormatError`; `Failure` where there is no such frame.
  func located(frame wanted: Int) throws -> LocatedFrame {
    var reader = try ExtendedXYZReader(path: path)
    var last: [ExtendedXYZFrame] = []
    var index = 0
    while let frame = try reader.next() {
      if index == wanted { return try LocatedFrame(frame, index: index, file: path) }
      if wanted < 0 {
        last.append(frame)
        if last.count > -wanted { last.removeFirst() }
      }
      index += 1
    }
    guard index > 0 else {
      throw Failure(.badInput, "\(path): the file is empty\n  expected a frame of atoms")
    }
    guard wanted < 0, last.count == -wanted, let frame = last.first else {
      throw Failure(.wrongUsage, "--frame \(wanted): \(path) has \(index) frames, counted from 0")
    }
    return try LocatedFrame(frame, index: index + wanted, file: path)
  }
}

extension LocatedFrame {
  /// Velocities in Å/fs: the column `velocities`, or `momenta` as ASE writes them. Nil where there
  /// are none.
  func velocities(masses: [Double]) throws -> [SIMD3<Double>]? {
    if let property = frame.properties["velocities"] ?? frame.properties["velo"] {
      guard let vectors = property.vectors else { throw notVectors("velocities") }
      return vectors
    }
    guard let property = frame.properties["momenta"] else { return nil }
    guard let vectors = property.vectors else { throw notVectors("momenta") }
    return zip(vectors, masses).map { $0 * (DynamicsUnits.femtosecondInASEUnits / $1) }
  }

  /// The column `masses`, in u, or the elements' own.
  func masses() throws -> [Double] {
    if let property = frame.properties["masses"], property.columns == 1, let values = property.reals
    {
      return values
    }
    return try structure.atomicNumbers.enumerated().map { atom, number in
      guard let mass = ChemicalElement.standardMass(ofAtomicNumber: number) else {
        throw Failure(.badInput, "\(place): atom \(atom) has no mass; give a column 'masses'")
      }
      return mass
    }
  }

  /// Atoms that are not to move: those of a list, and those whose `move_mask` is false.
  func fixedAtoms(_ list: AtomList?) throws -> Set<Int> {
    var atoms = list?.atoms ?? []
    if case .bools(let mask)? = frame.properties["move_mask"]?.values,
      mask.count == structure.count
    {
      atoms.formUnion(mask.indices.filter { !mask[$0] })
    }
    if let atom = atoms.max(), atom >= structure.count {
      throw Failure(
        .wrongUsage,
        "--fix: there is no atom \(atom); \(place) has \(structure.count), counted from 0")
    }
    return atoms
  }

  private func notVectors(_ name: String) -> Failure {
    Failure(
      .badInput,
      "\(place): the column '\(name)' is not three real numbers an atom\n  expected \(name):R:3")
  }
}
