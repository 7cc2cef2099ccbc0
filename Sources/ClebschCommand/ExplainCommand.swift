import ArgumentParser
import Clebsch

/// `clebsch explain`: what is run for a structure.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Prints the compiled plan: kernels in order, what was fused, bytes, operations.",
    discussion: "Example:\n  clebsch explain 7net-0 Examples/structures/ethanol.extxyz")

  @Argument(help: "A checkpoint, or the name of a published model (see 'clebsch models').")
  var model: String

  @Argument(help: "An extended XYZ file; its first frame gives the sizes.")
  var structure: String

  @Option(help: "Measure each kernel over this many evaluations and show its median time.")
  var measure: Int?

  @OptionGroup var options: ModelOptions

  func validate() throws {
    if let measure, measure < 1 {
      throw ValidationError("'--measure \(measure)': expected a number of runs, at least 1.")
    }
  }

  func run() throws {
    let (potential, _) = try options.loadPotential(model, profiling: measure != nil)
    var reader = try ExtendedXYZReader(path: structure)
    guard let frame = try reader.next() else {
      throw Failure(.badInput, "\(structure): the file is empty\n  expected a frame of atoms")
    }
    let located = try LocatedFrame(frame, index: 0, file: structure)
    do {
      let report =
        try measure.map { try potential.measure([located.structure], runs: $0) }
        ?? potential.explain([located.structure])
      try StandardOutput.write("\(report)\n")
    } catch {
      throw Failure(error, at: located.place) ?? error
    }
  }
}
