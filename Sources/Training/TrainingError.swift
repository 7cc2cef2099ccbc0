/// What stops a training. Epochs are counted from 1; batches and frames from 0.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
  /// A loss or a gradient is no number.
  case notFinite(epoch: Int, batch: Int, samples: [String], quantity: String)
  /// A frame lacks what is learnt from it, or does not fit the others.
  case sample(String, found: String, expected: String)
  /// The checkpoint is of another training.
  case checkpoint(file: String, found: String, expected: String)
  /// The data hold nothing that could be learnt.
  case data(String, expected: String)

  public var description: String {
    switch self {
    case .notFinite(let epoch, let batch, let samples, let quantity):
      "epoch \(epoch), batch \(batch): the \(quantity) is not a finite number; the batch is "
        + samples.joined(separator: ", ")
        + "\n  the last checkpoint is untouched; try a lower learning rate or look at these frames"
    case .sample(let sample, let found, let expected):
      "\(sample): \(found)\n  expected \(expected)"
    case .checkpoint(let file, let found, let expected):
      "\(file): \(found)\n  expected \(expected)"
    case .data(let found, let expected):
      "\(found)\n  expected \(expected)"
    }
  }
}
