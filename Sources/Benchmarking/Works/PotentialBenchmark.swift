import Potentials
import TensorGraph

/// Energy, forces and stress of silicon rattled by 0.05 Å with a published potential, neighbour list
/// included, positions changed at each run.
struct PotentialBenchmark: Sendable {
  let model: String
  /// Cells of eight atoms along each axis.
  let cells: [Int]

  private static let variants = 4

  static let all = contract + scaling

  private static let contract = [("7net-0", [2, 3, 4]), ("7net-l3i5", [2, 3])].flatMap {
    model, sizes in
    sizes.map { size in
      PotentialBenchmark(model: model, cells: [size, size, size]).benchmark("potential")
    }
  }

  /// From one cell to 100,000 atoms: how the time of an atom depends on their number, and what the
  /// largest takes in memory.
  private static let scaling = [
    [1, 1, 1], [2, 2, 2], [3, 3, 3], [4, 4, 4], [6, 6, 6], [5, 10, 10], [12, 12, 12],
    [16, 16, 16], [20, 25, 25],
  ].map {
    PotentialBenchmark(model: "7net-0", cells: $0).benchmark("scaling", isLarge: true)
  }

  private var crystal: SiliconCrystal {
    SiliconCrystal((cells[0], cells[1], cells[2]), rattle: 0.05)
  }

  private func benchmark(_ group: String, isLarge: Bool = false) -> Benchmark {
    Benchmark("\(group)/\(model)/si\(crystal.atomCount)", model: model, isLarge: isLarge) {
      try prepare(on: $0)
    }
  }

  /// Counts are those of the compiled plan: what its kernels move and compute.
  private func prepare(on bed: BenchmarkBed) throws -> PreparedWork {
    let potential = try bed.potential(model)
    let crystal = crystal
    let cell = try crystal.cell()
    let structures = try (0..<Self.variants).map { seed in
      AtomicStructure(
        atomicNumbers: Array(repeating: 14, count: crystal.atomCount),
        positions: try crystal.positions(seed: seed, on: bed), cell: cell)
    }
    let plan = try potential.explain([structures[0]])
    let counts = plan.kernels.reduce(WorkCounts()) { total, kernel in
      total + WorkCounts(bytes: kernel.byteCount, operations: kernel.operationCount)
    }
    return PreparedWork(counts: counts, items: WorkItems("atom", count: crystal.atomCount)) { run in
      _ = try potential.evaluate(structures[run % Self.variants])
    }
  }
}
