import Irreps
import TensorGraph

/// A function of the length of each feature, in the feature's own direction: e3nn 0.6's
/// `nn.NormActivation`.
///
/// A feature v becomes f(|v| + b) · v/|v|, or f(|v| + b) · v where directions are not normalised.
/// The function is applied as it is, without the factor of `Activation.secondMomentScale`. Lengths
/// below `epsilon` count as `epsilon`, with a derivative of 0, so that a zero feature stays zero.
///
/// Features have channels contiguous (`FeatureLayout.channelsContiguous`).
public struct NormActivation: Hashable, Sendable {
  public let irreps: Irreps
  public let activation: Activation
  public let normalizesDirection: Bool
  public let epsilon: Double

  public init(
    _ irreps: Irreps, activation: Activation, normalizesDirection: Bool = true,
    epsilon: Double = 1e-8
  ) {
    precondition(epsilon > 0, "norm activation: epsilon \(epsilon) is not above 0")
    self.irreps = irreps
    self.activation = activation
    self.normalizesDirection = normalizesDirection
    self.epsilon = epsilon
  }

  /// The activated features.
  ///
  /// - Parameters:
  ///   - features: `[items, irreps.dimension]`.
  ///   - biases: `[irreps.totalMultiplicity]`, one b a channel in the order of the groups; zeros if
  ///     left out.
  /// - Returns: `[items, irreps.dimension]`.
  public func callAsFunction(_ features: Tensor, biases: Tensor? = nil) -> Tensor {
    let items = features.shape[0]
    expectShape(of: features, [items, Dimension(irreps.dimension)], "norm activation's features")
    if let biases {
      expectShape(
        of: biases, [Dimension(irreps.totalMultiplicity)], "norm activation's biases")
    }
    var first = 0
    return features.mappingGroups(of: irreps) { group, values in
      let squares = (values * values).sum(along: [1]).expanded(at: 1)
      let lengths = sqrt(
        select(
          squares .< epsilon * epsilon, squares.filled(with: epsilon * epsilon), squares))
      let channels = first..<(first + group.multiplicity)
      first += group.multiplicity
      let scale = activation(biases.map { lengths + $0.slice(channels, along: 0) } ?? lengths)
      return values * (normalizesDirection ? scale / lengths : scale)
    }
  }
}

extension Tensor {
  /// Features whose groups are each seen as `[items, components, channels]` and replaced by what
  /// `body` makes of them, of the same shape.
  func mappingGroups(
    of irreps: Irreps, _ body: (MultipliedIrrep, Tensor) -> Tensor
  ) -> Tensor {
    let parts = zip(irreps, irreps.slices).filter { !$1.isEmpty }.map { group, slice in
      let shape: Shape = [
        self.shape[0], Dimension(group.irrep.dimension), Dimension(group.multiplicity),
      ]
      return body(group, self.slice(slice, along: -1).reshaped(to: shape))
        .reshaped(to: [self.shape[0], Dimension(group.dimension)])
    }
    return parts.isEmpty ? self : concatenate(parts, along: -1)
  }
}
