import FileFormats

/// A frame of a trajectory with what the observables need of it.
package struct TrajectoryFrame: Sendable {
  /// In Å, as they stand in the file.
  package var positions: [SIMD3<Double>]
  /// In Å/fs.
  package var velocities: [SIMD3<Double>]?
  /// nil for a structure without a cell.
  package var box: PeriodicBox?
  /// In fs, from `time_fs` of the comment.
  package var time: Double?
  /// The potential energy in eV.
  package var energy: Double?
  /// A third of the trace of the potential's stress, in eV/Å³, positive under tension.
  package var meanStress: Double?

  package init(
    positions: [SIMD3<Double>], velocities: [SIMD3<Double>]? = nil, box: PeriodicBox? = nil,
    time: Double? = nil, energy: Double? = nil, meanStress: Double? = nil
  ) {
    self.positions = positions
    self.velocities = velocities
    self.box = box
    self.time = time
    self.energy = energy
    self.meanStress = meanStress
  }
}

/// The atoms of a trajectory: what does not change from frame to frame.
package struct TrajectoryAtoms: Sendable, Equatable {
  package let symbols: [String]
  /// In u.
  package let masses: [Double]
  /// The elements in order of first appearance.
  package let elements: [String]
  /// For each atom the index of its element.
  package let elementOfAtom: [Int]

  /// - Precondition: there are as many masses as symbols.
  package init(symbols: [String], masses: [Double]) {
    precondition(
      symbols.count == masses.count, "\(symbols.count) symbols and \(masses.count) masses")
    self.symbols = symbols
    self.masses = masses
    var elements: [String] = []
    elementOfAtom = symbols.map { symbol in
      if let index = elements.firstIndex(of: symbol) { return index }
      elements.append(symbol)
      return elements.count - 1
    }
    self.elements = elements
  }

  package var count: Int { symbols.count }

  /// The number of atoms of each element.
  package var elementCounts: [Int] {
    elementOfAtom.reduce(into: [Int](repeating: 0, count: elements.count)) { $0[$1] += 1 }
  }

  package var totalMass: Double { masses.reduce(0, +) }

  /// "Cu₁₀₈"-like formulae in plain text: "Cu81Au27".
  package var formula: String {
    zip(elements, elementCounts).map { $1 == 1 ? $0 : "\($0)\($1)" }.joined()
  }

  /// The mean of a vector over the atoms, weighted by mass.
  package func massCentre(of vectors: [SIMD3<Double>]) -> SIMD3<Double> {
    zip(masses, vectors).reduce(.zero) { $0 + $1.0 * $1.1 } / totalMass
  }

  /// ½ Σ m v² in eV.
  package func kineticEnergy(_ velocities: [SIMD3<Double>]) -> Double {
    zip(masses, velocities).reduce(0) { $0 + $1.0 * dot($1.1, $1.1) }
      / (2 * PhysicalConstants.accelerationPerForce)
  }
}
