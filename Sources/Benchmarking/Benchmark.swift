import OpenCLRuntime

/// A piece of work with a name that is a contract (docs/command-line.md), ready to be measured.
public struct Benchmark: Sendable {
  public let name: String
  /// The published model that it needs, if any.
  public let model: String?
  /// Whether it takes too long, or too much memory, to be run unless it is asked for.
  public let isLarge: Bool
  /// Makes what the work needs, which is not timed.
  let prepare: @Sendable (BenchmarkBed) throws -> PreparedWork

  init(
    _ name: String, model: String? = nil, isLarge: Bool = false,
    prepare: @escaping @Sendable (BenchmarkBed) throws -> PreparedWork
  ) {
    self.name = name
    self.model = model
    self.isLarge = isLarge
    self.prepare = prepare
  }
}

/// Work whose inputs are on the device and whose kernels are built.
struct PreparedWork {
  let counts: WorkCounts
  let items: WorkItems?
  /// Enqueues the work; what is timed is this and the wait for the device. The number of the run
  /// lets inputs change from run to run.
  let run: (_ number: Int) throws -> Void

  init(
    counts: WorkCounts, items: WorkItems? = nil, run: @escaping (_ number: Int) throws -> Void
  ) {
    self.counts = counts
    self.items = items
    self.run = run
  }
}

extension Benchmark {
  /// All benchmarks, in the order in which they are shown.
  public static let all: [Benchmark] =
    CeilingBenchmarks.all + ConvolutionBenchmark.all + RadialWeightsBenchmark.all
    + SegmentBenchmark.all + HarmonicsBenchmark.all + NeighboursBenchmark.all
    + MatrixProductBenchmark.all + FusionBenchmark.all + PotentialBenchmark.all

  /// The benchmarks whose name contains `filter`; without one, all but the large ones. A large
  /// one is named by "scaling" or more.
  public static func matching(_ filter: String?) -> [Benchmark] {
    guard let filter else { return all.filter { !$0.isLarge } }
    if let exact = all.first(where: { $0.name == filter }) { return [exact] }
    let isForLarge = filter.contains("scaling")
    return all.filter { $0.name.contains(filter) && (isForLarge || !$0.isLarge) }
  }
}
