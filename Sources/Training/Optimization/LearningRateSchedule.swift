import Foundation

/// How the learning rate goes on from its first value.
public struct LearningRateSchedule: Hashable, Sendable {
  public enum Course: Hashable, Sendable {
    case constant
    /// Half a cosine down to this part of the first rate at the last epoch (Loshchilov and Hutter,
    /// ICLR 2017).
    case cosine(finalFraction: Double)
    /// Multiplied by a factor after every epoch.
    case exponential(factor: Double)
    /// Multiplied by a factor whenever the validation loss has not improved for more than `patience`
    /// epochs, down to a least rate: PyTorch's `ReduceLROnPlateau` with its standard threshold.
    case plateau(factor: Double, patience: Int, minimum: Double)
  }

  public var rate: Double
  public var course: Course
  /// Steps over which the rate rises linearly from zero.
  public var warmUpSteps: Int

  public init(rate: Double, course: Course = .constant, warmUpSteps: Int = 0) {
    self.rate = rate
    self.course = course
    self.warmUpSteps = warmUpSteps
  }

  /// What a schedule remembers from epoch to epoch.
  package struct State: Hashable, Sendable, Codable {
    /// What plateaus have multiplied the rate by.
    var rate: Double
    var best: Double?
    var epochsWithoutImprovement = 0
  }

  package var initialState: State { State(rate: rate) }

  /// The rate of a step.
  ///
  /// - Parameters:
  ///   - step: counted from 1 over the whole training.
  ///   - progress: epochs done, with the fraction of the present one.
  ///   - epochCount: of the whole training.
  package func rate(_ state: State, step: Int, progress: Double, epochCount: Int) -> Double {
    let rate =
      switch course {
      case .constant: self.rate
      case .cosine(let final):
        self.rate
          * (final + (1 - final) * 0.5 * (1 + cos(.pi * min(1, progress / Double(epochCount)))))
      case .exponential(let factor): self.rate * pow(factor, progress.rounded(.down))
      case .plateau: state.rate
      }
    return warmUpSteps > 0 ? rate * min(1, Double(step) / Double(warmUpSteps)) : rate
  }

  /// The state after an epoch with this validation loss.
  package func updated(_ state: State, validationLoss: Double) -> State {
    guard case .plateau(let factor, let patience, let minimum) = course else { return state }
    var state = state
    if state.best.map({ validationLoss < $0 * (1 - 1e-4) }) ?? true {
      state.best = validationLoss
      state.epochsWithoutImprovement = 0
    } else {
      state.epochsWithoutImprovement += 1
    }
    if state.epochsWithoutImprovement > patience {
      let reduced = max(state.rate * factor, minimum)
      if state.rate - reduced > 1e-8 * state.rate { state.rate = reduced }
      state.epochsWithoutImprovement = 0
    }
    return state
  }
}
