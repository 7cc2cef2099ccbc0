import Foundation

/// A file of named tensors in the safetensors format, read whole and checked against all of the
/// format's rules.
///
/// The format (https://github.com/huggingface/safetensors): eight bytes with the length of a JSON
/// header, the header, then the tensors' bytes without gaps. Nothing in such a file can run.
public struct SafetensorsFile: Sendable {
  /// The file's name as it was given.
  public let name: String
  /// The text pairs that the header holds under `__metadata__`.
  public let metadata: [String: String]
  /// The tensors' names in the order of their bytes in the file.
  public let names: [String]
  /// The tensors by name.
  public var tensors: [String: TensorData]

  /// Reads a file.
  ///
  /// - Throws: `FileFormatError`.
  public init(contentsOf path: String) throws {
    try self.init(ByteSource(contentsOf: path))
  }

  /// Reads a file that is in memory already; `name` stands for it in errors.
  ///
  /// - Throws: `FileFormatError`.
  public init(data: [UInt8], name: String) throws {
    try self.init(ByteSource(data, name: name))
  }

  private init(_ source: ByteSource) throws {
    let header = try SafetensorsHeader(source)
    name = source.name
    metadata = header.metadata
    names = header.entries.map(\.name)
    tensors = [:]
    for entry in header.entries {
      tensors[entry.name] = TensorData(
        shape: entry.shape, elementType: entry.elementType, bytes: try source.read(entry.range))
    }
  }
}

extension SafetensorsFile {
  /// The tensor of a name.
  ///
  /// - Throws: `FileFormatError` that shows names like it if there is none.
  public func tensor(_ tensorName: String) throws -> TensorData {
    guard let tensor = tensors[tensorName] else {
      let stem = tensorName.prefix { !"/._".contains($0) }
      let similar = names.filter { $0.hasPrefix(stem) }.prefix(5).map { quoted($0) }
      throw FileFormatError(
        kind: .malformed, file: name, found: "there is no tensor \(quoted(tensorName))",
        expected: similar.isEmpty
          ? "one of \(names.count) others" : "perhaps " + similar.joined(separator: ", "))
    }
    return tensor
  }

  /// Writes tensors to a file that appears whole or not at all.
  ///
  /// The bytes stand in the order given, with the header padded so that they begin at a multiple
  /// of eight.
  ///
  /// - Precondition: no name occurs twice and none is `__metadata__`.
  /// - Throws: `FileFormatError` if the file cannot be written.
  public static func write(
    _ tensors: [(String, TensorData)], metadata: [String: String] = [:], to path: String
  ) throws {
    let file = try AtomicFile(path: path)
    try file.write(header(of: tensors, metadata: metadata))
    for (_, tensor) in tensors { try file.write(tensor.bytes) }
    try file.commit()
  }

  private static func header(
    of tensors: [(String, TensorData)], metadata: [String: String]
  ) -> [UInt8] {
    precondition(
      Set(tensors.map(\.0)).union([SafetensorsHeader.metadataKey]).count == tensors.count + 1,
      "tensors for a safetensors file need distinct names: \(tensors.map(\.0))")
    var members: [(key: String, value: JSONValue)] = []
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key < $1.key }
      members.append(
        (SafetensorsHeader.metadataKey, .object(sorted.map { ($0.key, .string($0.value)) })))
    }
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.bytes.count
      let fields: [(key: String, value: JSONValue)] = [
        ("dtype", .string(tensor.elementType.safetensorsName)),
        ("shape", .array(tensor.shape.map { .integer($0) })),
        ("data_offsets", .array([.integer(offset), .integer(end)])),
      ]
      members.append((name, .object(fields)))
      offset = end
    }
    var text = Array(JSONValue.object(members).text.utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return length + text
  }
}
