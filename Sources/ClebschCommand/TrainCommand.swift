import ArgumentParser
import Clebsch
import Forecasting
import Foundation
import Training

/// `clebsch train`: trains what a configuration describes.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a forecaster or a potential as a YAML file describes it.",
    discussion: """
      Example:
        clebsch train Examples/training/methane.yaml

      Writes OUTPUT.safetensors (the best model so far), OUTPUT.checkpoint.safetensors, OUTPUT.csv \
      (the log) and OUTPUT.svg (the loss curve), OUTPUT being the configuration's. Data files are \
      looked up beside the configuration. A training that was interrupted goes on, bit for bit, \
      with --resume. See docs/training-a-model.md.
      """)

  @Argument(help: "The configuration, in YAML.")
  var configuration: String

  @Flag(help: "Go on from the checkpoint of an interrupted training.")
  var resume = false

  @Flag(help: "Replace the files of an earlier training.")
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "The OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  @Flag(help: "Print one JSON object an epoch in place of the table.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func run() throws {
    let interruption = Interruption()
    let configuration = try TrainingConfiguration(
      contentsOf: self.configuration,
      architectures: ForecasterTraining.architectures + PotentialTraining.architectures)
    let files = TrainingFiles(prefix: configuration.output)
    try checkFiles(files)
    let context = try Context(device: Device.select(device))
    let place =
      "\(configuration.precision.rawValue) precision, \(context.device.description.label)"
    if PotentialTraining.architectures.contains(configuration.architecture) {
      let training = try PotentialTraining(configuration, on: context)
      announce(training.run.trainer.task.layout, training.sampleCounts, place)
      try run(training.run, files, interruption)
    } else {
      let training = try ForecasterTraining(configuration, on: context)
      announce(training.model.layout, training.sampleCounts, place)
      try run(training.run, files, interruption)
    }
  }

  private func announce(
    _ layout: ParameterLayout, _ samples: (training: Int, validation: Int), _ place: String
  ) {
    announce(
      "\(samples.training) samples, \(samples.validation) for validation, "
        + "\(layout.count) parameters, \(place)")
  }

  private func checkFiles(_ files: TrainingFiles) throws {
    let exists = FileManager.default.fileExists(atPath:)
    if resume {
      guard exists(files.checkpoint) else {
        throw Failure(
          .inputNotFound,
          "\(files.checkpoint): there is no checkpoint to resume from\n"
            + "Train without --resume to begin.")
      }
      return
    }
    guard !overwrite else { return }
    if let file = [files.checkpoint, files.model].first(where: exists) {
      throw Failure(
        .cannotWrite,
        "\(file) is there already\n"
          + "Go on with --resume, or replace it with --overwrite.")
    }
  }

  private func announce(_ text: String) {
    if !quiet { StandardError.write("clebsch: \(text)\n") }
  }

  private func run<Task: TrainingTask>(
    _ run: TrainingRun<Task>, _ files: TrainingFiles, _ interruption: Interruption
  ) throws {
    var run = run
    if resume {
      try run.resume()
      announce("resumed after \(run.trainer.stepCount) steps")
    }
    let terms = run.trainer.task.terms
    let epochs = run.trainer.settings.epochs
    var table = EpochTable(terms: terms, json: json)
    var progress = TrainingProgressLine(isSilent: quiet, epochs: epochs)
    let isFinished = try run.run { event in
      switch event {
      case .batch(let epoch, let batch, let count, let loss):
        progress.update(epoch: epoch, batch: batch, of: count, loss: loss)
      case .epoch(let record, let isBest):
        progress.clear()
        try StandardOutput.write(try table.row(record, isBest: isBest))
      }
    } shouldStop: {
      interruption.pending != nil
    }
    progress.clear()
    guard isFinished else {
      throw Failure(
        .interrupted,
        "interrupted after \(run.trainer.stepCount) steps; \(files.checkpoint) is "
          + "written\nGo on with 'clebsch train \(configuration) --resume'.")
    }
    announce("wrote \(files.model), \(files.log), \(files.curve)")
  }
}

/// The epochs of a training as a table, or as JSON lines.
private struct EpochTable {
  let terms: [LossTerm]
  let json: Bool
  private var hasHeader = false

  init(terms: [LossTerm], json: Bool) {
    self.terms = terms
    self.json = json
  }

  mutating func row(_ record: EpochRecord, isBest: Bool) throws -> String {
    if json {
      let object: JSONObject = [
        "epoch": record.epoch, "step": record.step, "learning_rate": record.learningRate,
        "training_loss": record.trainingLoss, "validation_loss": record.validationLoss,
        "is_best": isBest,
      ]
      return try object.line() + "\n"
    }
    var text = ""
    if !hasHeader {
      hasHeader = true
      let columns = ["epoch", "rate", "training", "validation"] + terms.map(\.name)
      text = columns.map { $0.leftPadded(to: 13) }.joined() + "\n"
    }
    let shown = record.validationTerms ?? record.trainingTerms
    let values =
      [record.learningRate, record.trainingLoss].map(significant)
      + [record.validationLoss.map(significant) ?? ""] + shown.map(significant)
    return text + (["\(record.epoch)"] + values).map { $0.leftPadded(to: 13) }.joined()
      + (isBest ? "  best" : "") + "\n"
  }

  private func significant(_ value: Double) -> String { String(format: "%.5g", value) }
}

/// The epoch and batch at work, drawn anew on a terminal, now and then a line elsewhere.
private struct TrainingProgressLine {
  let isSilent: Bool
  let epochs: Int
  /// When the first batch was done: the kernels are built by then.
  private var start: ContinuousClock.Instant?
  private var latest: ContinuousClock.Instant?
  /// The batches since.
  private var batches = 0

  init(isSilent: Bool, epochs: Int) {
    self.isSilent = isSilent
    self.epochs = epochs
  }

  mutating func update(epoch: Int, batch: Int, of count: Int, loss: Double) {
    let now = ContinuousClock.now
    guard let start else {
      start = now
      return
    }
    batches += 1
    let elapsed = start.duration(to: now)
    let interval: Duration = StandardError.isTerminal ? .milliseconds(500) : .seconds(30)
    guard !isSilent, elapsed > .seconds(2) else { return }
    if let latest, latest.duration(to: now) < interval { return }
    latest = now
    let rate = Double(batches) / elapsed.seconds
    let rest = (epochs - epoch) * count + count - batch
    let remaining = RemainingTime(
      share: Double(batches) / Double(batches + rest), elapsed: elapsed.seconds)
    let text =
      "epoch \(epoch) of \(epochs), batch \(batch) of \(count), loss "
      + String(format: "%.4g", loss) + ", \(fixed(rate, decimals: 1)) steps a second"
      + (remaining.map { ", \($0.text)" } ?? "")
    StandardError.write(
      StandardError.isTerminal ? "\r\u{1B}[K\(text)" : "clebsch: \(text)\n")
  }

  func clear() {
    if StandardError.isTerminal, latest != nil, !isSilent { StandardError.write("\r\u{1B}[K") }
  }
}
