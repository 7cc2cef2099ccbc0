import FileFormats
import OpenCLRuntime
import TensorGraph

/// The numbers a model computes with.
public enum Precision: String, Sendable, CaseIterable {
  case single
  case double

  package var elementType: ElementType { self == .single ? .float32 : .float64 }
}

extension Potential {
  /// Reads a published checkpoint and compiles it for a device.
  ///
  /// SevenNet checkpoints (`.pth`) of all versions are understood; nothing in the file is
  /// executed.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - modality: the fidelity, such as "PBE", in models that have several.
  ///   - precision: single unless asked otherwise.
  ///   - context: where to compute; by default the context of the default device.
  /// - Throws: `FileFormatError` and `PotentialError` with the file and the entry;
  ///   `TensorGraphError` where the device lacks double precision; errors of the device.
  public convenience init(
    contentsOf path: String, modality: String? = nil, precision: Precision = .single,
    on context: Context? = nil
  ) throws {
    let checkpoint = try TorchCheckpoint(contentsOf: path)
    try self.init(
      SevenNet(checkpoint, modality: modality, elementType: precision.elementType), on: context)
  }
}
