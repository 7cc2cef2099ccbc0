import Irreps
import TensorGraph

/// The gated nonlinearity: scalars pass through functions; features of higher degree are multiplied,
/// channel by channel, with gates that passed through functions. e3nn 0.6's `nn.Gate`.
///
/// All functions are normalised to a second moment of 1 (`Activation.secondMomentScale`). Features
/// have channels contiguous (`FeatureLayout.channelsContiguous`).
public struct Gate: Hashable, Sendable {
  public let scalars: Irreps
  public let scalarActivations: [Activation?]
  public let gates: Irreps
  public let gateActivations: [Activation?]
  public let gated: Irreps

  /// What the gate takes: scalars, gates and gated groups, sorted by irrep and simplified.
  public let input: Irreps
  /// What the gate gives: scalars, then gated groups, in the order in which they were given.
  public let output: Irreps

  /// The places of the three parts in `input`, one range a group.
  private let scalarPlaces: [Range<Int>]
  private let gatePlaces: [Range<Int>]
  private let gatedPlaces: [Range<Int>]

  /// - Parameters:
  ///   - scalars: groups of degree 0, each with its activation (nil passes it on).
  ///   - gates: groups of degree 0, each with its activation.
  ///   - gated: groups of which the k-th channel is multiplied with the k-th gate.
  /// - Precondition: there are as many gates as gated channels, and odd scalars have activations
  ///   that are even or odd.
  public init(
    scalars: Irreps, scalarActivations: [Activation?], gates: Irreps,
    gateActivations: [Activation?], gated: Irreps
  ) {
    precondition(
      gates.totalMultiplicity == gated.totalMultiplicity,
      "gate: \(gates.totalMultiplicity) gates \(gates) for \(gated.totalMultiplicity) channels "
        + "\(gated)")
    self.scalars = scalars
    self.scalarActivations = scalarActivations
    self.gates = gates
    self.gateActivations = gateActivations
    self.gated = gated
    let sorted = (scalars + gates + gated).sorted()
    input = sorted.irreps.simplified()
    let places = zip(sorted.destinations.indices, sorted.destinations).map { _, destination in
      sorted.irreps.slices[destination]
    }
    scalarPlaces = Array(places[..<scalars.count])
    gatePlaces = Array(places[scalars.count..<(scalars.count + gates.count)])
    gatedPlaces = Array(places[(scalars.count + gates.count)...])
    let gateParities = gates.activated(by: gateActivations, in: "gate").flatMap { group in
      [Parity](repeating: group.irrep.parity, count: group.multiplicity)
    }
    output =
      scalars.activated(by: scalarActivations, in: "gate")
      + Gate.multiplied(gated, by: gateParities)
  }

  /// The gated groups with the parities that they get, split where gates of one group differ.
  private static func multiplied(_ gated: Irreps, by parities: [Parity]) -> Irreps {
    var rest = parities[...]
    return Irreps(
      gated.flatMap { group in
        defer { rest = rest.dropFirst(group.multiplicity) }
        return rest.prefix(group.multiplicity).map { parity in
          MultipliedIrrep(
            1, Irrep(degree: group.irrep.degree, parity: group.irrep.parity * parity))
        }
      }
    ).simplified()
  }

  /// The gated features.
  ///
  /// - Parameter features: `[items, input.dimension]`.
  /// - Returns: `[items, output.dimension]`.
  public func callAsFunction(_ features: Tensor) -> Tensor {
    let items = features.shape[0]
    expectShape(of: features, [items, Dimension(input.dimension)], "gate's features")
    var parts = zip(scalarPlaces, scalarActivations).filter { !$0.0.isEmpty }
      .map { place, activation in
        let part = features.slice(place, along: -1)
        return activation.map { $0.normalized(part) } ?? part
      }
    let gateParts = zip(gatePlaces, gateActivations).filter { !$0.0.isEmpty }
      .map { place, activation in
        let part = features.slice(place, along: -1)
        return activation.map { $0.normalized(part) } ?? part
      }
    guard !gateParts.isEmpty else { return concatenate(parts, along: -1) }
    let gateValues = concatenate(gateParts, along: -1)
    var first = 0
    for (group, place) in zip(gated, gatedPlaces) where !place.isEmpty {
      let channels = Dimension(group.multiplicity)
      let values = features.slice(place, along: -1)
        .reshaped(to: [items, Dimension(group.irrep.dimension), channels])
      let gate = gateValues.slice(first..<(first + group.multiplicity), along: -1).expanded(at: 1)
      parts.append((values * gate).reshaped(to: [items, Dimension(group.dimension)]))
      first += group.multiplicity
    }
    return concatenate(parts, along: -1)
  }
}
