import Equivariance
import OpenCLRuntime
import TensorGraph

extension ForecastModel {
  /// The model with the edge network of each layer as a table of its function of an edge's length.
  ///
  /// A layer keeps its network where even a fine table errs by more than a table may.
  ///
  /// - Parameters:
  ///   - values: the parameters, in the order of the layout. What is taught needs its networks; a
  ///     table is for a model whose training is over.
  ///   - context: a context of a device with double precision, in which tables are computed.
  /// - Throws: errors of the device.
  func tabulated(
    _ values: [Double], as elementType: ElementType, on context: Context
  ) throws -> ForecastModel {
    let parameters = Parameters(layout, of: Tensor(values, as: .float64))
    var model = self
    for place in network.layers.indices {
      guard
        case .messagePassing(
          var layer, let features, let basis, let harmonics, let speeds, let directions) =
          network.layers[place].operation,
        let (name, encoding) = network.edgeEncoding(writing: basis, before: place)
      else { continue }
      layer.radialTable = try RadialTable(
        layer.edgeWeightCount, upTo: cutoff, as: elementType, on: context
      ) { layer.edgeWeights(encoding($0, name, parameters), parameters) }
      model.network.layers[place].operation = .messagePassing(
        layer, features: features, edgeBasis: basis, edgeHarmonics: harmonics,
        speedBasis: speeds, velocityHarmonics: directions)
    }
    return model
  }
}

extension ForecastNetwork {
  /// The last layer before a place that writes a field, if it encodes edges.
  fileprivate func edgeEncoding(
    writing field: String, before place: Int
  ) -> (name: String, encoding: RadialEncoding)? {
    guard let layer = layers[..<place].last(where: { $0.output == field }),
      case .edgeEncoding(let encoding) = layer.operation
    else { return nil }
    return (layer.name, encoding)
  }
}
