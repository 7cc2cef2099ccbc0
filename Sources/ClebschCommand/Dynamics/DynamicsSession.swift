import Clebsch
import Foundation

/// A simulation with its files, from where it is to its last step.
struct DynamicsSession: ~Copyable {
  private(set) var simulation: Simulation
  private var recorder: DynamicsRecorder
  private let outputs: DynamicsOutputs
  /// The number of the last step.
  private let lastStep: Int

  init(
    _ simulation: Simulation, _ recorder: consuming DynamicsRecorder, _ outputs: DynamicsOutputs,
    lastStep: Int
  ) {
    self.simulation = simulation
    self.recorder = recorder
    self.outputs = outputs
    self.lastStep = lastStep
  }

  /// Runs to the last step, or until a signal comes; then finishes the files.
  ///
  /// - Throws: `Failure` that names the step and the last good checkpoint.
  consuming func run(
    _ interruption: Interruption, isQuiet: Bool
  ) throws -> (simulation: Simulation, interrupted: Interrupted?, steps: Int, duration: Duration) {
    let first = simulation.state.step
    let start = ContinuousClock.now
    var progress = StepProgress(from: first, to: lastStep, isSilent: isQuiet)
    var interrupted: Interrupted?
    do {
      try recorder.record(simulation)
      if outputs.log == nil, first == 0 {
        try StandardOutput.write(DynamicsLog.header(for: simulation.observation))
        try writeRow()
      }
      while simulation.state.step < lastStep {
        interrupted = interruption.pending
        guard interrupted == nil else { break }
        try simulation.advance()
        try recorder.record(simulation)
        if outputs.log == nil, simulation.state.step.isMultiple(of: outputs.logInterval) {
          try writeRow()
        }
        progress.update(
          step: simulation.state.step,
          status: "\(fixed(simulation.observation.temperature, decimals: 0)) K")
      }
      try recorder.writeCheckpoint(simulation)
    } catch {
      progress.finish()
      throw failure(for: error)
    }
    progress.finish()
    let result = (
      simulation: simulation, interrupted: interrupted, steps: simulation.state.step - first,
      duration: start.duration(to: .now)
    )
    try recorder.finish(simulation)
    return result
  }

  private func writeRow() throws {
    try StandardOutput.write(DynamicsLog.row(simulation.observation))
  }

  /// What stopped the run, with where it can go on.
  private borrowing func failure(for error: any Error) -> any Error {
    guard let failure = Failure(error) else { return error }
    guard let checkpoint = outputs.checkpoint, let step = recorder.lastCheckpoint else {
      return failure
    }
    let lines = failure.message.split(separator: "\n", maxSplits: 1).map(String.init)
    let advice =
      "The last checkpoint, of step \(step), is \(checkpoint). " + lines.dropFirst().joined()
    return Failure(
      failure.status, "\(lines[0])\n\(advice.trimmingCharacters(in: .whitespaces))")
  }
}
