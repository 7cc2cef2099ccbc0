import Equivariance
import FileFormats
import Foundation
import Irreps
import TensorGraph
import TestSupport
import Testing

typealias ElementType = ElementType

/// Both precisions: the argument of tests that run in each.
let precisions: [ElementType] = [.float64, .float32]

/// The recorded values of e3nn.
struct Reference {
  private let file: SafetensorsFile

  init() throws {
    file = try fixture("e3nn.safetensors", in: Bundle.module)
  }

  var names: [String] { file.names }

  func doubles(_ name: String) throws -> [Double] { try file.doubles(name) }

  func shape(_ name: String) throws -> [Int] { try file.tensor(name).shape }

  /// A recorded tensor on the device.
  func tensor(_ name: String, as type: ElementType) throws -> Tensor {
    try Tensor(doubles(name), shape: Shape(shape(name)), as: type)
  }

  /// Recorded features, brought from e3nn's layout to ours.
  func features(_ name: String, _ irreps: Irreps, as type: ElementType) throws -> Tensor {
    try Tensor(
      irreps.converted(doubles(name), from: .componentsContiguous, to: .channelsContiguous),
      shape: Shape(shape(name)), as: type)
  }

  /// Recorded indices.
  func integers(_ name: String) throws -> [Int] { try file.tensor(name).integers() }
}

extension Tensor {
  /// Features of our layout read back in e3nn's.
  func doubles(inReferenceLayoutOf irreps: Irreps) throws -> [Double] {
    irreps.converted(try doubles(), from: .channelsContiguous, to: .componentsContiguous)
  }
}
