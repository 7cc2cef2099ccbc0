import Equivariance
import OpenCLRuntime
import TensorGraph

extension SevenNet {
  /// The model with the radial network of each layer as a table of its function of distance.
  ///
  /// A layer keeps its network where even a fine table errs by more than the tolerance.
  ///
  /// - Parameters:
  ///   - tolerance: the largest error of a slope, relative to the layer's largest slope.
  ///   - context: a context of a device with double precision, in which tables are computed.
  /// - Throws: errors of the device.
  package func tabulated(tolerance: Double = 4e-6, on context: Context) throws -> SevenNet {
    var exact = self
    exact.parameters.besselFrequencies = parameters.besselFrequencies.converted(to: .float64)
    var model = self
    model.radialTables = try parameters.layers.enumerated().map { index, parameters in
      var parameters = parameters
      parameters.radialNetwork = parameters.radialNetwork.map { $0.converted(to: .float64) }
      parameters.denominator = parameters.denominator.converted(to: .float64)
      let layer = SevenNetLayer(
        configuration: configuration, index: index, parameters: parameters, modality: modality)
      return try RadialTable(
        layer.weightCount, upTo: cutoff, tolerance: tolerance, as: elementType, on: context
      ) { layer.pathWeights(exact.radialBasis($0)) }
    }
    return model
  }
}
