import OpenCLRuntime

/// The times of a benchmark, in seconds, and what they mean.
public struct Measurement: Sendable {
  public let name: String
  public let minimumSeconds: Double
  public let medianSeconds: Double
  public let runs: Int
  /// What the work moves and computes, counted from its definition.
  public let counts: WorkCounts
  public let items: WorkItems?
  /// Preparation and first run: models loaded, kernels found or built.
  public let firstSeconds: Double
  /// The most memory of the device that was in use at one time.
  public let peakDeviceBytes: Int

  public var bytesPerSecond: Double { Double(counts.bytes) / minimumSeconds }
  public var operationsPerSecond: Double { Double(counts.operations) / minimumSeconds }

  /// Seconds for one of the items, where there are any.
  public var secondsPerItem: Double? {
    items.map { minimumSeconds / Double(max(1, $0.count)) }
  }
}

/// How often benchmarks run.
public struct MeasurementPlan: Sendable {
  /// Runs of each; nil lets short work run more often.
  public var runs: Int?
  /// Without a number of runs, work is repeated for about this long, as `Benchmarks/compare` repeats
  /// that of others: of more runs the shortest is shorter.
  package var seconds = 0.5

  public init(runs: Int? = nil) { self.runs = runs }

  private static let fewestRuns = 7
  private static let mostRuns = 5000

  /// The number of runs for work that takes about so many seconds.
  package func runs(forWorkOf duration: Double) -> Int {
    if let runs { return runs }
    let affordable = duration > 0 ? seconds / duration : Double(Self.mostRuns)
    // Minutes of one piece of work tell no more after a few runs.
    let fewest = duration > 5 ? 2 : Self.fewestRuns
    return max(fewest, Int(min(affordable, Double(Self.mostRuns))))
  }
}

extension BenchmarkBed {
  /// Runs a benchmark: once to warm up, then as often as the plan says.
  ///
  /// - Throws: what the work throws.
  public func measure(_ benchmark: Benchmark, plan: MeasurementPlan) throws -> Measurement {
    try context.finish()
    context.resetHighWaterMark()
    var prepared: PreparedWork?
    let first = try seconds {
      let work = try benchmark.prepare(self)
      try work.run(0)
      try context.finish()
      prepared = work
    }
    guard let work = prepared else { preconditionFailure("\(benchmark.name): not prepared") }
    // The second run finds buffers and kernels where later ones do, and says how long one takes.
    let estimate = try timed(work, run: 1)
    let runs = plan.runs(forWorkOf: estimate)
    let times = try (0..<runs).map { try timed(work, run: $0 + 2) }.sorted()
    return Measurement(
      name: benchmark.name, minimumSeconds: times[0], medianSeconds: times[times.count / 2],
      runs: runs, counts: work.counts, items: work.items, firstSeconds: first,
      peakDeviceBytes: context.statistics.highWaterMarkBytes)
  }

  /// Seconds from the first enqueueing until the device is done.
  private func timed(_ work: PreparedWork, run: Int) throws -> Double {
    try seconds {
      try work.run(run)
      try context.finish()
    }
  }
}

/// How long `body` takes, in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let elapsed = try ContinuousClock().measure(body)
  return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
}
