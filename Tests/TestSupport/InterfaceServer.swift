import Foundation

/// The server's side of the i-PI protocol, written from its description and independently of the
/// driver, in atomic units.
public struct InterfaceServer: Sendable {
  public struct Answer: Sendable {
    public let energy: Double
    public let forces: [Double]
    public let virial: [Double]
    public let extras: [UInt8]
  }

  private let peer: LoopbackServer.Peer
  /// Send every byte by itself.
  private let isDripping: Bool

  public init(_ peer: LoopbackServer.Peer, isDripping: Bool = false) {
    self.peer = peer
    self.isDripping = isDripping
  }

  public func send(_ bytes: [UInt8]) throws {
    guard isDripping else { return try peer.write(bytes) }
    for byte in bytes { try peer.write([byte]) }
  }

  public func send(_ word: String) throws {
    let padded = word.padding(toLength: 12, withPad: " ", startingAt: 0)
    try send(Array(padded.utf8))
  }

  public func send(_ integer: Int32) throws {
    var value = integer.littleEndian
    try send(withUnsafeBytes(of: &value) { Array($0) })
  }

  public func send(_ numbers: [Double]) throws {
    try send(
      numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
      })
  }

  public func receiveWord() throws -> String {
    let text = String(decoding: try peer.read(12), as: UTF8.self)
    return text.trimmingCharacters(in: .whitespaces)
  }

  public func receiveInteger() throws -> Int32 {
    try peer.read(4).reversed().reduce(0) { $0 << 8 | Int32($1) }
  }

  public func receiveDoubles(_ count: Int) throws -> [Double] {
    let bytes = try peer.read(8 * count)
    return (0..<count).map { index in
      let bits = bytes[8 * index..<8 * index + 8].reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      return Double(bitPattern: bits)
    }
  }

  /// Asks for the state.
  public func status() throws -> String {
    try send("STATUS")
    return try receiveWord()
  }

  public func initialise(_ text: String = "") throws {
    try send("INIT")
    try send(Int32(0))
    try send(Int32(text.utf8.count))
    try send(Array(text.utf8))
  }

  /// - Parameters:
  ///   - cell: the lattice vectors in bohr, whose matrix is sent by columns.
  ///   - positions: three numbers an atom, in bohr.
  public func sendPositions(cell: [SIMD3<Double>], _ positions: [Double]) throws {
    try send("POSDATA")
    try send((0..<3).flatMap { axis in cell.map { $0[axis] } })
    try send([Double](repeating: 0, count: 9))
    try send(Int32(positions.count / 3))
    try send(positions)
  }

  public func askForces() throws -> Answer {
    try send("GETFORCE")
    let word = try receiveWord()
    guard word == "FORCEREADY" else { throw LoopbackError("'\(word)' in place of FORCEREADY") }
    let energy = try receiveDoubles(1)[0]
    let count = try receiveInteger()
    let forces = try receiveDoubles(3 * Int(count))
    let virial = try receiveDoubles(9)
    let extras = try peer.read(Int(try receiveInteger()))
    return Answer(energy: energy, forces: forces, virial: virial, extras: extras)
  }
}
