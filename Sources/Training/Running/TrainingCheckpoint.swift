import FileFormats
import Foundation
import TensorGraph

/// A training on disk, from which it goes on bit for bit: a safetensors file with all vectors of the
/// optimiser's state in the precision of the training, and how far it has come as text.
struct TrainingCheckpoint {
  var vectors: [[Double]]
  var best: [Double]?
  var progress: TrainingProgress

  private static let format = "clebsch-training"
  private static let version = "1"

  /// - Parameter identity: what names model, data and settings, to be checked on resuming.
  func write(to path: String, identity: String, as elementType: ElementType) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(progress), as: UTF8.self)
    func data(_ values: [Double]) -> TensorData {
      elementType == .float32
        ? TensorData(floats: values.map(Float.init)) : TensorData(doubles: values)
    }
    try SafetensorsFile.write(
      zip(OptimizerState.names, vectors).map { ($0, data($1)) }
        + (best.map { [("best", data($0))] } ?? []),
      metadata: [
        "format": Self.format, "version": Self.version, "progress": text, "identity": identity,
      ], to: path)
  }

  /// - Throws: `FileFormatError` for a file that is no checkpoint; `TrainingError.checkpoint` for
  ///   one of another training.
  init(contentsOf path: String, identity: String, parameterCount: Int) throws {
    let file = try SafetensorsFile(contentsOf: path)
    func problem(_ found: String, _ expected: String) -> TrainingError {
      .checkpoint(file: path, found: found, expected: expected)
    }
    guard file.metadata["format"] == Self.format, file.metadata["version"] == Self.version else {
      throw problem(
        "the file is no checkpoint of a training (of this version)", "one that 'train' wrote")
    }
    guard file.metadata["identity"] == identity else {
      throw problem(
        "the checkpoint is of a training with another model, other data or other settings",
        "those of the checkpoint: only the number of epochs may differ")
    }
    guard
      let progress = try? JSONDecoder().decode(
        TrainingProgress.self, from: Data((file.metadata["progress"] ?? "").utf8))
    else { throw problem("the checkpoint's progress cannot be read", "an undamaged checkpoint") }
    self.progress = progress
    vectors = try OptimizerState.names.map { name in
      let data = try file.tensor(name)
      guard data.shape == [parameterCount] else {
        throw problem(
          "'\(name)' has the shape \(data.shape)", "\(parameterCount) numbers for this model")
      }
      return try data.doubles()
    }
    best = try file.tensors["best"]?.doubles()
  }

  init(vectors: [[Double]], best: [Double]?, progress: TrainingProgress) {
    self.vectors = vectors
    self.best = best
    self.progress = progress
  }
}
