import Irreps
import TensorGraph

/// A function of one number, applied to scalars.
public enum Activation: String, Hashable, Sendable, CaseIterable {
  /// x · sigmoid(x).
  case silu
  case tanh
  case sigmoid
  /// |x|.
  case absolute
  /// log(1 + eˣ) − log 2.
  case shiftedSoftplus
  /// max(x, 0).
  case relu

  /// The values, element by element, as they are defined.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .silu: TensorGraph.silu(x)
    case .tanh: TensorGraph.tanh(x)
    case .sigmoid: TensorGraph.sigmoid(x)
    case .absolute: abs(x)
    case .shiftedSoftplus: softplus(x) - 0.693_147_180_559_945_309_4
    case .relu: TensorGraph.relu(x)
    }
  }

  /// The values times `secondMomentScale`: what e3nn's layers apply.
  public func normalized(_ x: Tensor) -> Tensor { self(x) * secondMomentScale }

  /// 1/√⟨f(z)²⟩ for z of the normal distribution, as e3nn's `normalize2mom` estimates it from a
  /// million samples with a fixed seed.
  ///
  /// The exact integrals differ in the third digit. Weights of published models were trained with
  /// these numbers.
  public var secondMomentScale: Double {
    switch self {
    case .silu: 1.679_176_792_398_941_8
    case .tanh: 1.593_733_447_259_269_5
    case .sigmoid: 1.846_705_534_215_476_3
    case .absolute: 1.001_110_600_838_467
    case .shiftedSoftplus: 1.878_204_668_541_552
    case .relu: 1.416_339_344_633_136_5
    }
  }

  /// The parity of the values for arguments of a parity, or nil if they have none: an odd scalar
  /// needs a function that is even or odd.
  public func parity(of argument: Parity) -> Parity? {
    switch self {
    case .tanh: argument
    case .absolute: .even
    case .silu, .sigmoid, .shiftedSoftplus, .relu: argument == .even ? .even : nil
    }
  }
}

extension Tensor {
  /// Applies to each group of scalars its activation, normalised to a second moment of 1; groups
  /// without one are passed on.
  ///
  /// - Precondition: the last axis holds these groups.
  func activated(_ groups: Irreps, by activations: [Activation?]) -> Tensor {
    let parts = zip(groups.slices, activations).filter { !$0.0.isEmpty }
      .map { slice, activation in
        let part = self.slice(slice, along: -1)
        return activation.map { $0.normalized(part) } ?? part
      }
    return parts.isEmpty ? self : concatenate(parts, along: -1)
  }
}

extension Irreps {
  /// The irreps of activated scalars.
  ///
  /// - Precondition: there is one activation a group, every group is of degree 0, and the parity of
  ///   the values is defined.
  func activated(by activations: [Activation?], in layer: String) -> Irreps {
    precondition(
      activations.count == count,
      "\(layer): \(activations.count) activations for the groups \(self)")
    return Irreps(
      zip(self, activations).map { group, activation in
        guard let activation else { return group }
        guard group.irrep.degree == 0, let parity = activation.parity(of: group.irrep.parity) else {
          preconditionFailure("\(layer): \(activation.rawValue) of \(group) is not equivariant")
        }
        return MultipliedIrrep(group.multiplicity, Irrep(degree: 0, parity: parity))
      })
  }
}
