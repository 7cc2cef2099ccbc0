import Foundation
import Testing

/// The recorded values of e3nn in `Fixtures/e3nn.safetensors`, by name.
struct ReferenceValues {
  struct Tensor {
    let shape: [Int]
    let values: [Double]

    /// The part of the values at an index of the first axis.
    subscript(index: Int) -> [Double] {
      let size = shape.dropFirst().reduce(1, *)
      return Array(values[(index * size)..<((index + 1) * size)])
    }
  }

  private let tensors: [String: Tensor]

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/e3nn", withExtension: "safetensors"))
    let data = try Data(contentsOf: url)
    let headerSize = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<(8 + headerSize)])
    var tensors: [String: Tensor] = [:]
    for (name, entry) in try #require(header as? [String: [String: Any]]) {
      let shape = try #require(entry["shape"] as? [Int])
      let offsets = try #require(entry["data_offsets"] as? [Int]).map { $0 + 8 + headerSize }
      let values = stride(from: offsets[0], to: offsets[1], by: 8).map { start in
        (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[start + $1]) << (8 * $1) }
      }
      if entry["dtype"] as? String == "F64" {
        tensors[name] = Tensor(shape: shape, values: values.map(Double.init(bitPattern:)))
      } else {
        tensors[name] = Tensor(shape: shape, values: values.map { Double(Int64(bitPattern: $0)) })
      }
    }
    self.tensors = tensors
  }

  var names: [String] { tensors.keys.sorted() }

  subscript(name: String) -> Tensor {
    get throws { try #require(tensors[name], "no recorded value \(name)") }
  }
}
