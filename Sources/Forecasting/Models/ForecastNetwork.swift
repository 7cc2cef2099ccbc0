import Equivariance
import Irreps
import TensorGraph

/// A forecaster as an ordered list of named layers that read and write named fields: the form to
/// which all published styles of TrajCast are brought.
package struct ForecastNetwork: Sendable {
  /// A layer and the name under which its parameters are kept.
  struct Layer: Sendable {
    var name: String
    var operation: Operation
    var output: String
  }

  enum Operation: Sendable {
    case speciesEncoding
    case edgeEncoding(RadialEncoding)
    /// Of the velocities' lengths. With `perSpecies` a linear map of the atom's species follows.
    case speedEncoding(RadialEncoding, perSpecies: TensorProduct?)
    case edgeHarmonics(degree: Int, normalizing: Bool, SphericalHarmonicsNormalization)
    case velocityHarmonics(degree: Int, normalizing: Bool, SphericalHarmonicsNormalization)
    /// Species, speeds and velocity harmonics from degree 1 on, side by side.
    case atomState(species: String, speeds: String, harmonics: String)
    case linear(Linear, input: String)
    case messagePassing(
      MessagePassing, features: String, edgeBasis: String, edgeHarmonics: String,
      speedBasis: String, velocityHarmonics: String)
  }

  var layers: [Layer]
  /// The layer's output that is the forecast, `2x1o`.
  var target = "target"

  /// A forecast, and the features after every layer, channels contiguous.
  package struct Evaluation {
    package var features: [String: Tensor] = [:]
    /// [atoms, 6]: displacement and velocity in the model's units.
    package var forecast: Tensor
  }

  var parameters: [ParameterDeclaration] { layers.flatMap(\.parameters) }

  /// Whether some layer divides by an average number of neighbours that is not fixed.
  var leavesNeighbourCountOpen: Bool {
    layers.contains { layer in
      if case .messagePassing(let passing, _, _, _, _, _) = layer.operation {
        return passing.options.averageNeighbourCount == nil
      }
      return false
    }
  }

  func evaluate(_ graph: MotionGraph, _ parameters: Parameters) -> Evaluation {
    var fields = Fields(graph: graph)
    var features: [String: Tensor] = [:]
    for layer in layers {
      let value = layer(fields, parameters)
      fields.values[layer.output] = value
      features[layer.name] = value
    }
    // Two vectors as two channels, [x₁ x₂ y₁ y₂ z₁ z₂], become one vector after the other.
    let forecast = fields[target].converted(
      Self.forecastIrreps, from: .channelsContiguous, to: .componentsContiguous)
    return Evaluation(features: features, forecast: forecast)
  }

  static let forecastIrreps = Irreps([MultipliedIrrep(2, .sphericalHarmonic(degree: 1))])
}

/// What layers have written so far.
struct Fields {
  let graph: MotionGraph
  var values: [String: Tensor] = [:]

  subscript(name: String) -> Tensor {
    guard let value = values[name] else {
      preconditionFailure("forecaster: no layer has written '\(name)' yet")
    }
    return value
  }
}

extension ForecastNetwork.Layer {
  var parameters: [ParameterDeclaration] {
    switch operation {
    case .speciesEncoding, .edgeHarmonics, .velocityHarmonics, .atomState: []
    case .edgeEncoding(let encoding): encoding.parameters(of: name)
    case .speedEncoding(let encoding, let product):
      encoding.parameters(of: name)
        + (product.map {
          [ParameterDeclaration("\(name).element_tp.weight", shape: [$0.weightCount])]
        } ?? [])
    case .linear(let linear, _):
      [ParameterDeclaration("\(name).linear.weight", shape: [linear.weightCount])]
    case .messagePassing(let layer, _, _, _, _, _): layer.parameters
    }
  }

  func callAsFunction(_ fields: Fields, _ parameters: Parameters) -> Tensor {
    let graph = fields.graph
    switch operation {
    case .speciesEncoding:
      return oneHotSpecies(graph)
    case .edgeEncoding(let encoding):
      return encoding(lengths(of: graph.vectors), name, parameters)
    case .speedEncoding(let encoding, let product):
      let basis = encoding(lengths(of: graph.velocities), name, parameters)
      return product.map {
        $0(basis, oneHot: graph.bySpecies, weights: parameters["\(name).element_tp.weight"])
      } ?? basis
    case .edgeHarmonics(let degree, let normalizing, let normalization):
      return sphericalHarmonics(
        of: graph.vectors, upTo: degree, normalization: normalization, normalizing: normalizing)
    case .velocityHarmonics(let degree, let normalizing, let normalization):
      return sphericalHarmonics(
        of: normalizing ? directions(of: graph.velocities) : graph.velocities, upTo: degree,
        normalization: normalization, normalizing: false)
    case .atomState(let species, let speeds, let harmonics):
      let directions = fields[harmonics]
      guard let count = directions.shape[1].fixed else {
        preconditionFailure("harmonics of shape \(directions.shape)")
      }
      return concatenate(
        [fields[species], fields[speeds], directions.slice(1..<count, along: 1)], along: 1)
    case .linear(let linear, let input):
      return linear(fields[input], weights: parameters["\(name).linear.weight"])
    case .messagePassing(
      let layer, let features, let edgeBasis, let edgeHarmonics, let speedBasis,
      let velocityHarmonics):
      return layer(
        fields[features], edgeBasis: fields[edgeBasis], edgeLengths: lengths(of: graph.vectors),
        edgeHarmonics: fields[edgeHarmonics], speedBasis: fields[speedBasis],
        velocityHarmonics: fields[velocityHarmonics], graph: graph, parameters: parameters)
    }
  }

  /// [atoms, species]: 1 in the column of the atom's species.
  private func oneHotSpecies(_ graph: MotionGraph) -> Tensor {
    let index = graph.bySpecies
    let shape: Shape = [index.itemCount, index.targetCount]
    return (Tensor.coordinate(along: 1, of: shape) .== index.indices.expanded(at: 1))
      .converted(to: graph.velocities.elementType)
  }
}

/// [items]: the lengths of vectors; a zero vector has a derivative of zero.
private func lengths(of vectors: Tensor) -> Tensor {
  let squares = (vectors * vectors).sum(along: [1])
  let isZero = squares .== 0
  return select(isZero, squares, sqrt(select(isZero, squares.filled(with: 1), squares)))
}

/// Velocities over their lengths, but never over less than 1e-12, as the official code scales them: an
/// atom at rest has no direction, and one nearly at rest almost none.
private func directions(of velocities: Tensor) -> Tensor {
  let squares = (velocities * velocities).sum(along: [1]).expanded(at: 1)
  let smallest = Tensor([1e-24], shape: [1, 1], as: velocities.elementType)
  return velocities / sqrt(maximum(squares, smallest))
}
