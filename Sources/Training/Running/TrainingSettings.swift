/// How a training runs, whatever is learnt.
public struct TrainingSettings: Hashable, Sendable {
  public var optimizer: Optimizer
  public var schedule: LearningRateSchedule
  public var epochs: Int
  /// Samples a step.
  public var batchSize: Int
  /// Of the order of samples and of the start of the weights.
  public var seed: UInt64
  /// Epochs between looks at the validation data; the last epoch always has one.
  public var validationInterval: Int
  /// Epochs without a better validation loss after which training ends; nil for never.
  public var patience: Int?
  /// Epochs between checkpoints.
  public var checkpointInterval: Int
  /// Steps between checkpoints within an epoch; nil for none.
  public var checkpointSteps: Int?

  public init(
    optimizer: Optimizer = Optimizer(), schedule: LearningRateSchedule, epochs: Int,
    batchSize: Int, seed: UInt64 = 0, validationInterval: Int = 1, patience: Int? = nil,
    checkpointInterval: Int = 1, checkpointSteps: Int? = nil
  ) {
    self.optimizer = optimizer
    self.schedule = schedule
    self.epochs = epochs
    self.batchSize = batchSize
    self.seed = seed
    self.validationInterval = validationInterval
    self.patience = patience
    self.checkpointInterval = checkpointInterval
    self.checkpointSteps = checkpointSteps
  }
}
