import ArgumentParser
import Clebsch
import Foundation

/// `clebsch evaluate`: energy, forces and stress of structures.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Computes energy, forces and stress of every frame of extended XYZ files.",
    discussion: """
      Example:
        clebsch evaluate 7net-0 Examples/structures/benzene.extxyz -o out.extxyz

      Frames and atoms are counted from 0. Energies are in eV, lengths in Å, stress in eV/Å³ with \
      ASE's sign (positive under tension), pressure in GPa (its negative mean).
      """)

  @Argument(help: "A checkpoint, or the name of a published model (see 'clebsch models').")
  var model: String

  @Argument(help: "Extended XYZ files, as ASE writes them.")
  var structures: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Also write the frames with 'energy', 'forces' and 'stress' to this extended XYZ file.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Evaluate this many structures in one go; by default as many as make some 1000 atoms.",
      valueName: "number"))
  var batch: Int?

  @OptionGroup var options: ModelOptions

  @Flag(help: "Also print every atom's force, and the stress.")
  var forces = false

  @Flag(help: "Print one JSON object a frame in place of the table.")
  var json = false

  @Flag(help: "No progress and no timing on standard error.")
  var quiet = false

  func validate() throws {
    if let batch, batch < 1 {
      throw ValidationError("'--batch \(batch)': expected a number of structures, at least 1.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let start = ContinuousClock.now
    let (potential, context) = try options.loadPotential(model)
    var performance = EvaluationPerformance(
      loading: start.duration(to: .now), cutoff: potential.cutoff,
      precision: options.precision.rawValue, device: context.device.description.label)
    var sinks = try ResultSinks(
      table: json ? nil : ResultTable(printsForces: forces), output: output)
    var queue = FrameQueue(limit: batch.map { .structures($0) } ?? .atoms(1000))
    var progress = ProgressReport(isSilent: quiet)
    var input = InputProgress(of: structures)

    func evaluate(_ batch: [LocatedFrame], offset: Int) throws {
      guard !batch.isEmpty else { return }
      let start = ContinuousClock.now
      let results = try potential.evaluate(batch)
      performance.add(results, took: start.duration(to: .now))
      for (frame, result) in zip(batch, results) { try sinks.write(frame, result) }
      progress.update(share: input.share(at: offset), performance.progress)
      try interruption.check()
    }

    for file in structures {
      var reader = try ExtendedXYZReader(path: file)
      var index = 0
      while let frame = try reader.next() {
        try evaluate(
          queue.add(LocatedFrame(frame, index: index, file: file)), offset: reader.fileOffset)
        index += 1
      }
      guard index > 0 else {
        throw Failure(.badInput, "\(file): the file is empty\n  expected a frame of atoms")
      }
      input.finishFile()
    }
    try evaluate(queue.removeAll(), offset: 0)
    try sinks.finish()
    progress.finish()
    if !quiet {
      StandardError.write((json ? try performance.record.line() : performance.text) + "\n")
    }
  }
}
