import Clebsch

/// A published potential on a cubic piece of silicon, rattled anew at each run.
struct PotentialBenchmark {
  let model: String
  /// Cells of eight atoms along each axis.
  let cells: Int

  static let all = [("7net-0", [2, 3, 4]), ("7net-l3i5", [2, 3])].flatMap { model, sizes in
    sizes.map { PotentialBenchmark(model: model, cells: $0) }
  }

  var atomCount: Int { 8 * cells * cells * cells }
  var name: String { "potential/\(model)/si\(atomCount)" }

  /// Seconds of each run: neighbour list, energy, forces and stress.
  func measure(_ potential: Potential, runs: Int) throws -> [Double] {
    _ = try potential.evaluate(try structure(run: 0))
    let clock = ContinuousClock()
    return try (1...runs).map { run in
      let structure = try structure(run: run)
      let elapsed = try clock.measure { _ = try potential.evaluate(structure) }
      return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    }
  }

  /// Diamond silicon, a = 5.43 Å, each coordinate moved by a normal deviate of 0.05 Å.
  private func structure(run: Int) throws -> AtomicStructure {
    let constant = 5.43
    let basis = [
      SIMD3(0.0, 0, 0), SIMD3(0, 2, 2), SIMD3(2, 0, 2), SIMD3(2, 2, 0), SIMD3(1, 1, 1),
      SIMD3(1, 3, 3), SIMD3(3, 1, 3), SIMD3(3, 3, 1),
    ].map { $0 / 4 }
    let moves = try RandomKey(seed: Int32(run)).normal([Dimension(3 * atomCount)], .float32)
      .doubles()
    var positions: [SIMD3<Double>] = []
    for x in 0..<cells {
      for y in 0..<cells {
        for z in 0..<cells {
          for site in basis {
            let place = 3 * positions.count
            positions.append(
              constant * (SIMD3(Double(x), Double(y), Double(z)) + site)
                + 0.05 * SIMD3(moves[place], moves[place + 1], moves[place + 2]))
          }
        }
      }
    }
    let edge = constant * Double(cells)
    return AtomicStructure(
      atomicNumbers: Array(repeating: 14, count: atomCount), positions: positions,
      cell: try Cell(SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge)))
  }
}
