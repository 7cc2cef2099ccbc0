import FileFormats
import Foundation
import TestSupport
import Testing
import Training

/// Trainings of a line, whose every number can be checked.
struct TrainerTests {
  private let settings = TrainingSettings(
    optimizer: Optimizer(.amsgrad, gradientNormLimit: 2, averageDecay: 0.9),
    schedule: LearningRateSchedule(
      rate: 0.1, course: .plateau(factor: 0.5, patience: 1, minimum: 0.001), warmUpSteps: 3),
    epochs: 6, batchSize: 2, seed: 5)

  @Test("a training finds what made its data, with batches of different sizes")
  func converges() throws {
    var trainer = try LineTask.trainer(
      TrainingSettings(
        schedule: LearningRateSchedule(rate: 0.1, course: .cosine(finalFraction: 0)), epochs: 200,
        batchSize: 3))
    while !trainer.isFinished { _ = try trainer.advance() }
    let parameters = try trainer.parameters()
    expectClose(parameters, [3, -1], tolerance: 1e-3)
    #expect(trainer.history.count == 200)
    #expect(trainer.stepCount == 200 * 3)
  }

  @Test("a training that is interrupted anywhere and resumed has the same bits as one that ran on")
  func resumes() throws {
    let folder = try TemporaryFolder()
    var whole = try LineTask.trainer(settings)
    while !whole.isFinished { _ = try whole.advance() }
    for stop in [1, 4, 7, 13] {
      let path = folder.file("checkpoint-\(stop)")
      var first = try LineTask.trainer(settings)
      for _ in 0..<stop { _ = try first.advance() }
      try first.writeCheckpoint(to: path)
      var second = try LineTask.trainer(settings)
      try second.resume(from: path)
      while !second.isFinished { _ = try second.advance() }
      #expect(try second.parameters() == whole.parameters())
      #expect(try second.bestParameters() == whole.bestParameters())
      #expect(second.history == whole.history)
    }
  }

  @Test("a checkpoint of another training is refused")
  func otherCheckpoint() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("checkpoint")
    try LineTask.trainer(settings).writeCheckpoint(to: path)
    var other = try Trainer(
      LineTask(), startingFrom: [0, 0], training: SampleArray(LineTask.samples),
      settings: settings, identity: "another line")
    #expect(throws: TrainingError.self) { try other.resume(from: path) }
  }

  @Test("a loss that is no number stops the training and names the batch")
  func notFinite() throws {
    var samples = LineTask.samples
    samples[4][0].y = .nan
    var trainer = try LineTask.trainer(
      TrainingSettings(
        schedule: LearningRateSchedule(rate: 0.1), epochs: 1, batchSize: 1, seed: 3),
      samples: samples)
    let error = #expect(throws: TrainingError.self) {
      while !trainer.isFinished { _ = try trainer.advance() }
    }
    guard case .notFinite(epoch: 1, _, let names, let quantity)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(names == ["sample 4"])
    #expect(quantity == "value loss")
  }

  @Test("parameters that are not trained stay as they are, to the bit")
  func frozen() throws {
    for algorithm in Optimizer.Algorithm.allCases {
      var trainer = try LineTask.trainer(
        TrainingSettings(
          optimizer: Optimizer(algorithm, weightDecay: 0.1),
          schedule: LearningRateSchedule(rate: 0.1), epochs: 2, batchSize: 2),
        isTrained: [true, false])
      while !trainer.isFinished { _ = try trainer.advance() }
      let parameters = try trainer.parameters()
      #expect(parameters[0] != 0)
      #expect(parameters[1] == 0)
    }
  }

  @Test("training ends when the validation loss has not improved for as long as patience allows")
  func patience() throws {
    // Targets that do not depend on x, met exactly from the start: nothing can get better.
    let flat = LineTask.samples.map { $0.map { SIMD2($0.x, 0) } }
    var trainer = try LineTask.trainer(
      TrainingSettings(
        schedule: LearningRateSchedule(rate: 0.1), epochs: 50, batchSize: 7, patience: 4),
      samples: flat)
    while !trainer.isFinished { _ = try trainer.advance() }
    #expect(trainer.history.count == 5)
  }

  @Test("the log has a row an epoch and the loss curve is well-formed")
  func traces() throws {
    var trainer = try LineTask.trainer(settings)
    while !trainer.isFinished { _ = try trainer.advance() }
    let rows = TrainingLog.text(trainer.history, terms: trainer.task.terms).split(separator: "\n")
    #expect(rows.count == 7)
    #expect(rows[0].hasPrefix("epoch,step,learning_rate,training_loss,training_value,"))
    #expect(rows.allSatisfy { $0.split(separator: ",").count == 8 })
    let svg = LossCurve.svg(trainer.history, title: "a < b & c")
    #expect(svg.components(separatedBy: "<polyline").count == 3)
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("a &lt; b &amp; c"))
  }
}
