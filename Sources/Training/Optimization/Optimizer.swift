import Foundation
import TensorGraph

/// Adam and its kin: how a gradient changes the parameters, all of them in one vector.
public struct Optimizer: Hashable, Sendable {
  public enum Algorithm: String, Hashable, Sendable, CaseIterable, Codable {
    /// Kingma and Ba, ICLR 2015; weight decay is added to the gradient.
    case adam
    /// Loshchilov and Hutter, ICLR 2019: weight decay shrinks the weights themselves.
    case adamw
    /// Reddi, Kale and Kumar, ICLR 2018: Adam with the largest second moment so far.
    case amsgrad
  }

  public var algorithm: Algorithm
  /// The decay of the running mean of the gradient.
  public var firstDecay: Double
  /// The decay of the running mean of its square.
  public var secondDecay: Double
  public var epsilon: Double
  public var weightDecay: Double
  /// Longer gradients are shortened to this; nil leaves them.
  public var gradientNormLimit: Double?
  /// The decay of the moving average of the parameters; nil keeps none.
  public var averageDecay: Double?

  public init(
    _ algorithm: Algorithm = .adam, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, gradientNormLimit: Double? = nil,
    averageDecay: Double? = nil
  ) {
    self.algorithm = algorithm
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.gradientNormLimit = gradientNormLimit
    self.averageDecay = averageDecay
  }

  /// The numbers that differ from step to step: learning rate, corrections of the two moments for
  /// their start at zero, and the weight of the new parameters in their average.
  ///
  /// - Parameter step: counted from 1.
  func stepNumbers(step: Int, learningRate: Double) -> [Double] {
    let t = Double(step)
    // A young average forgets faster, so that it is not tied to the random start.
    let decay = averageDecay.map { min($0, (1 + t) / (10 + t)) }
    return [
      learningRate, 1 / (1 - pow(firstDecay, t)), 1 / (1 - pow(secondDecay, t)).squareRoot(),
      decay.map { 1 - $0 } ?? 1,
    ]
  }

  static let stepNumberCount = 4
}

/// The parameters and what the optimiser remembers of them, each `[parameters]`.
public struct OptimizerState: Sendable {
  public var parameters: Tensor
  public var firstMoment: Tensor
  public var secondMoment: Tensor
  public var largestSecondMoment: Tensor
  public var average: Tensor

  var tensors: [Tensor] {
    [parameters, firstMoment, secondMoment, largestSecondMoment, average]
  }

  static let names = [
    "parameters", "first_moment", "second_moment", "largest_second_moment", "average",
  ]

  init(_ tensors: ArraySlice<Tensor>) {
    let tensors = Array(tensors)
    precondition(tensors.count == Self.names.count, "optimiser state of \(tensors.count) vectors")
    parameters = tensors[0]
    firstMoment = tensors[1]
    secondMoment = tensors[2]
    largestSecondMoment = tensors[3]
    average = tensors[4]
  }

  /// The state before the first step.
  init(startingFrom parameters: [Double], as elementType: ElementType) {
    let zeros = Tensor([Double](repeating: 0, count: parameters.count), as: elementType)
    let start = Tensor(parameters, as: elementType)
    self.init([start, zeros, zeros, zeros, start])
  }
}

extension Optimizer {
  /// The state after a step.
  ///
  /// - Parameters:
  ///   - gradient: `[parameters]`.
  ///   - numbers: `[4]`, of `stepNumbers`.
  ///   - isTrained: `[parameters]`, 1 for those that may change and 0 for the others.
  /// - Returns: the state, and the length of the gradient before it was shortened.
  func updated(
    _ state: OptimizerState, gradient: Tensor, numbers: Tensor, isTrained: Tensor?
  ) -> (state: OptimizerState, gradientNorm: Tensor) {
    func number(_ place: Int) -> Tensor { numbers.slice(place..<(place + 1), along: 0) }
    var gradient = gradient
    if let isTrained { gradient = gradient * isTrained }
    let norm = sqrt((gradient * gradient).sum()).reshaped(to: [1])
    if let gradientNormLimit {
      let factor = gradientNormLimit / (norm + 1e-6)
      gradient = gradient * minimum(factor, factor.filled(with: 1))
    }
    let old = state.parameters
    if weightDecay > 0, algorithm != .adamw {
      let decay = old * weightDecay
      gradient = gradient + (isTrained.map { decay * $0 } ?? decay)
    }
    var new = state
    new.firstMoment = state.firstMoment * firstDecay + gradient * (1 - firstDecay)
    new.secondMoment = state.secondMoment * secondDecay + gradient * gradient * (1 - secondDecay)
    var spread = new.secondMoment
    if algorithm == .amsgrad {
      new.largestSecondMoment = maximum(state.largestSecondMoment, new.secondMoment)
      spread = new.largestSecondMoment
    }
    let rate = number(0)
    var step =
      rate * number(1) * new.firstMoment / (sqrt(spread) * number(2) + epsilon)
    if weightDecay > 0, algorithm == .adamw { step = step + rate * weightDecay * old }
    if let isTrained { step = step * isTrained }
    new.parameters = old - step
    new.average =
      averageDecay == nil
      ? new.parameters : state.average + (new.parameters - state.average) * number(3)
    return (new, norm)
  }
}
