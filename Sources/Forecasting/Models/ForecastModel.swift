import Equivariance
import FileFormats
import TensorGraph

/// A forecaster's architecture: from atoms in motion and parameters to where the atoms will be one
/// forecast step later. A function of tensors; it holds no weights.
package struct ForecastModel: Sendable {
  var network: ForecastNetwork
  let conservation: Conservation?
  let conservationScales: ForecastScales
  package let scales: ForecastScales
  /// Å.
  package let cutoff: Double
  /// Atomic numbers in the order of the model's species.
  package let species: [Int]
  /// fs; nil where the model's file does not say.
  package let timestep: Double?
  /// What every parameter is called and its shape.
  package let layout: ParameterLayout
  /// The description from which the model was made, as a model file keeps it.
  let description: ForecastDescription

  /// The forecast of every atom, after conservation.
  ///
  /// - Returns: `[atoms, 6]`: displacements, then new velocities, in units of `scales`.
  package func callAsFunction(_ graph: MotionGraph, parameters: Parameters) -> Tensor {
    evaluate(graph, parameters: parameters).forecast
  }

  /// The forecast, and the features after every layer by the layer's name.
  package func evaluate(
    _ graph: MotionGraph, parameters: Parameters
  ) -> ForecastNetwork.Evaluation {
    var evaluation = network.evaluate(graph, parameters)
    if let conservation {
      evaluation.forecast = conservation(
        evaluation.forecast, scales: conservationScales, graph: graph)
    }
    return evaluation
  }

  /// The model's index of an element.
  package func speciesIndex(of atomicNumber: Int) -> Int? { species.firstIndex(of: atomicNumber) }

  /// Whether the architecture corrects the linear, and the angular, momentum.
  package var conservesLinearMomentum: Bool { conservation != nil }
  package var conservesAngularMomentum: Bool { conservation?.conservesAngularMomentum ?? false }
}

/// What a forecaster's file says of it beside the weights.
package struct ForecastDescription: Sendable {
  /// `EfficientTrajCast`, `TrajCast` or `Flexible`.
  package var style: String
  /// The settings under their official names.
  package var settings: ConfigurationNode
  /// Atomic numbers in the order of the model's species.
  package var species: [Int]
  /// fs.
  package var timestep: Double?
  /// Of `Flexible` models these stand in the settings.
  package var scales: ForecastScales?

  package init(
    style: String, settings: ConfigurationNode, species: [Int], timestep: Double? = nil,
    scales: ForecastScales? = nil
  ) {
    self.style = style
    self.settings = settings
    self.species = species
    self.timestep = timestep
    self.scales = scales
  }

  static let styles = ["EfficientTrajCast", "TrajCast", "Flexible"]
}

extension ForecastModel {
  /// Assembles the layers that a description asks for.
  ///
  /// - Throws: `FileFormatError` naming the key that is not understood; `ForecastingError` for
  ///   layers that do not fit together.
  package init(_ description: ForecastDescription) throws {
    if let style = ForecastNetwork.Style(rawValue: description.style) {
      let configuration = try TrajCastConfiguration(
        description.settings, speciesCount: description.species.count)
      network = try ForecastNetwork(configuration, style: style)
      conservation = configuration.conservation
      scales = description.scales ?? ForecastScales(displacement: 1, velocity: 1)
      conservationScales = scales
      cutoff = configuration.cutoff
      try description.check(speciesCount: configuration.speciesCount)
    } else {
      let architecture = try FlexibleArchitecture(description.settings)
      network = architecture.network
      conservation = architecture.conservation
      conservationScales = architecture.conservationScales
      scales = architecture.scales
      cutoff = architecture.cutoff ?? 0
      try description.check(speciesCount: architecture.speciesCount ?? 0)
    }
    species = description.species
    timestep = description.timestep
    layout = ParameterLayout(network.parameters)
    self.description = description
  }
}

extension ForecastDescription {
  fileprivate func check(speciesCount: Int) throws {
    guard species.count == speciesCount else {
      throw settings.problem(
        "the model has \(speciesCount) species and \(species.count) are named",
        expected: "one element for each, in the model's order")
    }
  }
}
