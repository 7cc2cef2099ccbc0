import Irreps
import TensorGraph

/// Normalisation of features by their statistics over a batch: e3nn 0.6's `nn.BatchNorm`.
///
/// Invariant scalars (`0e`) lose their mean; every channel is then divided by the root of its mean
/// square over items and components. Both are functions of invariants, so the layer is
/// equivariant.
///
/// Features have channels contiguous (`FeatureLayout.channelsContiguous`).
public struct BatchNormalization: Hashable, Sendable {
  /// What the variance of a channel is, for features of several components.
  public enum VarianceConvention: Hashable, Sendable {
    /// The mean of the squares of its components.
    case component
    /// The mean squared length.
    case norm
  }

  /// Running averages of a training run.
  public struct Statistics: Sendable {
    /// `[scalarCount]`, a channel of each `0e` group, in order.
    public var mean: Tensor
    /// `[channelCount]`, a channel of each group, in order.
    public var variance: Tensor

    public init(mean: Tensor, variance: Tensor) {
      self.mean = mean
      self.variance = variance
    }
  }

  public let irreps: Irreps
  /// Added to variances.
  public let epsilon: Double
  /// The share of a new batch in the running averages.
  public let momentum: Double
  public let convention: VarianceConvention

  public init(
    _ irreps: Irreps, epsilon: Double = 1e-5, momentum: Double = 0.1,
    convention: VarianceConvention = .component
  ) {
    self.irreps = irreps
    self.epsilon = epsilon
    self.momentum = momentum
    self.convention = convention
  }

  /// The channels of all groups: the number of weights.
  public var channelCount: Int { irreps.totalMultiplicity }
  /// The channels of `0e` groups: the number of biases.
  public var scalarCount: Int {
    irreps.filtered { $0.irrep.isScalar }.totalMultiplicity
  }

  /// Means of 0 and variances of 1: what training starts from.
  public func initialStatistics(as elementType: ElementType) -> Statistics {
    Statistics(
      mean: Tensor([Double](repeating: 0, count: scalarCount), as: elementType),
      variance: Tensor([Double](repeating: 1, count: channelCount), as: elementType))
  }

  /// Features normalised with the running averages, as a trained model does.
  ///
  /// - Parameters:
  ///   - features: `[items, irreps.dimension]`.
  ///   - weights: `[channelCount]`, factors; ones if left out.
  ///   - biases: `[scalarCount]`; zeros if left out.
  public func callAsFunction(
    _ features: Tensor, statistics: Statistics, weights: Tensor? = nil, biases: Tensor? = nil
  ) -> Tensor {
    normalize(features, weights, biases) { channels, scalars, values in
      (
        scalars.map { statistics.mean.slice($0, along: 0) },
        statistics.variance.slice(channels, along: 0)
      )
    }
  }

  /// Features normalised with the statistics of this batch, and the running averages with this
  /// batch in them. The averages carry no gradient.
  ///
  /// - Parameters: as for evaluation.
  public func train(
    _ features: Tensor, statistics: Statistics, weights: Tensor? = nil, biases: Tensor? = nil
  ) -> (features: Tensor, statistics: Statistics) {
    var means: [Tensor] = []
    var variances: [Tensor] = []
    let items = features.slice(0..<1, along: -1).filled(with: 1).sum()
    let normalized = normalize(features, weights, biases) { channels, scalars, values in
      let mean = scalars.map { _ in values.sum(along: [0, 1]) / items }
      let centred = mean.map { values - $0 } ?? values
      let components = convention == .component ? values.shape[1].fixed ?? 1 : 1
      let variance = (centred * centred).sum(along: [0, 1]) / (items * Double(components))
      means += mean.map { [$0] } ?? []
      variances.append(variance)
      return (mean, variance)
    }
    func average(_ old: Tensor, _ new: [Tensor]) -> Tensor {
      new.isEmpty ? old : old * (1 - momentum) + concatenate(new, along: 0) * momentum
    }
    return (
      normalized,
      Statistics(
        mean: average(statistics.mean, means), variance: average(statistics.variance, variances))
    )
  }

  /// - Parameter moments: given the ranges of a group's channels among all channels and, for `0e`
  ///   groups, among the scalars, and its values `[items, components, channels]`: mean and variance.
  private func normalize(
    _ features: Tensor, _ weights: Tensor?, _ biases: Tensor?,
    moments: (Range<Int>, Range<Int>?, Tensor) -> (mean: Tensor?, variance: Tensor)
  ) -> Tensor {
    expectShape(
      of: features, [features.shape[0], Dimension(irreps.dimension)],
      "batch normalization's features")
    var (firstChannel, firstScalar) = (0, 0)
    return features.mappingGroups(of: irreps) { group, values in
      let channels = firstChannel..<(firstChannel + group.multiplicity)
      firstChannel = channels.upperBound
      var scalars: Range<Int>?
      if group.irrep.isScalar {
        scalars = firstScalar..<(firstScalar + group.multiplicity)
        firstScalar += group.multiplicity
      }
      let (mean, variance) = moments(channels, scalars, values)
      var scale = 1 / sqrt(variance + epsilon)
      if let weights { scale = scale * weights.slice(channels, along: 0) }
      let normalized = (mean.map { values - $0 } ?? values) * scale
      guard let scalars, let biases else { return normalized }
      return normalized + biases.slice(scalars, along: 0)
    }
  }
}
