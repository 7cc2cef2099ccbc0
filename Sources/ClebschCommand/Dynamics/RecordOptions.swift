import ArgumentParser
import Clebsch

/// What `clebsch md` writes down, and what it goes on from.
struct RecordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the trajectory to this extended XYZ file: unfolded positions, velocities, forces.",
      valueName: "file"))
  var trajectory: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between frames; 10 by default.", valueName: "steps"))
  var every: Int?

  @Flag(help: "Write all digits of positions, velocities and forces, not eight decimals.")
  var exact = false

  @Option(help: ArgumentHelp("Write the log to this CSV file.", valueName: "file"))
  var log: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between rows of the log; 10 by default.", valueName: "steps"))
  var logEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Write the complete state to this file, from which --resume goes on bit for bit.",
      valueName: "file"))
  var checkpoint: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between checkpoints; 1000 by default.", valueName: "steps"))
  var checkpointEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Go on from this checkpoint; trajectory and log are cut back to it.", valueName: "file"))
  var resume: String?

  @Flag(help: "Replace a trajectory, log or checkpoint that exists.")
  var overwrite = false

  func validate() throws {
    for (name, value) in [
      ("every", every), ("log-every", logEvery), ("checkpoint-every", checkpointEvery),
    ] {
      if let value, value < 1 {
        throw ValidationError("'--\(name) \(value)': expected a number of steps, at least 1.")
      }
    }
    if overwrite, resume != nil {
      throw ValidationError("'--overwrite' begins anew and '--resume' goes on; choose one.")
    }
  }

  /// The last step of a run that goes on.
  ///
  /// - Throws: `Failure` where it is past that already.
  func lastStep(asked: Int?, former: Int, _ checkpoint: Checkpoint) throws -> Int {
    if let asked, asked < checkpoint.state.step {
      throw Failure(
        .wrongUsage,
        "--steps \(asked): the run is at step \(checkpoint.state.step) already\n"
          + "--steps counts all steps, those before the checkpoint included.")
    }
    return asked ?? former
  }

  /// - Parameter former: those of the run that is resumed, for what is left out.
  func outputs(former: DynamicsOutputs = DynamicsOutputs()) -> DynamicsOutputs {
    DynamicsOutputs(
      trajectory: trajectory ?? former.trajectory,
      trajectoryInterval: every ?? former.trajectoryInterval,
      exactNumbers: exact || former.exactNumbers, log: log ?? former.log,
      logInterval: logEvery ?? former.logInterval,
      checkpoint: checkpoint ?? resume ?? former.checkpoint,
      checkpointInterval: checkpointEvery ?? former.checkpointInterval)
  }
}
