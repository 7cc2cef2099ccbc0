import Foundation
import Synchronization

/// A server on this machine for the tests of clients: one connection, served on a thread.
///
/// `body` runs when a client has connected; what it throws is thrown by `wait`.
public final class LoopbackServer: Sendable {
  /// What the body reads from and writes to.
  public struct Peer: Sendable {
    let descriptor: Int32

    public func write(_ bytes: [UInt8]) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = Array(rest)
        let sent = send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
        guard sent > 0 else { throw LoopbackError("the client closed while it was written to") }
        rest = rest.dropFirst(sent)
      }
    }

    /// Exactly this many bytes.
    public func read(_ count: Int) throws -> [UInt8] {
      var bytes: [UInt8] = []
      while bytes.count < count {
        var piece = [UInt8](repeating: 0, count: count - bytes.count)
        let received = recv(descriptor, &piece, piece.count, 0)
        guard received > 0 else {
          throw LoopbackError("the client closed after \(bytes.count) bytes")
        }
        bytes += piece[..<received]
      }
      return bytes
    }
  }

  /// The UNIX socket's path, or nil for TCP.
  public let path: String?
  /// The port on 127.0.0.1, or 0 for a UNIX socket.
  public let port: UInt16
  private let listener: Int32
  private let outcome = Outcome()

  /// How the body ended, which its thread and `wait` share.
  private final class Outcome: Sendable {
    let failure = Mutex<(any Error)?>(nil)
    let finished = DispatchSemaphore(value: 0)
  }

  /// Listens at a path, which must not exist, or (nil) at a free port.
  public init(path: String?, _ body: @escaping @Sendable (Peer) throws -> Void) throws {
    self.path = path
    // Programs that tests start must not hold the sockets open.
    let stream = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let listener = socket(path == nil ? AF_INET : AF_UNIX, stream, 0)
    var bound: UInt16 = 0
    var result: Int32
    if let path {
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let size = MemoryLayout.size(ofValue: address.sun_path)
      guard path.utf8.count < size else { throw LoopbackError("\(path) is too long") }
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          let result = bind(listener, $0, length)
          getsockname(listener, $0, &length)
          return result
        }
      }
      bound = UInt16(bigEndian: address.sin_port)
    }
    port = bound
    self.listener = listener
    guard result == 0, listen(listener, 1) == 0 else {
      throw LoopbackError("cannot listen: \(String(cString: strerror(errno)))")
    }
    Thread { [outcome] in
      let descriptor = accept(listener, nil, nil)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      do {
        try body(Peer(descriptor: descriptor))
      } catch {
        outcome.failure.withLock { $0 = error }
      }
      close(descriptor)
      outcome.finished.signal()
    }.start()
  }

  deinit {
    close(listener)
    if let path { unlink(path) }
  }

  /// Waits for the body's end, at most a minute.
  public func wait() throws {
    guard outcome.finished.wait(timeout: .now() + 60) == .success else {
      throw LoopbackError("the server did not finish")
    }
    if let error = outcome.failure.withLock({ $0 }) { throw error }
  }
}

public struct LoopbackError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
