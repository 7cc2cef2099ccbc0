import ArgumentParser
import Clebsch

/// `clebsch analyse`: what trajectories say, in numbers and on a page.
struct AnalyseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyse",
    abstract: "Computes observables of trajectories: numbers, CSV tables, and a page to look at.",
    discussion: """
      Example:
        clebsch analyse Examples/structures/silicon-64.extxyz -o report.html

      Temperature, energy drift, radial and angular distributions, diffusion, velocity spectrum, \
      cell. Several trajectories are shown side by side; the first is the one that the others are \
      compared with. With -o report.html the tables are written beside it: report.rdf.csv, \
      report.msd.csv and so on.
      """)

  @Argument(help: "Extended XYZ files with one frame after another.")
  var trajectories: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the page to this file, and the CSV tables beside it.", valueName: "report.html"))
  var output: String?

  @Option(
    name: .customLong("log"),
    help: ArgumentHelp(
      "A run's log in CSV, which then decides about temperature, energy and pressure; once for each "
        + "trajectory, in their order.", valueName: "file"))
  var logs: [String] = []

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp("What to call a trajectory; once for each, in their order."))
  var names: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out this many frames at the beginning: equilibration.", valueName: "frames"))
  var skip = 0

  @Option(help: ArgumentHelp("Look at each how many-th frame.", valueName: "number"))
  var every = 1

  @Option(
    help: ArgumentHelp(
      "The time between successive frames; by default what 'time_fs' in them says.",
      valueName: "fs"))
  var interval: Double?

  @Option(
    help: ArgumentHelp(
      "Count pairs up to this distance; by default half the cell, at least 6 and at most 10 Å.",
      valueName: "Å"))
  var cutoff: Double?

  @Option(help: ArgumentHelp("The thickness of the shells of g(r).", valueName: "Å"))
  var binWidth = 0.02

  @Option(
    help: ArgumentHelp(
      "Atoms are neighbours up to this distance, for angles; by default the first minimum of g(r).",
      valueName: "Å"))
  var bondCutoff: Double?

  @Option(
    help: ArgumentHelp(
      "Fit diffusion from this lag on; by default 5 % of the trajectory.", valueName: "fs"))
  var fitFrom: Double?

  @Option(
    help: ArgumentHelp(
      "Fit diffusion up to this lag; by default 20 % of the trajectory.", valueName: "fs"))
  var fitTo: Double?

  @Option(
    help: ArgumentHelp(
      "The length of the velocity autocorrelation, which decides the spectrum's resolution; by "
        + "default 4000, at most half the trajectory.", valueName: "fs"))
  var spectrumLength: Double?

  @Option(
    help: ArgumentHelp(
      "How many degrees of freedom share the kinetic energy; by default 3N − 3.",
      valueName: "number"))
  var degreesOfFreedom: Int?

  @Flag(help: "Print one JSON object a number in place of the table.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func validate() throws {
    func positive(_ value: Double?, _ option: String) throws {
      if let value, !(value > 0 && value.isFinite) {
        throw ValidationError("'\(option) \(value)': expected a number greater than 0.")
      }
    }
    try positive(interval, "--interval")
    try positive(cutoff, "--cutoff")
    try positive(binWidth, "--bin-width")
    try positive(bondCutoff, "--bond-cutoff")
    try positive(fitFrom, "--fit-from")
    try positive(fitTo, "--fit-to")
    try positive(spectrumLength, "--spectrum-length")
    guard skip >= 0 else {
      throw ValidationError("'--skip \(skip)': expected a number of frames, at least 0.")
    }
    guard every >= 1 else {
      throw ValidationError("'--every \(every)': expected a number of frames, at least 1.")
    }
    if let degreesOfFreedom, degreesOfFreedom < 1 {
      throw ValidationError("'--degrees-of-freedom \(degreesOfFreedom)': expected at least 1.")
    }
    guard (fitFrom == nil) == (fitTo == nil) else {
      throw ValidationError("'--fit-from' and '--fit-to' belong together: give both or neither.")
    }
    if let fitFrom, let fitTo, fitFrom >= fitTo {
      throw ValidationError("'--fit-from \(fitFrom)' is not less than '--fit-to \(fitTo)'.")
    }
    guard logs.isEmpty || logs.count == trajectories.count else {
      throw ValidationError(
        "\(logs.count) '--log' for \(trajectories.count) trajectories: expected none or one each.")
    }
    guard names.isEmpty || names.count == trajectories.count else {
      throw ValidationError(
        "\(names.count) '--name' for \(trajectories.count) trajectories: expected none or one "
          + "each.")
    }
    if let cutoff, cutoff < binWidth {
      throw ValidationError("'--cutoff \(cutoff)' is less than a shell of \(binWidth) Å.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    var progress = ProgressReport(isSilent: quiet)
    var options = options
    var found: [TrajectoryObservables] = []
    for (index, path) in trajectories.enumerated() {
      let observables = try TrajectoryObservables(
        contentsOf: path, name: names.isEmpty ? nil : names[index],
        log: logs.isEmpty ? nil : logs[index], options: options
      ) { share in
        try interruption.check()
        progress.update(share: (Double(index) + share) / Double(trajectories.count)) { _ in
          "reading \(path)"
        }
      }
      found.append(observables)
      // What is compared has to be counted alike.
      if index == 0, let radial = observables.radialDistribution {
        options.radialCutoff = Double(radial.radii.count) * radial.binWidth
        options.bondCutoff = options.bondCutoff ?? observables.angularDistribution?.bondCutoff
      }
    }
    progress.finish()
    let report = AnalysisReport(distinguished(found))
    if let output {
      var roles = FileRoles()
      for path in trajectories + logs {
        roles.reads(path, as: "a trajectory or log that is analysed")
      }
      for file in report.files(at: output) { try roles.writes(file, as: "--output") }
      try report.write(to: output)
    }
    try print(report)
    if !quiet { reportNotes(report) }
  }

  private var options: AnalysisOptions {
    var options = AnalysisOptions()
    options.firstFrame = skip
    options.every = every
    options.interval = interval
    options.radialCutoff = cutoff
    options.radialBinWidth = binWidth
    options.bondCutoff = bondCutoff
    if let fitFrom, let fitTo { options.fitRange = fitFrom...fitTo }
    options.spectrumLength = spectrumLength
    options.degreesOfFreedom = degreesOfFreedom
    return options
  }

  /// Trajectories of one name in different folders get their paths for names.
  private func distinguished(_ all: [TrajectoryObservables]) -> [TrajectoryObservables] {
    guard Set(all.map(\.name)).count < all.count else { return all }
    return all.map { $0.renamed($0.path) }
  }

  private func print(_ report: AnalysisReport) throws {
    if json {
      for trajectory in report.trajectories {
        for number in trajectory.keyNumbers {
          try StandardOutput.write(number.record(of: trajectory.name, comparedWith: nil))
        }
      }
      for (name, numbers) in report.comparisons {
        for number in numbers {
          try StandardOutput.write(
            number.record(of: name, comparedWith: report.trajectories[0].name))
        }
      }
    } else {
      try StandardOutput.write(report.text)
    }
  }

  private func reportNotes(_ report: AnalysisReport) {
    for trajectory in report.trajectories {
      for note in trajectory.notes { StandardError.write("clebsch: \(trajectory.name): \(note)\n") }
    }
    if let output { StandardError.write("clebsch: wrote \(output) and its tables\n") }
  }
}

extension KeyNumber {
  /// A line of `clebsch analyse --json`.
  fileprivate func record(of trajectory: String, comparedWith reference: String?) -> JSONObject {
    [
      "trajectory": trajectory, "compared_with": reference, "quantity": quantity, "of": subject,
      "value": value, "error": error,
    ]
  }
}
