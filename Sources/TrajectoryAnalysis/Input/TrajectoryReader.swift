import FileFormats

/// Reads the frames of a trajectory one after the other and checks that they belong together.
///
/// Velocities are the column `velocities` (or `vel`), in Å/fs, else ASE's `momenta` over the masses.
/// Masses are those of the first frame's column `masses`, else standard atomic weights.
package struct TrajectoryReader: ~Copyable {
  package let path: String
  package let atoms: TrajectoryAtoms
  /// The index of the next frame in the file, from 0.
  private var index = 0
  private let selection: FrameSelection
  private var reader: ExtendedXYZReader
  private var pending: ExtendedXYZFrame?

  /// - Throws: `FileFormatError` if the file cannot be read or has no frame of atoms.
  package init(path: String, selection: FrameSelection = FrameSelection()) throws {
    var reader = try ExtendedXYZReader(path: path)
    guard let first = try reader.next() else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "the file is empty", expected: "frames of atoms")
    }
    guard first.atomCount > 0 else {
      throw FileFormatError(
        kind: .malformed, file: path, location: .line(reader.frameLine),
        found: "a frame without atoms", expected: "at least one atom")
    }
    let masses = try Self.masses(of: first, path, line: reader.frameLine)
    self.path = path
    self.selection = selection
    self.reader = reader
    atoms = TrajectoryAtoms(symbols: first.species, masses: masses)
    pending = first
  }

  /// The offset in the file up to which it was read, for progress.
  package var fileOffset: Int { reader.fileOffset }

  /// The next frame that the selection takes, or nil at the end.
  ///
  /// - Throws: `FileFormatError` where the file is malformed, the atoms are not those of the
  ///   first frame, or a number is not finite.
  package mutating func next() throws -> TrajectoryFrame? {
    while let frame = try pending ?? reader.next() {
      pending = nil
      defer { index += 1 }
      if let last = selection.last, index > last { return nil }
      if selection.takes(index) { return try checked(frame) }
    }
    return nil
  }

  private static func masses(
    of frame: ExtendedXYZFrame, _ path: String, line: Int
  ) throws -> [Double] {
    if let masses = frame.properties["masses"]?.reals, masses.count == frame.atomCount,
      masses.allSatisfy({ $0 > 0 && $0.isFinite })
    {
      return masses
    }
    return try frame.species.enumerated().map { atom, symbol in
      guard let number = ChemicalElement.atomicNumber(ofSymbol: symbol),
        let mass = ChemicalElement.standardMass(ofAtomicNumber: number)
      else {
        throw FileFormatError(
          kind: .malformed, file: path, location: .line(line + 2 + atom),
          found: "'\(symbol.prefix(20))' is no chemical element and there are no masses",
          expected: "a symbol such as 'Si', or a column masses")
      }
      return mass
    }
  }

  private func malformed(
    _ found: String, _ expected: String, atom: Int? = nil
  ) -> FileFormatError {
    FileFormatError(
      kind: .malformed, file: path,
      location: .line(reader.frameLine + (atom.map { $0 + 2 } ?? 0)),
      found: "frame \(index): \(found)", expected: expected)
  }

  private func checked(_ frame: ExtendedXYZFrame) throws -> TrajectoryFrame {
    guard frame.species == atoms.symbols else {
      let found =
        frame.atomCount == atoms.count
        ? "the atoms are not those of frame 0"
        : "\(frame.atomCount) atoms, frame 0 has \(atoms.count)"
      throw malformed(found, "the same atoms in the same order in every frame")
    }
    if let atom = frame.positions.firstIndex(where: { !$0.sum().isFinite }) {
      throw malformed(
        "the position of atom \(atom) is not a finite number", "a run that did not blow up",
        atom: atom)
    }
    let velocities = velocities(of: frame)
    if let atom = velocities?.firstIndex(where: { !$0.sum().isFinite }) {
      throw malformed(
        "the velocity of atom \(atom) is not a finite number", "a run that did not blow up",
        atom: atom)
    }
    return TrajectoryFrame(
      positions: frame.positions, velocities: velocities, box: try box(of: frame),
      time: frame.info["time_fs"]?.realValue, energy: frame.info["energy"]?.realValue,
      meanStress: meanStress(of: frame))
  }

  private func velocities(of frame: ExtendedXYZFrame) -> [SIMD3<Double>]? {
    for name in ["velocities", "vel"] {
      if let vectors = frame.properties[name]?.vectors { return vectors }
    }
    return frame.properties["momenta"]?.vectors.map { momenta in
      zip(momenta, atoms.masses).map { $0 * (PhysicalConstants.aseTimePerFemtosecond / $1) }
    }
  }

  private func box(of frame: ExtendedXYZFrame) throws -> PeriodicBox? {
    guard let vectors = frame.cell else { return nil }
    if let box = PeriodicBox(vectors, periodic: frame.periodic) { return box }
    guard !frame.periodic.contains(true) else {
      throw malformed("the cell has no volume", "three lattice vectors that span one")
    }
    return nil
  }

  private func meanStress(of frame: ExtendedXYZFrame) -> Double? {
    if let rows = frame.info["stress"]?.matrixValue {
      return (rows[0].x + rows[1].y + rows[2].z) / 3
    }
    // Six numbers are in Voigt's order.
    guard let values = frame.info["stress"]?.realValues, values.count == 6 else { return nil }
    return (values[0] + values[1] + values[2]) / 3
  }
}

/// Which frames of a file are looked at.
package struct FrameSelection: Sendable, Equatable {
  /// The index of the first, from 0.
  package var first: Int
  /// The index of the last, or nil for all.
  package var last: Int?
  /// Of these, each how many-th.
  package var every: Int

  /// - Precondition: `every` is at least 1.
  package init(first: Int = 0, last: Int? = nil, every: Int = 1) {
    precondition(every >= 1, "every \(every)th frame")
    self.first = first
    self.last = last
    self.every = every
  }

  package func takes(_ index: Int) -> Bool {
    index >= first && (index - first) % every == 0 && index <= last ?? .max
  }
}
