import Clebsch

/// Where the results of `clebsch evaluate` go, a frame at a time.
struct ResultSinks: ~Copyable {
  /// nil where JSON is asked for.
  private var table: ResultTable?
  private var writer: ExtendedXYZWriter?

  init(table: ResultTable?, output: String?) throws {
    self.table = table
    writer = try output.map { try ExtendedXYZWriter(path: $0, numbers: .exact) }
  }

  mutating func write(_ located: LocatedFrame, _ result: PotentialResult) throws {
    try writer?.write(located.frame.adding(result))
    let summary = ResultSummary(located, result)
    if table == nil {
      try StandardOutput.write(summary.record(result))
    } else {
      try table?.write(summary, located.frame, result)
    }
  }

  /// The output file takes its name.
  consuming func finish() throws {
    try writer.take()?.finish()
  }
}

extension ExtendedXYZFrame {
  /// The frame with its results under the keys that ASE reads, its other values kept.
  fileprivate func adding(_ result: PotentialResult) -> ExtendedXYZFrame {
    var frame = self
    frame.info["energy"] = .real(result.energy)
    // Results of an earlier calculation that these do not replace would contradict them.
    for key in ["free_energy", "stress", "virial"] { frame.info[key] = nil }
    if let stress = result.stress { frame.info["stress"] = .matrix(matrix(fromVoigt: stress)) }
    frame.properties["forces"] = ExtendedXYZProperty(vectors: result.forces)
    frame.properties["energies"] = ExtendedXYZProperty(values: .reals(result.atomicEnergies))
    return frame
  }
}

/// The symmetric matrix of Voigt's xx, yy, zz, yz, xz, xy.
private func matrix(fromVoigt v: [Double]) -> [SIMD3<Double>] {
  [SIMD3(v[0], v[5], v[4]), SIMD3(v[5], v[1], v[3]), SIMD3(v[4], v[3], v[2])]
}
