import Equivariance
import FileFormats
import Irreps
import TensorGraph

/// The trained numbers of a SevenNet model, as they stand in its checkpoint.
package struct SevenNetParameters: Sendable {
  package struct Layer: Sendable {
    package var selfConnection: Tensor
    package var firstLinear: Tensor
    package var secondLinear: Tensor
    /// [in, out] weights of the radial network, columns of the last in the file's order.
    package var radialNetwork: [Tensor]
    /// What the sum over neighbours is divided by, a scalar.
    package var denominator: Tensor
    /// Triples of degrees whose coupling coefficients had the opposite sign in training.
    package var flippedCouplings: Set<[Int]>
  }

  package enum Readout: Sendable {
    case linear(first: Tensor, second: Tensor, hiddenCount: Int)
    case network(weights: [Tensor], activation: Activation)
  }

  /// [basis functions], rad/Å.
  package var besselFrequencies: Tensor
  package var embedding: Tensor
  package var layers: [Layer]
  package var readout: Readout
  /// Per species, per fidelity and species, or one number.
  package var shift: Tensor
  package var scale: Tensor
  /// All tensors by the names of a new checkpoint.
  package var byName: [String: Tensor]
}
