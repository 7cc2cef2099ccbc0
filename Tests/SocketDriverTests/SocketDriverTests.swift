import Foundation
import Neighbours
import Potentials
import SocketDriver
import Synchronization
import TestSupport
import Testing

@Suite("The socket driver")
struct SocketDriverTests {
  private static let bohr = 0.5291772105638411
  private static let hartree = 27.211386024367243

  /// A potential that knows the volume and the positions only: E = Σ kₐ·x²/2 + c V.
  ///
  /// Under a strain of everything its derivative is Σ k xᵢ xⱼ + c V δᵢⱼ.
  private static func evaluate(
    _ structure: AtomicStructure
  ) -> (energy: Double, forces: [SIMD3<Double>], stress: [Double]?) {
    let volume = structure.cell?.volume ?? 0
    let constants = structure.atomicNumbers.map { 0.1 * Double($0) }
    var energy = 0.3 * volume
    var stress = [Double](repeating: 0, count: 6)
    for (k, x) in zip(constants, structure.positions) {
      energy += k * (x * x).sum() / 2
      for (voigt, (i, j)) in [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)].enumerated() {
        stress[voigt] += k * x[i] * x[j]
      }
    }
    for voigt in 0..<3 { stress[voigt] += 0.3 * volume }
    return (
      energy, zip(constants, structure.positions).map { -$0 * $1 },
      structure.cell == nil ? nil : stress.map { $0 / volume }
    )
  }

  private func structure(periodic: [Bool]? = [true, true, true]) throws -> AtomicStructure {
    // The cell in the file is not the one that the server sends.
    let cell = try periodic.map {
      try Cell(SIMD3(9, 0, 0), SIMD3(0, 9, 0), SIMD3(0, 0, 9), periodic: $0)
    }
    return AtomicStructure(
      atomicNumbers: [8, 1, 1], positions: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)], cell: cell)
  }

  private let cell = [SIMD3(12.0, 0.5, -0.25), SIMD3(3.0, 11, 0.75), SIMD3(-2.0, 1.5, 14)]
  private let positions = [0.1, 0.2, 0.3, 1.9, -0.4, 0.25, -0.35, 1.7, -0.8]

  @Test("a whole conversation, in one piece and byte by byte", arguments: [false, true])
  func conversation(isDripping: Bool) throws {
    let folder = try TemporaryFolder()
    let seen = Mutex<[AtomicStructure]>([])
    let states = Mutex<[String]>([])
    let answer = Mutex<InterfaceServer.Answer?>(nil)
    let (cell, positions) = (cell, positions)
    let server = try LoopbackServer(path: folder.file("s")) { peer in
      let server = InterfaceServer(peer, isDripping: isDripping)
      func status() throws {
        let state = try server.status()
        states.withLock { $0.append(state) }
      }
      try status()
      try server.initialise("a text")
      try status()
      for _ in 0..<2 {
        try server.sendPositions(cell: cell, positions)
        try status()
        let forces = try server.askForces()
        answer.withLock { $0 = forces }
        try status()
      }
      try server.send("EXIT")
    }
    var counts: [Int] = []
    let driver = SocketDriver(structure: try structure()) { structure in
      seen.withLock { $0.append(structure) }
      return Self.evaluate(structure)
    }
    let (count, ending) = try driver.run(
      at: .unix(path: folder.file("s")), observe: { counts.append($0) })
    try server.wait()
    #expect(count == 2 && counts == [1, 2] && ending == .exit)
    #expect(
      states.withLock { $0 }
        == ["NEEDINIT", "READY", "HAVEDATA", "READY", "HAVEDATA", "READY"])

    let structure = try #require(seen.withLock { $0 }.first)
    #expect(structure.atomicNumbers == [8, 1, 1])
    expectClose(
      structure.positions.flatMap { [$0.x, $0.y, $0.z] }, positions.map { $0 * Self.bohr },
      tolerance: 1e-15)
    for (ours, theirs) in zip(try #require(structure.cell?.vectors), cell) {
      expectClose(
        [ours.x, ours.y, ours.z], (0..<3).map { theirs[$0] * Self.bohr }, tolerance: 1e-15)
    }
    let expected = Self.evaluate(structure)
    let received = try #require(answer.withLock { $0 })
    expectClose(received.energy * Self.hartree, expected.energy, tolerance: 1e-15)
    expectClose(
      received.forces.map { $0 * Self.hartree / Self.bohr },
      expected.forces.flatMap { [$0.x, $0.y, $0.z] }, tolerance: 1e-15)
    #expect(!received.extras.isEmpty)
  }

  @Test("the virial is minus the derivative of the energy by strain, over TCP")
  func virial() throws {
    let (cell, positions) = (cell, positions)
    let step = 1e-4
    let results = Mutex<(virial: [Double], differences: [Double])>(([], []))
    let server = try LoopbackServer(path: nil) { peer in
      let server = InterfaceServer(peer)
      func evaluate(_ strain: [Double]) throws -> InterfaceServer.Answer {
        func strained(_ v: SIMD3<Double>) -> SIMD3<Double> {
          var result = v
          for i in 0..<3 { for j in 0..<3 { result[i] += strain[3 * i + j] * v[j] } }
          return result
        }
        let atoms = stride(from: 0, to: positions.count, by: 3).flatMap { first -> [Double] in
          let v = strained(SIMD3(positions[first], positions[first + 1], positions[first + 2]))
          return [v.x, v.y, v.z]
        }
        try server.sendPositions(cell: cell.map(strained), atoms)
        return try server.askForces()
      }
      let virial = try evaluate([Double](repeating: 0, count: 9)).virial
      let differences = try (0..<9).map { component in
        var strain = [Double](repeating: 0, count: 9)
        strain[component] = step
        let upper = try evaluate(strain).energy
        strain[component] = -step
        return (upper - (try evaluate(strain).energy)) / (2 * step)
      }
      results.withLock { $0 = (virial, differences) }
      try server.send("EXIT")
    }
    try SocketDriver(structure: try structure(), evaluate: Self.evaluate)
      .run(at: .internet(host: "127.0.0.1", port: server.port))
    try server.wait()
    let (virial, differences) = results.withLock { $0 }
    // Energies of some 100 Ha: rounding 1e-14/2e-4; the third derivative of the volume makes 1e-8.
    expectClose(virial, differences.map { -$0 }, tolerance: 1e-8)
  }

  @Test("without three periodic axes the virial is zero, and the cell is the structure's affair")
  func openStructure() throws {
    let (cell, positions) = (cell, positions)
    for periodic in [nil, [true, true, false]] {
      let seen = Mutex<Cell?>(nil)
      let virial = Mutex<[Double]>([])
      let server = try LoopbackServer(path: nil) { peer in
        let server = InterfaceServer(peer)
        try server.sendPositions(cell: cell, positions)
        let answer = try server.askForces()
        virial.withLock { $0 = answer.virial }
        try server.send("EXIT")
      }
      try SocketDriver(structure: try structure(periodic: periodic)) { structure in
        seen.withLock { $0 = structure.cell }
        return (0, Self.evaluate(structure).forces, nil)
      }.run(at: .internet(host: "localhost", port: server.port))
      try server.wait()
      #expect(virial.withLock { $0 } == [Double](repeating: 0, count: 9))
      #expect(seen.withLock { $0?.periodic } == periodic)
    }
  }

  /// Runs a driver against a server that says this, and returns what the driver throws.
  private func failure(
    _ body: @escaping @Sendable (InterfaceServer) throws -> Void
  ) throws -> SocketDriverError {
    let server = try LoopbackServer(path: nil) { try body(InterfaceServer($0)) }
    let error = try #require(throws: SocketDriverError.self) {
      try SocketDriver(structure: try structure(), evaluate: Self.evaluate)
        .run(at: .internet(host: "127.0.0.1", port: server.port))
    }
    try server.wait()
    return error
  }

  @Test("a server that closes when it has all it asked for has ended, as ASE's does")
  func closing() throws {
    let (cell, positions) = (cell, positions)
    let server = try LoopbackServer(path: nil) { peer in
      let server = InterfaceServer(peer)
      try server.sendPositions(cell: cell, positions)
      _ = try server.askForces()
    }
    let (count, ending) = try SocketDriver(structure: try structure(), evaluate: Self.evaluate)
      .run(at: .internet(host: "127.0.0.1", port: server.port))
    try server.wait()
    #expect(count == 1 && ending == .closed)
  }

  @Test("another number of atoms is refused with both numbers")
  func wrongNumberOfAtoms() throws {
    let (cell, positions) = (cell, positions)
    let error = try failure { try $0.sendPositions(cell: cell, Array(positions.prefix(6))) }
    #expect(error == .wrongAtomCount(server: 2, structure: 3))
    #expect(error.description.contains("2 atoms"))
  }

  @Test("a server that goes away is told with the moment")
  func serverGoesAway() throws {
    let (cell, positions) = (cell, positions)
    let cuts: [(body: @Sendable (InterfaceServer) throws -> Void, phrase: String)] = [
      ({ _ in }, "without EXIT"),
      ({ try $0.send(Array("STAT".utf8)) }, "without EXIT"),
      ({ try $0.send("INIT") }, "during INIT"),
      ({ try $0.sendPositions(cell: cell, positions) }, "without EXIT"),
      (
        {
          try $0.send("POSDATA")
          try $0.send([1.0, 2])
        }, "while it sent positions"
      ),
    ]
    for cut in cuts {
      let error = try failure(cut.body)
      #expect(error.description.contains(cut.phrase), "\(error)")
      #expect(error.description.contains("went away"))
    }
  }

  @Test("what is not of the protocol is refused")
  func nonsense() throws {
    let (cell, positions) = (cell, positions)
    var bad = positions
    bad[4] = .nan
    let unreal = bad
    let cases: [(body: @Sendable (InterfaceServer) throws -> Void, phrase: String)] = [
      ({ try $0.send("HELLO") }, "'HELLO'"),
      ({ try $0.send([UInt8](repeating: 0x1b, count: 12)) }, "'????????????'"),
      ({ try $0.send("GETFORCE") }, "POSDATA before"),
      (
        {
          try $0.send("INIT")
          try $0.send(Int32(0))
          try $0.send(Int32(-5))
        }, "-5 bytes"
      ),
      ({ try $0.sendPositions(cell: cell, unreal) }, "atom 1"),
      ({ try $0.sendPositions(cell: [cell[0], cell[0], cell[1]], positions) }, "cell"),
    ]
    for item in cases {
      let error = try failure(item.body)
      #expect(error.description.contains(item.phrase), "\(error)")
    }
  }

  @Test("nobody there is an error that says what to start")
  func nobodyListens() throws {
    let folder = try TemporaryFolder()
    for address in [
      SocketAddress.unix(path: folder.file("nowhere")),
      .unix(path: "/" + String(repeating: "long", count: 40)),
      .internet(host: "127.0.0.1", port: 1),
      .internet(host: "no-such-host.invalid", port: 31415),
    ] {
      let error = try #require(throws: SocketDriverError.self) {
        try SocketDriver(structure: try structure(), evaluate: Self.evaluate).run(at: address)
      }
      guard case .cannotConnect(address, _) = error else {
        Issue.record("\(error)")
        continue
      }
      #expect(error.description.contains("SocketIOCalculator"))
    }
  }

  @Test("while it waits for the server the driver can be stopped")
  func interruption() throws {
    struct Stop: Error {}
    let release = DispatchSemaphore(value: 0)
    let server = try LoopbackServer(path: nil) { _ in release.wait() }
    var asked = 0
    #expect(throws: Stop.self) {
      try SocketDriver(structure: try structure(), evaluate: Self.evaluate).run(
        at: .internet(host: "127.0.0.1", port: server.port),
        checkpoint: {
          asked += 1
          if asked == 3 { throw Stop() }
        })
    }
    release.signal()
    try server.wait()
  }

  @Test("addresses are read as i-PI and ASE write them")
  func addresses() throws {
    #expect(try SocketAddress("unix:water") == .unix(path: "/tmp/ipi_water"))
    #expect(try SocketAddress("unix:/run/a b") == .unix(path: "/run/a b"))
    #expect(try SocketAddress("./socket") == .unix(path: "./socket"))
    #expect(try SocketAddress("/tmp/x") == .unix(path: "/tmp/x"))
    #expect(try SocketAddress("localhost:31415") == .internet(host: "localhost", port: 31415))
    #expect(try SocketAddress("[::1]:80") == .internet(host: "::1", port: 80))
    #expect(try SocketAddress("[::1]:80").description == "[::1]:80")
    for text in [
      "", "water", "unix:", "host:", ":31415", "host:0", "host:70000", "host:x", "::1:80",
    ] {
      #expect(throws: SocketDriverError.badAddress(text)) { try SocketAddress(text) }
    }
  }
}
