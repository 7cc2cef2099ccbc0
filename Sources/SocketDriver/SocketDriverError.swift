/// What can go wrong between a driver and its server.
public enum SocketDriverError: Error, Sendable, Hashable {
  /// The text is no address.
  case badAddress(String)
  /// Nobody accepts the connection.
  case cannotConnect(SocketAddress, reason: String)
  /// The server closed the connection without `EXIT`, or it broke; `moment` says when.
  case serverWentAway(SocketAddress, moment: String, reason: String?)
  /// The server said something that the protocol does not have at this place.
  case unexpectedMessage(String, expected: String)
  /// The server speaks of another number of atoms than the structure has.
  case wrongAtomCount(server: Int, structure: Int)
  /// The server sent a number that is none, or a cell without volume.
  case badGeometry(String)
}

extension SocketDriverError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badAddress(let text):
      """
      '\(text)' is no address of a socket
        expected unix:NAME (the socket /tmp/ipi_NAME), a path, or HOST:PORT
      """
    case .cannotConnect(let address, let reason):
      """
      \(address): nobody accepts the connection (\(reason))
        start the server (i-PI, or ASE's SocketIOCalculator) first: it listens, this connects
      """
    case .serverWentAway(let address, let moment, let reason):
      "\(address): the server went away \(moment)" + (reason.map { " (\($0))" } ?? "")
    case .unexpectedMessage(let text, let expected):
      "the server sends \(text)\n  expected \(expected)"
    case .wrongAtomCount(let server, let structure):
      """
      the server has \(server) atoms, the structure \(structure)
        expected the same atoms in the same order: give the file that the server starts from
      """
    case .badGeometry(let text):
      "the server sends \(text)"
    }
  }
}
