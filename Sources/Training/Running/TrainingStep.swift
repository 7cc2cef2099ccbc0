import Equivariance
import OpenCLRuntime
import TensorGraph

/// The two functions that a training consists of, compiled for a device: a step (loss, gradient of
/// all parameters, update), and the errors of a batch.
///
/// Parameters and the optimiser's state stay on the device; a step returns new ones.
struct TrainingStep<Task: TrainingTask>: Sendable {
  private let update: CompiledFunction
  private let evaluation: CompiledFunction
  private let optimizer: Optimizer
  private let task: Task
  private let context: Context

  /// - Parameter isTrained: for each declaration whether it may change.
  init(
    _ task: Task, _ optimizer: Optimizer, isTrained: [Bool], on context: Context
  ) throws {
    let type = task.elementType
    let layout = task.layout
    let vector = TensorDescription([Dimension(layout.count)], type)
    let stateCount = OptimizerState.names.count
    let mask: Tensor? =
      isTrained.allSatisfy { $0 }
      ? nil
      : Tensor(
        zip(layout.declarations, isTrained).flatMap { declaration, isTrained in
          [Double](repeating: isTrained ? 1 : 0, count: declaration.count)
        }, as: type)
    update = try CompiledFunction(
      of: Array(repeating: vector, count: stateCount)
        + [TensorDescription([Dimension(Optimizer.stepNumberCount)], type)]
        + task.batchDescription, on: context
    ) { arguments in
      let state = OptimizerState(arguments[..<stateCount])
      let parameters = Parameters(layout, of: state.parameters)
      let sums = task.errors(of: parameters, on: Array(arguments[(stateCount + 1)...]))
      let gradients = gradient(
        of: Self.loss(sums, task.terms), withRespectTo: parameters.parts)
      let (next, norm) = optimizer.updated(
        state, gradient: concatenate(gradients, along: 0), numbers: arguments[stateCount],
        isTrained: mask)
      return next.tensors + [Self.report(sums, norm)]
    }
    evaluation = try CompiledFunction(
      of: [vector] + task.batchDescription, on: context
    ) { arguments in
      let sums = task.errors(
        of: Parameters(layout, of: arguments[0]), on: Array(arguments.dropFirst()))
      return [Self.report(sums, nil)]
    }
    self.optimizer = optimizer
    self.task = task
    self.context = context
  }

  private static func loss(_ sums: [ErrorSum], _ terms: [LossTerm]) -> Tensor {
    let parts = zip(sums, terms).map { sum, term in
      sum.sum / maximum(sum.count, sum.count.filled(with: 1)) * term.weight
    }
    return parts.dropFirst().reduce(parts[0], +)
  }

  /// [2 · terms + 1]: sums and counts in turn, then the length of the gradient.
  private static func report(_ sums: [ErrorSum], _ norm: Tensor?) -> Tensor {
    concatenate(
      sums.flatMap { [$0.sum.reshaped(to: [1]), $0.count.reshaped(to: [1])] }
        + (norm.map { [$0] } ?? []), along: 0)
  }

  /// One step.
  func callAsFunction(
    _ state: OptimizerState, step: Int, learningRate: Double, batch: [Tensor]
  ) throws -> (OptimizerState, BatchErrors) {
    let numbers = Tensor(
      optimizer.stepNumbers(step: step, learningRate: learningRate), as: task.elementType)
    let results = try update(state.tensors + [numbers] + batch)
    let report = try results[results.count - 1].doubles(on: context)
    return (
      OptimizerState(results.dropLast()[...]),
      BatchErrors(report.dropLast(), gradientNorm: report[report.count - 1])
    )
  }

  /// The errors of a batch with these parameters.
  func errors(_ parameters: Tensor, batch: [Tensor]) throws -> BatchErrors {
    BatchErrors(try evaluation([parameters] + batch)[0].doubles(on: context)[...], gradientNorm: 0)
  }
}

/// The errors of one batch, or of several added up.
struct BatchErrors: Hashable, Sendable, Codable {
  /// One a term.
  var sums: [Double]
  var counts: [Double]
  /// The largest.
  var gradientNorm: Double

  init(termCount: Int) {
    sums = [Double](repeating: 0, count: termCount)
    counts = sums
    gradientNorm = 0
  }

  init(_ report: ArraySlice<Double>, gradientNorm: Double) {
    let report = Array(report)
    sums = stride(from: 0, to: report.count, by: 2).map { report[$0] }
    counts = stride(from: 1, to: report.count, by: 2).map { report[$0] }
    self.gradientNorm = gradientNorm
  }

  static func += (total: inout BatchErrors, batch: BatchErrors) {
    for term in total.sums.indices {
      total.sums[term] += batch.sums[term]
      total.counts[term] += batch.counts[term]
    }
    total.gradientNorm = max(total.gradientNorm, batch.gradientNorm)
  }

  /// The mean error of each term.
  var means: [Double] { zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 } }

  func loss(_ terms: [LossTerm]) -> Double {
    zip(means, terms).reduce(0) { $0 + $1.0 * $1.1.weight }
  }

  /// The first of the terms, or the gradient, that is not finite.
  func quantityNotFinite(_ terms: [LossTerm]) -> String? {
    zip(sums, terms).first { !$0.0.isFinite }.map { "\($0.1.name) loss" }
      ?? (gradientNorm.isFinite ? nil : "gradient")
  }
}
