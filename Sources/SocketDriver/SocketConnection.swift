import CSocketConnection
import Foundation

/// A connected socket: exact numbers of bytes in and out, however the network cuts them.
///
/// While it waits it asks from time to time whether to go on, so that a signal can end a wait for a
/// server that is busy for hours.
final class SocketConnection {
  private let address: SocketAddress
  private let descriptor: Int32
  private let checkpoint: () throws -> Void

  private static let pollMilliseconds: Int32 = 100

  /// - Parameter checkpoint: is called while waiting; what it throws ends the wait.
  init(to address: SocketAddress, checkpoint: @escaping () throws -> Void) throws {
    let connection =
      switch address {
      case .unix(let path): clebsch_connect_unix(path)
      case .internet(let host, let port): clebsch_connect_internet(host, String(port))
      }
    guard connection.descriptor >= 0 else {
      let reason =
        connection.resolver_error != 0
        ? String(cString: gai_strerror(connection.resolver_error)) : Self.text(connection.error)
      throw SocketDriverError.cannotConnect(address, reason: reason)
    }
    self.address = address
    self.checkpoint = checkpoint
    descriptor = connection.descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Reads exactly this many bytes.
  ///
  /// - Parameter moment: what the messages say of the time of a failure: "before the positions".
  /// - Returns: nil if the server has closed the connection before the first of them.
  func read(_ count: Int, _ moment: String) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      try wait(for: Int16(POLLIN))
      var piece = [UInt8](repeating: 0, count: min(count - bytes.count, 1 << 20))
      let received = recv(descriptor, &piece, piece.count, 0)
      if received > 0 {
        bytes += piece[..<received]
      } else if received == 0 {
        if bytes.isEmpty { return nil }
        throw SocketDriverError.serverWentAway(address, moment: moment, reason: nil)
      } else if errno != EINTR && errno != EAGAIN {
        throw SocketDriverError.serverWentAway(address, moment: moment, reason: Self.text(errno))
      }
    }
    return bytes
  }

  /// Reads exactly this many bytes; the server has to send them.
  func readAll(_ count: Int, _ moment: String) throws -> [UInt8] {
    guard let bytes = try read(count, moment) else {
      throw SocketDriverError.serverWentAway(address, moment: moment, reason: nil)
    }
    return bytes
  }

  func write(_ bytes: [UInt8], _ moment: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      try wait(for: Int16(POLLOUT))
      let piece = Array(rest.prefix(1 << 20))
      // Without the flag a server that is gone would end this process by SIGPIPE.
      let sent = send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
      if sent >= 0 {
        rest = rest.dropFirst(sent)
      } else if errno != EINTR && errno != EAGAIN {
        throw SocketDriverError.serverWentAway(address, moment: moment, reason: Self.text(errno))
      }
    }
  }

  private func wait(for events: Int16) throws {
    while true {
      try checkpoint()
      var request = pollfd(fd: descriptor, events: events, revents: 0)
      // An end or a failure of the connection is seen by the call that follows.
      if poll(&request, 1, Self.pollMilliseconds) > 0 { return }
    }
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
