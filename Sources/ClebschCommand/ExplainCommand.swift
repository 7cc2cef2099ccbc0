import ArgumentParser
import Clebsch

/// `clebsch explain`: what is run for a structure.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Prints the compiled plan: kernels in order, what was fused, bytes, operations.",
    discussion: """
      Example:
        clebsch explain 7net-0 Examples/structures/ethanol.extxyz
        clebsch explain 7net-0 Examples/structures/ethanol.extxyz --kernel 11
      """)

  @Argument(help: "A potential or a forecaster: its file, or its name (see 'clebsch models').")
  var model: String

  @Argument(help: "An extended XYZ file; its first frame gives the sizes.")
  var structure: String

  @Option(help: "Measure each kernel over this many evaluations and show its median time.")
  var measure: Int?

  @Option(help: "Print the OpenCL C of one kernel instead, by its number in the plan.")
  var kernel: Int?

  @OptionGroup var options: ModelOptions

  func validate() throws {
    if let measure, measure < 1 {
      throw ValidationError("'--measure \(measure)': expected a number of runs, at least 1.")
    }
    if measure != nil && kernel != nil {
      throw ValidationError("'--kernel' prints a text, which '--measure' has no part in.")
    }
  }

  func run() throws {
    let located = try ModelLocator().model(model)
    let context = try Context(device: Device.select(options.device), profiling: measure != nil)
    let report: (AtomicStructure) throws -> PlanReport
    if try located.isForecaster() {
      let forecaster = try options.loadForecaster(located, on: context)
      report = { try self.report(of: forecaster, $0) }
    } else {
      let potential = try options.loadPotential(located, on: context)
      report = { try self.report(of: potential, $0) }
    }
    var reader = try ExtendedXYZReader(path: structure)
    guard let frame = try reader.next() else {
      throw Failure(.badInput, "\(structure): the file is empty\n  expected a frame of atoms")
    }
    let structure = try LocatedFrame(frame, index: 0, file: structure)
    do {
      try StandardOutput.write(text(of: try report(structure.structure)))
    } catch {
      throw Failure(error, at: structure.place) ?? error
    }
  }

  private func text(of report: PlanReport) throws -> String {
    guard let kernel else { return "\(report)\n" }
    guard report.kernels.indices.contains(kernel) else {
      throw Failure(
        .wrongUsage, "'--kernel \(kernel)': the plan has kernels 0 to \(report.kernels.count - 1)")
    }
    let source = report.kernels[kernel].source
    return source.isEmpty ? "// computed by a library\n" : source
  }

  private func report(of potential: Potential, _ structure: AtomicStructure) throws -> PlanReport {
    try measure.map { try potential.measure([structure], runs: $0) }
      ?? potential.explain([structure])
  }

  private func report(
    of forecaster: Forecaster, _ structure: AtomicStructure
  ) throws -> PlanReport {
    try measure.map { try forecaster.measure(structure, runs: $0) }
      ?? forecaster.explain(structure)
  }
}
