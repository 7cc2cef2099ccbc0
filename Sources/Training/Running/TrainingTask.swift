import Equivariance
import OpenCLRuntime
import TensorGraph

/// What is to be learnt: a model's parameters, what a batch of samples looks like as tensors, and
/// what of the model's answer counts as an error.
public protocol TrainingTask<Sample>: Sendable {
  associatedtype Sample: Sendable

  var layout: ParameterLayout { get }
  /// The type of parameters and of all arithmetic.
  var elementType: ElementType { get }
  /// The shapes of a batch's tensors; sizes that differ from batch to batch are symbols.
  var batchDescription: [TensorDescription] { get }
  /// The names and weights of the terms of the loss, in their order.
  var terms: [LossTerm] { get }

  /// The tensors of a batch.
  ///
  /// - Throws: errors of the neighbour search and of the device.
  func batch(of samples: [Sample], on context: Context) throws -> [Tensor]

  /// For each term the sum of its errors over the batch and their number, as scalars.
  func errors(of parameters: Parameters, on batch: [Tensor]) -> [ErrorSum]
}

/// A part of a loss: the mean of some errors, times a weight.
public struct LossTerm: Hashable, Sendable {
  public var name: String
  public var weight: Double

  public init(_ name: String, weight: Double) {
    self.name = name
    self.weight = weight
  }
}

/// Errors added up, and how many they are: sums can be combined over batches of different sizes.
public struct ErrorSum: Sendable {
  public var sum: Tensor
  public var count: Tensor

  public init(sum: Tensor, count: Tensor) {
    self.sum = sum
    self.count = count
  }
}

/// How a difference between what is and what should be counts.
public enum ErrorMeasure: String, Hashable, Sendable, CaseIterable {
  case square
  case absolute

  public func callAsFunction(_ difference: Tensor) -> Tensor {
    self == .square ? difference * difference : abs(difference)
  }

  /// The errors of all elements.
  public func sum(_ difference: Tensor) -> ErrorSum {
    ErrorSum(sum: self(difference).sum(), count: difference.filled(with: 1).sum())
  }

  /// The errors of the rows to which a mask `[rows, 1]` of zeros and ones gives a one.
  public func sum(_ difference: Tensor, where mask: Tensor) -> ErrorSum {
    ErrorSum(
      sum: (self(difference) * mask).sum(), count: mask.broadcast(to: difference.shape).sum())
  }
}
