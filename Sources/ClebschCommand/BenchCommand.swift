import ArgumentParser
import Clebsch
import FileFormats

/// `clebsch bench`: how long known pieces of work take here.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures potentials on silicon, neighbour list included.",
    discussion: """
      Example:
        clebsch bench potential/7net-0/si216
        clebsch bench 7net-0 --json

      Every run moves the atoms anew. The first evaluation, which prepares kernels, is not counted.
      """)

  @Argument(help: "Only benchmarks whose name contains this.")
  var filter: String?

  @Option(help: "How often each benchmark runs.")
  var runs = 7

  @Flag(help: "One JSON object a line instead of a table.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "The OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  @Option(help: "The precision of the arithmetic: single or double.")
  var precision: Precision = .single

  func validate() throws {
    guard runs >= 1 else {
      throw ValidationError("'--runs \(runs)': expected a number of runs, at least 1.")
    }
  }

  func run() throws {
    let chosen = PotentialBenchmark.all.filter { benchmark in
      filter.map { benchmark.name.contains($0) } ?? true
    }
    guard !chosen.isEmpty else {
      let suggestion = filter.flatMap { nearest(to: $0, among: PotentialBenchmark.all.map(\.name)) }
      throw Failure(
        .wrongUsage,
        "no benchmark's name contains '\(filter ?? "")'"
          + (suggestion.map { "; did you mean '\($0)'?" } ?? ""))
    }
    let context = try Context(device: Device.select(device))
    var loaded: (model: String, potential: Potential)?
    for benchmark in chosen {
      guard let path = try? ModelLocator().path(of: benchmark.model) else {
        StandardError.write(
          "\(benchmark.name): skipped, \(benchmark.model) is not here; 'make models' fetches it\n")
        continue
      }
      if loaded?.model != benchmark.model {
        loaded = (
          benchmark.model, try Potential(contentsOf: path, precision: precision, on: context)
        )
      }
      guard let potential = loaded?.potential else { continue }
      try report(benchmark, try benchmark.measure(potential, runs: runs), on: context.device)
    }
  }

  private func report(
    _ benchmark: PotentialBenchmark, _ times: [Double], on device: Device
  ) throws {
    let sorted = times.sorted()
    let (minimum, median) = (sorted[0], sorted[sorted.count / 2])
    let perAtom = minimum / Double(benchmark.atomCount) * 1e6
    if json {
      try StandardOutput.write([
        "name": benchmark.name, "seconds": minimum, "median_seconds": median, "runs": times.count,
        "device": device.description.name, "precision": precision.rawValue,
        "atoms": benchmark.atomCount, "microseconds_per_atom": perAtom,
      ])
    } else {
      try StandardOutput.write(
        "\(benchmark.name): \(perAtom.rounded(toPlaces: 1)) µs an atom; minimum "
          + "\((minimum * 1e3).rounded(toPlaces: 2)) ms, median "
          + "\((median * 1e3).rounded(toPlaces: 2)) ms of \(times.count) runs\n")
    }
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
    return (self * scale).rounded() / scale
  }
}
