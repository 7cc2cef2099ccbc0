import Equivariance
import FileFormats
import TensorGraph

/// Clebsch's own file of a model: a safetensors file whose metadata hold what the model is, and
/// whose tensors are its parameters under the names of their declarations.
///
/// The metadata, all of them text:
/// - `format`: `clebsch-model`, with `version` (of this layout, "1");
/// - `kind`: `potential` or `forecaster`;
/// - `configuration`: the architecture and its settings as one JSON object;
/// - further entries are notes for people.
///
/// See `docs/model-files.md`.
package struct ModelFile: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case potential
    case forecaster
  }

  package let kind: Kind
  package let configuration: ConfigurationNode
  package let tensors: SafetensorsFile

  private static let format = "clebsch-model"
  private static let version = "1"

  /// Reads a model file.
  ///
  /// - Throws: `FileFormatError` where there is no such file, it is no model file of this version,
  ///   or it is damaged.
  package init(contentsOf path: String) throws { try self.init(SafetensorsFile(contentsOf: path)) }

  package init(_ file: SafetensorsFile) throws {
    func problem(_ found: String, _ expected: String) -> FileFormatError {
      FileFormatError(kind: .malformed, file: file.name, found: found, expected: expected)
    }
    guard file.metadata["format"] == Self.format else {
      throw problem(
        "the tensors come without a model",
        "a file that 'clebsch train' wrote, with the metadata "
          + "'format: \(Self.format)'")
    }
    let version = file.metadata["version"] ?? "none"
    guard version == Self.version else {
      throw problem("the model file has the version '\(version)'", "version \(Self.version)")
    }
    guard let kind = Kind(rawValue: file.metadata["kind"] ?? "") else {
      throw problem(
        "the kind of model '\(file.metadata["kind"] ?? "")'",
        Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or "))
    }
    do {
      configuration = ConfigurationNode(
        try JSONParser.parse(Array((file.metadata["configuration"] ?? "").utf8)), file: file.name)
    } catch let error as JSONError {
      throw problem(
        "the metadata 'configuration' is no JSON: at its byte \(error.byte) \(error.found)",
        error.expected)
    }
    self.kind = kind
    tensors = file
  }

  /// The kind of a file that may be a model file; nil if it is none.
  package static func kind(of path: String) -> Kind? {
    guard path.hasSuffix(".safetensors") else { return nil }
    return (try? ModelFile(contentsOf: path))?.kind
  }

  /// Writes a model; the file appears, or replaces an older one, when it is complete.
  ///
  /// - Throws: `FileFormatError` if it cannot be written.
  /// - Precondition: all values are finite; a model that is not is never written.
  package static func write(
    _ kind: Kind, configuration: JSONValue, layout: ParameterLayout, values: [Double],
    as elementType: ElementType, notes: [String: String] = [:], to path: String
  ) throws {
    precondition(
      values.count == layout.count && values.allSatisfy(\.isFinite),
      "model file: \(values.count) values, not all finite, for \(layout.count) parameters")
    let tensors = zip(layout.declarations, layout.ranges).map { declaration, range in
      let part = values[range]
      return (
        declaration.name,
        elementType == .float32
          ? TensorData(floats: part.map(Float.init), shape: declaration.shape)
          : TensorData(doubles: Array(part), shape: declaration.shape)
      )
    }
    try SafetensorsFile.write(
      tensors,
      metadata: notes.merging([
        "format": format, "version": version, "kind": kind.rawValue,
        "configuration": configuration.text,
      ]) { $1 }, to: path)
  }
}

extension ParameterLayout {
  /// The values of all parameters from a file of tensors under the parameters' names, as one
  /// vector. Further tensors in the file are left alone.
  ///
  /// - Throws: `PotentialError.checkpoint` for a missing tensor, another shape, or numbers that are
  ///   not finite.
  package func values(in file: SafetensorsFile) throws -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for declaration in declarations {
      func mismatch(_ found: String) -> PotentialError {
        .checkpoint(
          file: file.name, entry: declaration.name, found: found,
          expected: "a tensor of shape \(declaration.shape) for the configured model")
      }
      guard let data = file.tensors[declaration.name] else { throw mismatch("missing") }
      guard data.shape == declaration.shape else {
        throw mismatch("a tensor of shape \(data.shape)")
      }
      guard let numbers = try? data.doubles(), numbers.allSatisfy(\.isFinite) else {
        throw mismatch("not of finite numbers")
      }
      values += numbers
    }
    return values
  }
}
