import Clebsch
import OpenCLRuntime

/// What `clebsch models` says of a model that comes with Clebsch.
struct ShippedModelDescription {
  private let model: ShippedModel
  private let parameterCount: Int
  private let byteCount: Int
  private let sha256: String

  /// - Throws: `FileFormatError` where the embedded file is damaged.
  init(_ model: ShippedModel) throws {
    let bytes = model.file
    let file = try SafetensorsFile(data: bytes, name: model.name)
    self.model = model
    byteCount = bytes.count
    parameterCount = file.tensors.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
    sha256 = SHA256.hexadecimal(of: bytes)
  }

  var text: String {
    let indent = String(repeating: " ", count: 19)
    return """
      \(model.name.padded(to: 18)) \(model.summary)
      \(indent)comes with Clebsch, \(model.license); \(parameterCount) parameters, \(byteCount) bytes
      \(indent)\(model.origin)
      \(indent)SHA-256 \(sha256)

      """
  }

  /// A line of `clebsch models --json`.
  var record: JSONObject {
    [
      "name": model.name, "names": [model.name], "kind": model.kind.rawValue,
      "summary": model.summary, "origin": model.origin, "license": model.license,
      "comes_with_clebsch": true, "path": nil, "parameters": parameterCount, "bytes": byteCount,
      "sha256": sha256,
    ]
  }
}
