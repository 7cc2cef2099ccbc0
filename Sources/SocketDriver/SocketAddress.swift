/// Where a server of the i-PI protocol listens.
public enum SocketAddress: Sendable, Hashable {
  /// A UNIX socket at a path.
  case unix(path: String)
  /// TCP; i-PI's own port is 31415.
  case internet(host: String, port: UInt16)

  /// Reads an address as users write it.
  ///
  /// - `unix:NAME` is the socket `/tmp/ipi_NAME`, as i-PI and ASE name theirs; a NAME with a slash
  ///   is a path.
  /// - A text that begins with `/` or `.` is the path of a UNIX socket.
  /// - `HOST:PORT` is TCP; an IPv6 address stands in brackets, `[::1]:31415`.
  ///
  /// - Throws: `SocketDriverError.badAddress`.
  public init(_ text: String) throws(SocketDriverError) {
    if text.hasPrefix("unix:") {
      let name = text.dropFirst("unix:".count)
      guard !name.isEmpty else { throw .badAddress(text) }
      self = .unix(path: name.contains("/") ? String(name) : "/tmp/ipi_\(name)")
    } else if text.hasPrefix("/") || text.hasPrefix(".") {
      self = .unix(path: text)
    } else {
      guard let colon = text.lastIndex(of: ":"),
        let port = UInt16(text[text.index(after: colon)...]), port > 0
      else { throw .badAddress(text) }
      var host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      guard !host.isEmpty, text.hasPrefix("[") || !host.contains(":") else {
        throw .badAddress(text)
      }
      self = .internet(host: String(host), port: port)
    }
  }
}

extension SocketAddress: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unix(let path): path
    case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
