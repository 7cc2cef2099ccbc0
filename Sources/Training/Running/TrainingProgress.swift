/// How far a training has come, but for the parameters and what the optimiser remembers.
struct TrainingProgress: Hashable, Sendable, Codable {
  /// The epoch at work, counted from 1.
  var epoch = 1
  /// Batches of it that are done.
  var batch = 0
  /// Steps over the whole training.
  var step = 0
  /// The errors of the epoch so far.
  var errors: BatchErrors
  var schedule: LearningRateSchedule.State
  var bestLoss: Double?
  var bestEpoch = 0
  var history: [EpochRecord] = []
}

/// What is written down of an epoch.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var epoch: Int
  /// Steps over the whole training.
  public var step: Int
  /// At the end of the epoch.
  public var learningRate: Double
  /// Over the epoch, while the parameters changed.
  public var trainingLoss: Double
  /// The mean of each term.
  public var trainingTerms: [Double]
  /// After the epoch; nil where validation was not due.
  public var validationLoss: Double?
  public var validationTerms: [Double]?
  /// The longest gradient of the epoch, before it was shortened.
  public var largestGradientNorm: Double
}

/// The history of a training as comma-separated values.
public enum TrainingLog {
  public static func text(_ history: [EpochRecord], terms: [LossTerm]) -> String {
    let names = terms.map(\.name)
    var header = ["epoch", "step", "learning_rate", "training_loss"]
    header += names.map { "training_\($0)" }
    header.append("validation_loss")
    header += names.map { "validation_\($0)" }
    header.append("largest_gradient_norm")
    let rows = history.map { record in
      var cells = ["\(record.epoch)", "\(record.step)", "\(record.learningRate)"]
      cells.append("\(record.trainingLoss)")
      cells += record.trainingTerms.map { "\($0)" }
      cells.append(record.validationLoss.map { "\($0)" } ?? "")
      cells += record.validationTerms?.map { "\($0)" } ?? names.map { _ in "" }
      cells.append("\(record.largestGradientNorm)")
      return cells.joined(separator: ",")
    }
    return ([header.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }
}
