import ArgumentParser
import Clebsch

/// `clebsch tune`: measures kernel parameters on this device and stores the best.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Measures kernel parameters on this device and stores the best.",
    discussion: """
      Example:
        clebsch tune
        clebsch tune matrix-product

      Nothing needs tuning: without it, kernels take the parameters that Clebsch ships. A value is kept
      only if it is faster by three per cent, measured in turns, and if the kernels that it makes agree with the
      host. Winners are kept by device and driver in the cache folder ('clebsch doctor' shows them).
      """)

  @Argument(help: "Only parameters whose name contains this.")
  var filter: String?

  @Flag(help: "Only print the parameters' names.")
  var list = false

  @Flag(help: "Forget what was tuned on this device.")
  var reset = false

  @Flag(help: "One JSON object a parameter instead of a table.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "The OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  func run() throws {
    let device = try Device.select(device)
    let tuning = Tuning(on: device, filter: filter)
    guard !tuning.parameters.isEmpty else {
      let all = Tuning.parameters(of: device)
      let suggestion = filter.flatMap { nearest(to: $0, among: all) }
      throw Failure(
        .wrongUsage,
        "no parameter's name contains '\(filter ?? "")'; "
          + (suggestion.map { "did you mean '\($0)'?" } ?? "expected \(all.joined(separator: ", "))")
      )
    }
    if list {
      for parameter in tuning.parameters { try StandardOutput.write(parameter + "\n") }
      return
    }
    if reset {
      try store([:], with: tuning)
      return
    }
    if !json {
      try StandardOutput.write(
        "\(device.description.name), driver \(device.description.driverVersion)\n")
    }
    let winners = try tuning.run { try show($0, on: device) }
    if let disagreement = try tuning.disagreement(with: winners) {
      throw Failure(
        .noUsableDevice,
        "nothing is stored: with the fastest parameters kernels disagree with the host: "
          + disagreement)
    }
    try store(winners, with: tuning)
  }

  private func store(_ parameters: [String: Int], with tuning: Tuning) throws {
    guard let path = try tuning.store(parameters) else {
      throw Failure(
        .cannotWrite,
        "the parameters are not stored; set CLEBSCH_CACHE to a folder that can be written")
    }
    StandardError.write(
      parameters.isEmpty
        ? "the shipped parameters are used; nothing tuned is kept in \(path)\n"
        : "stored in \(path)\n")
  }

  private func show(_ outcome: Tuning.Outcome, on device: Device) throws {
    if json {
      try StandardOutput.write([
        "parameter": outcome.parameter, "winner": outcome.winner,
        "device": device.description.name, "driver": device.description.driverVersion,
        "candidates": outcome.candidates.map { text($0.value) },
        "seconds": outcome.candidates.map(\.score),
      ])
      return
    }
    try StandardOutput.write("\n" + table(of: outcome))
  }

  private func text(_ value: Int?) -> String { value.map { "\($0)" } ?? "shipped" }

  /// A row a work, a column a candidate, the winner marked below.
  private func table(of outcome: Tuning.Outcome) -> String {
    let candidates = outcome.candidates
    let works = candidates.first?.seconds.map(\.work) ?? []
    let width = ([outcome.parameter] + works).map(\.count).max() ?? 0
    func row(_ name: String, _ cells: [String]) -> String {
      name.padded(to: width + 2) + cells.map { $0.leftPadded(to: 11) }.joined() + "\n"
    }
    let shipped = candidates.first?.score ?? 0
    let times = works.indices.map { place in
      row(works[place], candidates.map { BenchTable.duration($0.seconds[place].seconds) })
    }
    return row(outcome.parameter, candidates.map { text($0.value) }) + times.joined()
      + row("mean", candidates.map { fixed($0.score / shipped, decimals: 3) })
      + row("", candidates.map { $0.value == outcome.winner ? "^ best" : "" })
  }
}
