/// A mapping of a configuration file whose keys are all known.
///
///     let section = try ConfigurationSection(node, keys: ["cutoff", "channels"])
///     let cutoff = try section.value("cutoff") { try $0.number(above: 0) }
///     let channels = try section.value("channels", default: 32) { try $0.integer(1...4096) }
package struct ConfigurationSection {
  package let node: ConfigurationNode

  /// - Parameter keys: those that are understood.
  /// - Throws: `FileFormatError` for a value that is no mapping, a key that occurs twice, and an
  ///   unknown key, with the known one that it most resembles.
  package init(_ node: ConfigurationNode, keys: [String]) throws {
    guard case .mapping(let entries) = node.content else {
      throw node.mismatch(expected: "a section with " + Self.listed(keys))
    }
    var seen: Set<String> = []
    for (key, value) in entries {
      guard keys.contains(key) else {
        let hint =
          FileFormats.nearest(to: key, among: keys).map { "'\($0)'" } ?? "one of "
          + Self.listed(keys)
        throw value.problem("unknown key '\(value.path)'", expected: hint)
      }
      guard seen.insert(key).inserted else {
        throw value.problem("the key '\(value.path)' for the second time", expected: "it once")
      }
    }
    self.node = node
  }

  private static func listed(_ keys: [String]) -> String {
    keys.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// The entry under a key, unless it is missing or null.
  package subscript(key: String) -> ConfigurationNode? {
    node[key].flatMap { $0.isNull ? nil : $0 }
  }

  /// The entry under a key, read by `read`; `fallback` where it is missing.
  ///
  /// - Throws: `FileFormatError` where there is neither.
  package func value<Value>(
    _ key: String, default fallback: Value? = nil,
    _ read: (ConfigurationNode) throws -> Value
  ) throws -> Value {
    if let entry = self[key] { return try read(entry) }
    guard let fallback else { throw missing(key) }
    return fallback
  }

  package func missing(_ key: String) -> FileFormatError {
    let path = node.path.isEmpty ? key : "\(node.path).\(key)"
    return node.problem("the key '\(path)' is missing", expected: "it to be given")
  }
}
