import Neighbours
import Potentials

/// One conversation with a server: the states of the protocol and its messages.
struct DriverSession {
  /// What the driver answers to `STATUS`.
  private enum State: String {
    /// It was not told its replica yet.
    case needsInitialisation = "NEEDINIT"
    /// It waits for positions.
    case ready = "READY"
    /// It has computed.
    case hasData = "HAVEDATA"
  }

  /// What the server wants.
  enum Request {
    case positions(AtomicStructure)
    case end(SocketDriver.Ending)
  }

  private let structure: AtomicStructure
  private let connection: SocketConnection
  private let address: SocketAddress
  private var state = State.needsInitialisation
  private var result: SocketDriver.Result?
  /// Of the latest cell, in Å³.
  private var volume: Double?
  private var hasSentForces = false

  /// Longer texts with `INIT` are not the protocol's.
  private static let greatestTextLength = 1 << 20

  init(structure: AtomicStructure, connection: SocketConnection, address: SocketAddress) {
    self.structure = structure
    self.connection = connection
    self.address = address
  }

  /// Answers the server until it sends positions or ends.
  mutating func next() throws -> Request {
    while true {
      let moment = "without EXIT"
      guard let header = try connection.read(WireFormat.headerLength, moment) else {
        if hasSentForces, state != .hasData { return .end(.closed) }
        throw SocketDriverError.serverWentAway(address, moment: moment, reason: nil)
      }
      switch WireFormat.word(header) {
      case "STATUS":
        try connection.write(WireFormat.header(state.rawValue), "while it was told the state")
      case "INIT":
        try readInitialisation()
      case "POSDATA":
        return .positions(try readPositions())
      case "GETFORCE":
        try sendForces()
      case "EXIT":
        return .end(.exit)
      case let word:
        throw SocketDriverError.unexpectedMessage(
          "'\(word)'", expected: "STATUS, INIT, POSDATA, GETFORCE or EXIT")
      }
    }
  }

  mutating func finish(_ result: SocketDriver.Result) {
    self.result = result
    state = .hasData
  }

  /// The replica's number and a text, of which no driver of this kind has any use.
  private mutating func readInitialisation() throws {
    let moment = "during INIT"
    _ = try connection.readAll(4, moment)
    let length = WireFormat.integer(try connection.readAll(4, moment))
    guard (0...Self.greatestTextLength).contains(length) else {
      throw SocketDriverError.unexpectedMessage(
        "INIT with a text of \(length) bytes", expected: "at most \(Self.greatestTextLength)")
    }
    if length > 0 { _ = try connection.readAll(length, moment) }
    state = .ready
  }

  /// The cell as a matrix whose columns are the lattice vectors, its inverse, the atoms.
  private mutating func readPositions() throws -> AtomicStructure {
    let moment = "while it sent positions"
    let matrix = WireFormat.doubles(try connection.readAll(72, moment))
    _ = try connection.readAll(72, moment)
    let count = WireFormat.integer(try connection.readAll(4, moment))
    guard count == structure.count else {
      throw SocketDriverError.wrongAtomCount(server: count, structure: structure.count)
    }
    let coordinates = WireFormat.doubles(try connection.readAll(24 * count, moment))
    if let bad = coordinates.firstIndex(where: { !$0.isFinite }) {
      throw SocketDriverError.badGeometry(
        "a position of atom \(bad / 3) that is not a finite number")
    }
    var moved = structure
    moved.positions = (0..<count).map { atom in
      SIMD3(coordinates[3 * atom], coordinates[3 * atom + 1], coordinates[3 * atom + 2])
        * AtomicUnits.bohr
    }
    if let cell = structure.cell, cell.periodic.contains(true) {
      let vectors = (0..<3).map {
        SIMD3(matrix[$0], matrix[3 + $0], matrix[6 + $0]) * AtomicUnits.bohr
      }
      do {
        moved.cell = try Cell(vectors[0], vectors[1], vectors[2], periodic: cell.periodic)
      } catch {
        throw SocketDriverError.badGeometry("a cell that is none: \(error)")
      }
    }
    volume = moved.cell?.volume
    return moved
  }

  private mutating func sendForces() throws {
    guard let result, state == .hasData else {
      throw SocketDriverError.unexpectedMessage("GETFORCE", expected: "POSDATA before it")
    }
    let forces = result.forces.flatMap { [$0.x, $0.y, $0.z] }
      .map { $0 * AtomicUnits.bohr / AtomicUnits.hartree }
    var message = WireFormat.header("FORCEREADY")
    message += WireFormat.bytes([result.energy / AtomicUnits.hartree])
    message += WireFormat.bytes(result.forces.count)
    message += WireFormat.bytes(forces)
    message += WireFormat.bytes(virial(result.stress))
    message += WireFormat.bytes(Self.extras.count) + Self.extras
    try connection.write(message, "while it was sent forces")
    self.result = nil
    hasSentForces = true
    state = .ready
  }

  /// Some servers cannot read nothing; an empty object is what i-PI reads as no extras.
  private static let extras = Array("{}".utf8)

  /// −V σ in Hartree, of nine symmetric numbers.
  private func virial(_ stress: [Double]?) -> [Double] {
    guard let stress, let volume else {
      return [Double](repeating: 0, count: 9)
    }
    return [0, 5, 4, 5, 1, 3, 4, 3, 2].map { -volume * stress[$0] / AtomicUnits.hartree }
  }

}
