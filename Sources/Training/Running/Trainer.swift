import Equivariance
import FileFormats
import OpenCLRuntime
import TensorGraph

/// A training: samples, a model's parameters, and the steps that bring the one to the other.
///
/// The same task, data, settings and device give the same bits, whether the training ran through or
/// was interrupted and resumed.
public struct Trainer<Task: TrainingTask> {
  public let task: Task
  public let settings: TrainingSettings
  private let training: any SampleSource<Task.Sample>
  private let validation: (any SampleSource<Task.Sample>)?
  private let context: Context
  private let step: TrainingStep<Task>
  private let identity: String

  private var state: OptimizerState
  private var progress: TrainingProgress
  private var best: [Double]?
  private var order: [Int]

  /// Compiles the steps.
  ///
  /// - Parameters:
  ///   - start: the parameters to begin with, in the order of the task's layout.
  ///   - isTrained: for each declaration whether it may change; by default as declared.
  ///   - validation: samples on which parameters are judged; by default the training loss does.
  ///   - identity: what names model and data, for checkpoints.
  /// - Throws: errors of the device.
  public init(
    _ task: Task, startingFrom start: [Double], isTrained: [Bool]? = nil,
    training: any SampleSource<Task.Sample>, validation: (any SampleSource<Task.Sample>)? = nil,
    settings: TrainingSettings, identity: String = "", on context: Context? = nil
  ) throws {
    precondition(
      start.count == task.layout.count,
      "trainer: \(start.count) numbers for \(task.layout.count) parameters")
    let context = try context ?? Context.shared()
    self.task = task
    self.settings = settings
    self.training = training
    self.validation = validation
    self.context = context
    self.identity = identity
    step = try TrainingStep(
      task, settings.optimizer,
      isTrained: isTrained ?? task.layout.declarations.map(\.isTrained), on: context)
    state = OptimizerState(startingFrom: start, as: task.elementType)
    progress = TrainingProgress(
      errors: BatchErrors(termCount: task.terms.count), schedule: settings.schedule.initialState)
    order = Shuffle.order(of: training.count, seed: settings.seed, epoch: 1)
  }

  /// The epochs that are done.
  public var history: [EpochRecord] { progress.history }

  /// Steps done since the training began.
  public var stepCount: Int { progress.step }

  /// Whether there is nothing more to do: all epochs are done, or patience is at its end.
  public var isFinished: Bool { progress.epoch > settings.epochs || isOutOfPatience }

  private var isOutOfPatience: Bool {
    guard let patience = settings.patience, progress.bestLoss != nil else { return false }
    return progress.epoch - 1 - progress.bestEpoch >= patience
  }

  private var batchCount: Int {
    (training.count + settings.batchSize - 1) / settings.batchSize
  }

  /// The present parameters: the moving average where there is one.
  public func parameters() throws -> [Double] { try state.average.doubles(on: context) }

  /// The parameters of the epoch with the least validation loss.
  public func bestParameters() throws -> [Double] { try best ?? parameters() }

  // MARK: Steps

  /// What became of a batch.
  public enum Event {
    case batch(epoch: Int, batch: Int, of: Int, loss: Double)
    /// An epoch ended; `isBest` where its parameters are the best so far.
    case epoch(EpochRecord, isBest: Bool)
  }

  /// The next batch: a step and, at the end of an epoch, validation.
  ///
  /// - Returns: what happened, an epoch's end after its last batch.
  /// - Throws: `TrainingError.notFinite` naming the samples of the batch; what the samples and the
  ///   device throw.
  /// - Precondition: the training is not finished.
  public mutating func advance() throws -> [Event] {
    precondition(!isFinished, "trainer: all epochs are done")
    let first = progress.batch * settings.batchSize
    let places = order[first..<min(first + settings.batchSize, order.count)]
    let batch = try task.batch(of: places.map { try training.sample(at: $0) }, on: context)
    let rate = settings.schedule.rate(
      progress.schedule, step: progress.step + 1,
      progress: Double(progress.epoch - 1) + Double(progress.batch) / Double(batchCount),
      epochCount: settings.epochs)
    let (next, errors) = try step(
      state, step: progress.step + 1, learningRate: rate, batch: batch)
    if let quantity = errors.quantityNotFinite(task.terms) {
      throw TrainingError.notFinite(
        epoch: progress.epoch, batch: progress.batch,
        samples: places.map { training.name(at: $0) }, quantity: quantity)
    }
    state = next
    progress.step += 1
    progress.batch += 1
    progress.errors += errors
    var events: [Event] = [
      .batch(
        epoch: progress.epoch, batch: progress.batch, of: batchCount,
        loss: errors.loss(task.terms))
    ]
    if progress.batch == batchCount { events.append(try endEpoch(rate: rate)) }
    return events
  }

  private mutating func endEpoch(rate: Double) throws -> Event {
    let epoch = progress.epoch
    let isDue = epoch.isMultiple(of: settings.validationInterval) || epoch == settings.epochs
    let validationErrors = isDue ? try validate() : nil
    let record = EpochRecord(
      epoch: epoch, step: progress.step, learningRate: rate,
      trainingLoss: progress.errors.loss(task.terms), trainingTerms: progress.errors.means,
      validationLoss: validationErrors?.loss(task.terms),
      validationTerms: validationErrors?.means,
      largestGradientNorm: progress.errors.gradientNorm)
    progress.history.append(record)
    let judged = validation == nil ? record.trainingLoss : record.validationLoss
    var isBest = false
    if let judged {
      progress.schedule = settings.schedule.updated(progress.schedule, validationLoss: judged)
      isBest = progress.bestLoss.map { judged < $0 } ?? true
      if isBest {
        progress.bestLoss = judged
        progress.bestEpoch = epoch
        best = try parameters()
      }
    }
    progress.epoch += 1
    progress.batch = 0
    progress.errors = BatchErrors(termCount: task.terms.count)
    order = Shuffle.order(of: training.count, seed: settings.seed, epoch: progress.epoch)
    return .epoch(record, isBest: isBest)
  }

  /// The errors of the present parameters on the validation samples; nil without any.
  private func validate() throws -> BatchErrors? {
    guard let validation else { return nil }
    var total = BatchErrors(termCount: task.terms.count)
    for first in stride(from: 0, to: validation.count, by: settings.batchSize) {
      let places = first..<min(first + settings.batchSize, validation.count)
      let batch = try task.batch(of: places.map { try validation.sample(at: $0) }, on: context)
      let errors = try step.errors(state.average, batch: batch)
      if let quantity = errors.quantityNotFinite(task.terms) {
        throw TrainingError.notFinite(
          epoch: progress.epoch, batch: first / settings.batchSize,
          samples: places.map { validation.name(at: $0) }, quantity: "validation \(quantity)")
      }
      total += errors
    }
    return total
  }

  // MARK: Checkpoints

  /// Whether the settings ask for a checkpoint now.
  public var isCheckpointDue: Bool {
    if progress.batch == 0 {
      return progress.history.count.isMultiple(of: settings.checkpointInterval) || isFinished
    }
    return settings.checkpointSteps.map { progress.step.isMultiple(of: $0) } ?? false
  }

  /// Writes the training down; the file appears, or replaces an older one, when it is complete.
  ///
  /// - Throws: `FileFormatError` if it cannot be written.
  public func writeCheckpoint(to path: String) throws {
    try TrainingCheckpoint(
      vectors: try state.tensors.map { try $0.doubles(on: context) }, best: best,
      progress: progress
    ).write(to: path, identity: identity, as: task.elementType)
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: `FileFormatError`, `TrainingError.checkpoint`.
  public mutating func resume(from path: String) throws {
    let checkpoint = try TrainingCheckpoint(
      contentsOf: path, identity: identity, parameterCount: task.layout.count)
    state = OptimizerState(
      checkpoint.vectors.map { Tensor($0, as: task.elementType) }[...])
    progress = checkpoint.progress
    best = checkpoint.best
    order = Shuffle.order(of: training.count, seed: settings.seed, epoch: progress.epoch)
  }
}
