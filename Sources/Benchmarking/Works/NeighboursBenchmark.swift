import Neighbours
import TensorGraph

/// The full list of neighbours within 5 Å of silicon rattled by 0.1 Å, with shifts, vectors and
/// distances; positions come from the host and change at each run.
package enum NeighboursBenchmark {
  static let cutoff = 5.0
  private static let variants = 4

  static let all = [6, 16].map { cells in
    let crystal = SiliconCrystal((cells, cells, cells), rattle: 0.1)
    return Benchmark("neighbours/si\(crystal.atomCount)-5A") { try prepare(crystal, on: $0) }
  }

  /// Positions read, edges written: both atoms, shift, vector, length and place in the transposed
  /// order. Operations: a squared distance and its root for each edge that is found.
  package static func counts(atoms: Int, edges: Int, elementBytes: Int = 4) -> WorkCounts {
    WorkCounts(
      bytes: 24 * atoms + edges * (4 + 4 + 12 + 4 * elementBytes + 4) + 4 * (atoms + 1),
      operations: edges * 9)
  }

  private static func prepare(
    _ crystal: SiliconCrystal, on bed: BenchmarkBed
  ) throws -> PreparedWork {
    let cell = try crystal.cell()
    let positions = try (0..<variants).map { try crystal.positions(seed: $0, on: bed) }
    let search = try NeighbourSearch(cutoff: cutoff, precision: bed.elementType, on: bed.context)
    let edges = try search.radiusGraph(of: positions[0], in: cell).edgeCount
    return PreparedWork(
      counts: counts(
        atoms: crystal.atomCount, edges: edges, elementBytes: bed.elementType.byteCount),
      items: WorkItems("atom", count: crystal.atomCount)
    ) { run in
      _ = try search.radiusGraph(of: positions[run % variants], in: cell)
    }
  }
}
