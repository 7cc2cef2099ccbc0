import FileFormats
import Foundation
import Yams

extension ConfigurationNode {
  /// Reads a configuration file, JSON if its name ends so, else YAML.
  ///
  /// - Throws: `FileFormatError` with the line.
  package init(contentsOf path: String) throws {
    let bytes = try ConfigurationNode.bytes(of: path)
    if path.hasSuffix(".json") {
      do {
        self.init(try JSONParser.parse(bytes), file: path)
      } catch let error as JSONError {
        throw FileFormatError(
          kind: .malformed, file: path, location: .byte(error.byte), found: error.found,
          expected: error.expected)
      }
    } else {
      try self.init(yaml: String(decoding: bytes, as: UTF8.self), file: path)
    }
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileFormatError(
        kind: .notFound, file: path, found: "there is no such file",
        expected: "a configuration in YAML")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileFormatError(
        kind: .unreadable, file: path, found: "the file cannot be read", expected: "a text file")
    }
    return Array(data)
  }

  /// The value of a YAML text; `file` stands for it in errors.
  package init(yaml text: String, file: String) throws {
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw FileFormatError(
          kind: .malformed, file: file, found: "the file is empty", expected: "a configuration")
      }
      self.init(node, file: file, path: "")
    } catch let error as YamlError {
      throw FileFormatError(yaml: error, file: file)
    }
  }

  private init(_ node: Yams.Node, file: String, path: String) {
    func child(_ node: Yams.Node, _ step: String) -> ConfigurationNode {
      ConfigurationNode(node, file: file, path: path + step)
    }
    let content: Content =
      switch node {
      case .scalar(let scalar):
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
          ? .null : .scalar(scalar.string, isQuoted: scalar.style != .plain)
      case .sequence(let sequence):
        .sequence(sequence.enumerated().map { child($1, "[\($0)]") })
      case .mapping(let mapping):
        .mapping(
          mapping.map { key, value in
            let name = key.scalar?.string ?? "?"
            var node = child(value, path.isEmpty ? name : ".\(name)")
            node.line = key.mark?.line ?? node.line
            return (name, node)
          })
      case .alias: .null
      }
    self.init(content, file: file, line: node.mark?.line, path: path)
  }
}

extension FileFormatError {
  fileprivate init(yaml error: YamlError, file: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(
        kind: .malformed, file: file, location: .line(mark.line), found: problem,
        expected: "YAML, such as 'key: value'")
    default:
      self.init(
        kind: .malformed, file: file,
        found: String(describing: error).replacingOccurrences(of: "\n", with: " "),
        expected: "YAML, such as 'key: value'")
    }
  }
}
