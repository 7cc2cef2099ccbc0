import FileFormats
import Foundation
import TestSupport

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

  private let file: SafetensorsFile

  init() throws {
    file = try fixture("e3nn.safetensors", in: .module)
  }

  var names: [String] { file.names }

  subscript(name: String) -> Tensor {
    get throws { Tensor(shape: try file.tensor(name).shape, values: try file.doubles(name)) }
  }

  func integers(_ name: String) throws -> [Int] {
    try file.tensor(name).integers()
  }
}
