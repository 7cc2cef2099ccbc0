import FileFormats
import Forecasting
import OpenCLRuntime
import Potentials

extension ShippedModel {
  /// The file as one that was read.
  package func modelFile() throws -> ModelFile {
    try ModelFile(SafetensorsFile(data: file, name: "the model '\(name)'"))
  }
}

extension Potential {
  /// Compiles a potential that comes with Clebsch for a device.
  ///
  /// - Parameters:
  ///   - precision: single unless asked otherwise.
  ///   - radial: whether radial networks are evaluated or tabulated.
  ///   - context: where to compute; by default the context of the default device.
  /// - Throws: `FileFormatError` for a model that is no potential; errors of the device.
  public convenience init(
    _ model: ShippedModel, precision: Precision = .single, radial: RadialEvaluation = .automatic,
    on context: Context? = nil
  ) throws {
    try self.init(model.modelFile(), precision: precision, radial: radial, on: context)
  }
}

extension Forecaster {
  /// Compiles a forecaster that comes with Clebsch for a device.
  ///
  /// - Parameters: as for a potential.
  /// - Throws: `FileFormatError` for a model that is no forecaster; errors of the device.
  public convenience init(
    _ model: ShippedModel, precision: Precision = .single, radial: RadialEvaluation = .automatic,
    on context: Context? = nil
  ) throws {
    try self.init(model.modelFile(), precision: precision, radial: radial, on: context)
  }
}
