import Equivariance
import Foundation
import Irreps
import TestSupport
import Testing

/// The descriptions in `e3nn.json`.
struct ReferenceCases {
  private let cases: [String: [String: Any]]

  init() throws {
    let bytes = try fixtureBytes("e3nn.json", in: Bundle.module)
    cases = try #require(
      JSONSerialization.jsonObject(with: Data(bytes)) as? [String: [String: Any]])
  }

  var tensorProductNames: [String] {
    cases.keys.filter { $0.hasPrefix("tp.") }.sorted()
  }

  func irreps(_ name: String, _ key: String) throws -> Irreps {
    try Irreps(try #require(cases[name]?[key] as? String))
  }

  /// The tensor product that a case describes; `keys` name its two inputs.
  func tensorProduct(
    _ name: String, inputs keys: (String, String) = ("in1", "in2")
  ) throws -> TensorProduct {
    let description = try #require(cases[name])
    let instructions = try #require(description["instructions"] as? [[Any]]).map { entry in
      let numbers = entry.prefix(3).compactMap { $0 as? Int }
      let mode = try #require((entry[3] as? String).flatMap(ChannelMode.init(rawValue:)))
      let hasWeight = try #require(entry[4] as? Bool)
      return TensorProduct.Instruction(
        numbers[0], numbers[1], numbers[2], mode, hasWeight: hasWeight)
    }
    var normalization = TensorProduct.Normalization()
    if description["irrep_normalization"] as? String == "norm" { normalization.irreps = .norm }
    if description["path_normalization"] as? String == "path" { normalization.paths = .path }
    return TensorProduct(
      try irreps(name, keys.0), try irreps(name, keys.1), to: try irreps(name, "out"),
      instructions: instructions, normalization: normalization)
  }
}
