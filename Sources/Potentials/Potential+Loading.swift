import FileFormats
import OpenCLRuntime
import TensorGraph

/// The numbers a model computes with.
public enum Precision: String, Sendable, CaseIterable {
  case single
  case double

  package var elementType: ElementType { self == .single ? .float32 : .float64 }
}

/// How the weights that depend on an edge's length are computed.
public enum RadialEvaluation: String, Sendable, CaseIterable {
  /// Read off a table in single precision, much faster; by the network in double precision.
  case automatic
  /// By the network, for every edge.
  case network
  /// Read off a table of the network's values and slopes. Forces then differ by less than 2e-6 eV/Å
  /// from the network's in double precision; in single precision that is less than its rounding.
  case table

  /// Whether tables are made. They are computed in double precision: on devices without it networks
  /// are evaluated.
  package func tabulates(_ elementType: ElementType, on context: Context) -> Bool {
    let isWanted = self == .table || (self == .automatic && elementType == .float32)
    return isWanted && context.device.description.supportsDouble
  }
}

extension Potential {
  /// Reads a published checkpoint, or a model file of Clebsch's own, and compiles it for a device.
  ///
  /// SevenNet checkpoints (`.pth`) of all versions are understood; nothing in the file is
  /// executed. Model files (`.safetensors`) are what `clebsch train` writes.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - modality: the fidelity, such as "PBE", in models that have several.
  ///   - precision: single unless asked otherwise.
  ///   - radial: whether radial networks are evaluated or tabulated. A table is computed in double
  ///     precision; on devices without it networks are evaluated.
  ///   - context: where to compute; by default the context of the default device.
  /// - Throws: `FileFormatError` and `PotentialError` with the file and the entry;
  ///   `TensorGraphError` where the device lacks double precision; errors of the device.
  public convenience init(
    contentsOf path: String, modality: String? = nil, precision: Precision = .single,
    radial: RadialEvaluation = .automatic, on context: Context? = nil
  ) throws {
    let type = precision.elementType
    guard path.hasSuffix(".safetensors") else {
      let model = try SevenNet(
        TorchCheckpoint(contentsOf: path), modality: modality, elementType: type)
      try self.init(model, radial: radial, on: context)
      return
    }
    if let modality { throw PotentialError.modality(found: modality, known: []) }
    try self.init(ModelFile(contentsOf: path), precision: precision, radial: radial, on: context)
  }

  /// Compiles the potential of a model file of Clebsch's own for a device.
  ///
  /// - Throws: as for a path.
  package convenience init(
    _ file: ModelFile, precision: Precision, radial: RadialEvaluation, on context: Context?
  ) throws {
    let (architecture, values) = try SevenNetArchitecture.load(file)
    try self.init(
      architecture.model(values, elementType: precision.elementType), radial: radial, on: context)
  }

  private convenience init(
    _ model: SevenNet, radial: RadialEvaluation, on context: Context?
  ) throws {
    let context = try context ?? Context.shared()
    try self.init(
      radial.tabulates(model.elementType, on: context) ? model.tabulated(on: context) : model,
      on: context)
  }
}
