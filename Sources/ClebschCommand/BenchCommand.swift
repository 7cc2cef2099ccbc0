import ArgumentParser
import Clebsch
import FileFormats

/// `clebsch bench`: how long known pieces of work take here, and how close that is to what the
/// device can do.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures kernels and pipelines beside the device's own limits.",
    discussion: """
      Example:
        clebsch bench gemm
        clebsch bench potential/7net-0 --json

      Rates are counted from the definition of the work: inputs read once, results written once,
      a multiply-add as two operations. The limits, a large copy and multiply-adds in registers,
      are measured in the same run. Without a filter everything runs but 'scaling', the time of an
      atom against their number. What needs a model that is not here is skipped.
      """)

  @Argument(help: "Only benchmarks whose name contains this.")
  var filter: String?

  @Option(help: "How often each benchmark runs; as often as is sensible where it is not given.")
  var runs: Int?

  @Flag(help: "One JSON object a line instead of a table.")
  var json = false

  @Flag(help: "Only print the names.")
  var list = false

  @Option(
    help: ArgumentHelp(
      "The OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  @Option(help: "The precision of the arithmetic: single or double.")
  var precision: Precision = .single

  func validate() throws {
    if let runs, runs < 1 {
      throw ValidationError("'--runs \(runs)': expected a number of runs, at least 1.")
    }
  }

  func run() throws {
    let chosen = Benchmark.matching(filter)
    guard !chosen.isEmpty else {
      let suggestion = filter.flatMap { nearest(to: $0, among: Benchmark.all.map(\.name)) }
      throw Failure(
        .wrongUsage,
        "no benchmark's name contains '\(filter ?? "")'; "
          + (suggestion.map { "did you mean '\($0)'?" } ?? "'clebsch bench --list' shows them"))
    }
    if list {
      for benchmark in chosen { try StandardOutput.write(benchmark.name + "\n") }
      return
    }
    let bed = BenchmarkBed(
      on: try Context(device: Device.select(device)), precision: precision
    ) { model in
      try? ModelLocator().path(of: model)
    }
    let ceilings = try DeviceCeilings(on: bed)
    if !json { try StandardOutput.write(BenchTable.head(bed, ceilings)) }
    for benchmark in chosen {
      guard bed.canRun(benchmark) else {
        StandardError.write(
          "\(benchmark.name): skipped, \(benchmark.model ?? "") is not here; "
            + "'make models' fetches it\n")
        continue
      }
      let measurement = try bed.measure(benchmark, plan: MeasurementPlan(runs: runs))
      if json {
        try StandardOutput.write(Self.record(measurement, bed, ceilings))
      } else {
        try StandardOutput.write(BenchTable.row(measurement, ceilings))
      }
    }
  }

  private static func record(
    _ measurement: Measurement, _ bed: BenchmarkBed, _ ceilings: DeviceCeilings
  ) -> JSONObject {
    let device = bed.context.device.description
    let atoms = measurement.items.flatMap { $0.name == "atom" ? $0.count : nil }
    return [
      "name": measurement.name, "seconds": measurement.minimumSeconds,
      "median_seconds": measurement.medianSeconds, "runs": measurement.runs,
      "device": device.name, "driver": device.driverVersion, "precision": bed.precision.rawValue,
      "first_seconds": measurement.firstSeconds, "bytes": measurement.counts.bytes,
      "operations": measurement.counts.operations,
      "GB_per_second": measurement.bytesPerSecond / 1e9,
      "GFLOP_per_second": measurement.operationsPerSecond / 1e9,
      "copy_fraction": ceilings.copyFraction(of: measurement),
      "fma_fraction": ceilings.multiplyAddFraction(of: measurement),
      "item": measurement.items?.name, "items": measurement.items?.count,
      "nanoseconds_per_item": measurement.secondsPerItem.map { $0 * 1e9 }, "atoms": atoms,
      "microseconds_per_atom": atoms.map { measurement.minimumSeconds / Double($0) * 1e6 },
      "peak_device_bytes": measurement.peakDeviceBytes,
      "peak_resident_bytes": ProcessMemory.peakResidentBytes,
    ]
  }
}
