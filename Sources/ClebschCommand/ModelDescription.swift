import Clebsch
import Foundation

/// What a SevenNet checkpoint says of the model in it, read without building the model.
struct ModelDescription {
  /// In ångström.
  let cutoff: Double
  let layers: Int
  /// The symbols of the elements that the model knows.
  let elements: [String]
  let modalities: [String]
  /// The features between two layers, in e3nn's notation.
  let irreps: String
  let parameterCount: Int
  /// The checksum of the file.
  let sha256: String

  /// - Throws: `FileFormatError` where the file is no checkpoint, or not of SevenNet's kind.
  init(contentsOf path: String) throws {
    let checkpoint = try TorchCheckpoint(contentsOf: path)
    guard let configuration = checkpoint.root["config"],
      let state = checkpoint.root["model_state_dict"]?.dictionaryValue,
      let cutoff = configuration["cutoff"]?.doubleValue,
      let layers = configuration["num_convolution_layer"]?.integerValue,
      let elements = configuration["chemical_species"]?.elements
    else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "the checkpoint has no SevenNet configuration",
        expected: "'config' with 'cutoff', 'num_convolution_layer' and 'chemical_species'")
    }
    self.cutoff = cutoff
    self.layers = layers
    self.elements = elements.compactMap(\.stringValue)
    modalities = configuration["_modal_map"]?.dictionaryValue?.stringKeys ?? []
    irreps = Self.widest(configuration["irreps_manual"]?.elements?.compactMap(\.stringValue) ?? [])
    parameterCount = state.entries.reduce(0) { count, entry in
      guard let name = entry.key.stringValue, Self.isParameter(name),
        let tensor = entry.value.tensorReference
      else { return count }
      return count + tensor.shape.reduce(1, *)
    }
    sha256 = try LocatedModel.checksum(ofFile: path)
  }

  /// Coupling coefficients and masks are stored beside the parameters and are none.
  private static func isParameter(_ name: String) -> Bool {
    !name.contains("_w3j_") && !name.hasSuffix(".output_mask")
  }

  private static func widest(_ irreps: [String]) -> String {
    irreps.max { $0.count < $1.count } ?? "not stated"
  }
}
