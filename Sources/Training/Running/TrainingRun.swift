import FileFormats

/// A training that leaves its traces on disk: a checkpoint to resume from, the log as CSV, the loss
/// curve as SVG, and the best model so far.
///
/// All are written whole: whenever the process is killed, the files of the last epoch are there.
public struct TrainingRun<Task: TrainingTask> {
  public private(set) var trainer: Trainer<Task>
  private let files: TrainingFiles
  private let title: String
  private let writeModel: ([Double], [EpochRecord], String) throws -> Void

  /// - Parameters:
  ///   - files: where to write.
  ///   - title: what the loss curve is called.
  ///   - writeModel: writes parameters, found after these epochs, as a model file of this name.
  public init(
    _ trainer: Trainer<Task>, files: TrainingFiles, title: String,
    writeModel: @escaping ([Double], [EpochRecord], String) throws -> Void
  ) {
    self.trainer = trainer
    self.files = files
    self.title = title
    self.writeModel = writeModel
  }

  /// Goes on from the checkpoint.
  public mutating func resume() throws { try trainer.resume(from: files.checkpoint) }

  /// Trains to the end, or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - observe: is told of every batch and epoch.
  ///   - shouldStop: is asked after every batch.
  /// - Returns: whether the training is finished. If not, a checkpoint was written.
  /// - Throws: as ``Trainer/advance()``, and `FileFormatError` where a file cannot be written.
  public mutating func run(
    observe: (Trainer<Task>.Event) throws -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    while !trainer.isFinished {
      for event in try trainer.advance() {
        if case .epoch(_, let isBest) = event { try record(isBest: isBest) }
        try observe(event)
      }
      let stops = shouldStop()
      if stops || trainer.isCheckpointDue { try trainer.writeCheckpoint(to: files.checkpoint) }
      if stops { return trainer.isFinished }
    }
    try writeModel(try trainer.bestParameters(), trainer.history, files.model)
    return true
  }

  private func record(isBest: Bool) throws {
    try TextFile.write(
      TrainingLog.text(trainer.history, terms: trainer.task.terms), to: files.log)
    try TextFile.write(LossCurve.svg(trainer.history, title: title), to: files.curve)
    if isBest { try writeModel(try trainer.bestParameters(), trainer.history, files.model) }
  }
}

/// The files of a training, which share the beginning of their names.
public struct TrainingFiles: Hashable, Sendable {
  public var model: String
  public var checkpoint: String
  public var log: String
  public var curve: String

  public init(prefix: String) {
    model = prefix + ".safetensors"
    checkpoint = prefix + ".checkpoint.safetensors"
    log = prefix + ".csv"
    curve = prefix + ".svg"
  }
}
