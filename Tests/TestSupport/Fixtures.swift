import FileFormats
import Foundation

/// The path of a file in a test target's `Fixtures` folder. Pass `Bundle.module` of that target.
public func fixturePath(_ name: String, in bundle: Bundle) throws -> String {
  let path = bundle.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name).path
  guard FileManager.default.fileExists(atPath: path) else {
    throw MissingFixture(path: path)
  }
  return path
}

/// The tensors of a safetensors file in a test target's `Fixtures` folder.
public func fixture(_ name: String, in bundle: Bundle) throws -> SafetensorsFile {
  try SafetensorsFile(contentsOf: fixturePath(name, in: bundle))
}

/// The bytes of a file in a test target's `Fixtures` folder.
public func fixtureBytes(_ name: String, in bundle: Bundle) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: fixturePath(name, in: bundle))))
}

extension SafetensorsFile {
  /// The elements of the tensor of that name as doubles.
  public func doubles(_ name: String) throws -> [Double] {
    try tensor(name).doubles()
  }
}

public struct MissingFixture: Error, CustomStringConvertible {
  public let path: String
  public var description: String { "no fixture at \(path)" }
}
