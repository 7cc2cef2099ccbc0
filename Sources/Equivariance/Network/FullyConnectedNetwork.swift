import TensorGraph

/// A multilayer perceptron without biases whose activations keep their variance: e3nn 0.6's
/// `nn.FullyConnectedNet`, the usual network from radial functions to weights.
///
/// Each layer but the last is f(x·W/√(n·v)) · s with n the inputs, v their variance and s the
/// activation's `secondMomentScale`.
public struct FullyConnectedNetwork: Hashable, Sendable {
  /// The widths: of the input, of the hidden layers, of the output.
  public let widths: [Int]
  public let activation: Activation
  public let activatesOutput: Bool
  public let inputVariance: Double
  public let outputVariance: Double

  /// - Precondition: there are at least two widths.
  public init(
    _ widths: [Int], activation: Activation, activatesOutput: Bool = false,
    inputVariance: Double = 1, outputVariance: Double = 1
  ) {
    precondition(
      widths.count >= 2, "a network has an input and an output, not the widths \(widths)")
    self.widths = widths
    self.activation = activation
    self.activatesOutput = activatesOutput
    self.inputVariance = inputVariance
    self.outputVariance = outputVariance
  }

  /// The shape of each layer's weight: `[in, out]`.
  public var weightShapes: [Shape] {
    zip(widths, widths.dropFirst()).map { Shape([$0, $1]) }
  }

  /// The network's output.
  ///
  /// - Parameters:
  ///   - x: `[items, widths.first]`.
  ///   - weights: one matrix a layer, of `weightShapes`.
  /// - Returns: `[items, widths.last]`.
  public func callAsFunction(_ x: Tensor, weights: [Tensor]) -> Tensor {
    precondition(
      weights.map(\.shape) == weightShapes,
      "network: weights of shapes \(weights.map(\.shape)), expected \(weightShapes)")
    return weights.indices.reduce(x) { x, layer in
      let isLast = layer == weights.count - 1
      let variance = Double(widths[layer]) * (layer == 0 ? inputVariance : 1)
      let outputVariance = isLast ? self.outputVariance : 1
      if isLast && !activatesOutput {
        return x.multiplied(
          by: weights[layer], scale: (outputVariance / variance).squareRoot())
      }
      return activation(x.multiplied(by: weights[layer], scale: 1 / variance.squareRoot()))
        * (activation.secondMomentScale * outputVariance.squareRoot())
    }
  }
}
