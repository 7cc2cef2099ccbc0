import Neighbours
import Potentials

/// Atoms and cell as one set of coordinates: positions carried back to the cell at the start, and N
/// times the logarithm of the deformation since (Tadmor et al., Physical Review B 59, 235, 1999; ASE's
/// FrechetCellFilter). The forces on them are exact derivatives of the enthalpy E + P₀V.
package struct CellFilter: Sendable {
  package var initialCell: Cell
  package var freedom: CellFreedom
  /// eV/Å³.
  package var pressure: Double

  package init(initialCell: Cell, freedom: CellFreedom, pressure: Double) {
    self.initialCell = initialCell
    self.freedom = freedom
    self.pressure = pressure
  }

  /// F with cell = F · initial cell, for vectors as columns.
  private func deformation(of structure: AtomicStructure) -> Matrix3 {
    let vectors = structure.cell?.vectors ?? initialCell.vectors
    return (Matrix3(rows: initialCell.vectors).inverse * Matrix3(rows: vectors)).transposed
  }

  /// [atoms + 3]: F⁻¹ x of each atom, then the rows of N log F.
  package func coordinates(of structure: AtomicStructure) -> [SIMD3<Double>] {
    let deformation = deformation(of: structure)
    let inverse = deformation.inverse
    return structure.positions.map { inverse * $0 }
      + (Double(structure.count) * deformation.logarithm).rows
  }

  /// The structure with these coordinates.
  ///
  /// - Throws: `NeighboursError` where the cell is none.
  package func structure(
    _ coordinates: [SIMD3<Double>], like structure: AtomicStructure
  ) throws -> AtomicStructure {
    let count = structure.count
    let logarithm = (1 / Double(count)) * Matrix3(rows: Array(coordinates[count...]))
    let deformation = logarithm.exponential
    var result = structure
    result.positions = coordinates[..<count].map { deformation * $0 }
    let vectors = initialCell.vectors.map { deformation * $0 }
    result.cell = try Cell(
      vectors[0], vectors[1], vectors[2], periodic: initialCell.periodic)
    return result
  }

  /// [atoms + 3]: the negative gradient of the enthalpy with respect to the coordinates.
  package func forces(
    on structure: AtomicStructure, _ evaluation: ForceEvaluation
  ) -> [SIMD3<Double>] {
    let deformation = deformation(of: structure)
    let transposed = deformation.transposed
    let virial = virial(of: structure, evaluation) * transposed.inverse
    // Σ ⟨virial, L(U, E_μν)⟩ over all directions is the derivative at Uᵀ along the virial.
    var cellForce = deformation.logarithm.transposed.exponentialAndDerivative(along: virial)
      .derivative
    if freedom.keepsVolume { cellForce = cellForce - Matrix3(diagonal: cellForce.trace / 3) }
    return evaluation.forces.map { transposed * $0 }
      + ((1 / Double(structure.count)) * cellForce).rows
  }

  /// −V (σ + P₀), with the components that are held set to zero.
  private func virial(of structure: AtomicStructure, _ evaluation: ForceEvaluation) -> Matrix3 {
    let volume = structure.cell?.volume ?? 0
    return (-volume) * excessStress(evaluation)
  }

  /// σ + P₀ as far as it may change the cell, eV/Å³: what is zero when the cell is relaxed.
  package func excessStress(_ evaluation: ForceEvaluation) -> Matrix3 {
    var stress = evaluation.stress ?? [Double](repeating: 0, count: 6)
    for axis in 0..<3 { stress[axis] += pressure }
    if freedom.isHydrostatic {
      let mean = (stress[0] + stress[1] + stress[2]) / 3
      stress = [mean, mean, mean, 0, 0, 0]
    }
    for component in 0..<6 where !freedom.components[component] { stress[component] = 0 }
    if freedom.keepsVolume {
      let mean = (stress[0] + stress[1] + stress[2]) / 3
      for axis in 0..<3 { stress[axis] -= mean }
    }
    return Matrix3(voigt: stress)
  }
}
