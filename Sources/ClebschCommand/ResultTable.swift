import Clebsch

/// The table of results on standard output.
struct ResultTable {
  let printsForces: Bool
  private var hasHeader = false

  init(printsForces: Bool) { self.printsForces = printsForces }

  mutating func write(
    _ summary: ResultSummary, _ frame: ExtendedXYZFrame, _ result: PotentialResult
  ) throws {
    var lines: [String] = []
    if !hasHeader {
      lines.append(
        Self.row("structure", "atoms", "energy eV", "eV/atom", "max force eV/Å", "pressure GPa"))
      hasHeader = true
    }
    lines.append(
      Self.row(
        summary.label, "\(summary.atoms)", fixed(summary.energy, decimals: 6),
        fixed(summary.energyPerAtom, decimals: 6), fixed(summary.largestForce, decimals: 6),
        summary.pressure.map { fixed($0, decimals: 4) } ?? "–"))
    if printsForces { lines += Self.details(frame, result) }
    try StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }

  private static func row(_ label: String, _ cells: String...) -> String {
    let widths = [7, 16, 12, 15, 13]
    return label.padded(to: 24)
      + zip(cells, widths).map { $0.leftPadded(to: $1) }.joined(separator: " ")
  }

  private static func details(_ frame: ExtendedXYZFrame, _ result: PotentialResult) -> [String] {
    var lines: [String] = []
    if let stress = result.stress {
      let terms = zip(["xx", "yy", "zz", "yz", "xz", "xy"], stress).map {
        "\($0) \(fixed($1, decimals: 6))"
      }
      lines.append("  stress eV/Å³: " + terms.joined(separator: "  "))
    }
    lines.append("   atom        position Å" + "force eV/Å".leftPadded(to: 44))
    for (atom, (position, force)) in zip(frame.positions, result.forces).enumerated() {
      let name = "\(atom)".leftPadded(to: 6) + " " + frame.species[atom].padded(to: 3)
      lines.append(
        name + columns(position, decimals: 4, width: 11) + "  "
          + columns(force, decimals: 6, width: 13))
    }
    lines.append("")
    return lines
  }

  private static func columns(_ vector: SIMD3<Double>, decimals: Int, width: Int) -> String {
    (0..<3).map { fixed(vector[$0], decimals: decimals).leftPadded(to: width) }.joined()
  }
}
