import Clebsch
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("clebsch drive", .serialized)
struct DriveTests {
  private let model = Repository.smallModel
  private static let bohr = 0.5291772105638411
  private static let hartree = 27.211386024367243

  @Test("supplies what evaluate computes")
  func agreesWithEvaluate() throws {
    let structure = Repository.example("ice-xi")
    let frame = try #require(try ExtendedXYZReader.frames(contentsOf: structure).first)
    let cell = try #require(frame.cell)
    let folder = try TemporaryFolder()
    let answer = Mutex<InterfaceServer.Answer?>(nil)
    let server = try LoopbackServer(path: folder.file("s")) { peer in
      let server = InterfaceServer(peer)
      guard try server.status() == "NEEDINIT" else { throw LoopbackError("no NEEDINIT") }
      try server.initialise()
      try server.sendPositions(
        cell: cell.map { $0 / Self.bohr },
        frame.positions.flatMap { [$0.x, $0.y, $0.z] }.map { $0 / Self.bohr })
      let forces = try server.askForces()
      answer.withLock { $0 = forces }
      try server.send("EXIT")
    }
    let run = try CommandRun(
      [
        "drive", model, "--structure", structure, "--socket", folder.file("s"), "--precision",
        "double",
      ])
    #expect(run.status == 0, "\(run.errors)")
    try server.wait()
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("EXIT after 1 evaluations"))

    let output = folder.file("out.extxyz")
    _ = try CommandRun(["evaluate", model, structure, "-o", output, "--precision", "double"])
    let expected = try #require(try ExtendedXYZReader.frames(contentsOf: output).first)
    let received = try #require(answer.withLock { $0 })
    expectClose(
      received.energy * Self.hartree, try #require(expected.info["energy"]?.realValue),
      tolerance: 1e-12)
    // The file's forces have eight decimals.
    let forces = try #require(expected.properties["forces"]?.vectors)
    expectClose(
      received.forces.map { $0 * Self.hartree / Self.bohr },
      forces.flatMap { [$0.x, $0.y, $0.z] }, tolerance: 1e-8, relativeTo: 1)
    let stress = try #require(expected.info["stress"]?.matrixValue)
    let volume = try #require(PeriodicVolume(cell).value)
    expectClose(
      received.virial.map { $0 * Self.hartree },
      stress.flatMap { [$0.x, $0.y, $0.z] }.map { -volume * $0 }, tolerance: 1e-10)
  }

  @Test("a server that goes away, or was never there, is exit code 69")
  func goneServers() throws {
    let folder = try TemporaryFolder()
    let structure = Repository.example("water")
    let server = try LoopbackServer(path: folder.file("s")) { peer in
      _ = try InterfaceServer(peer).status()
    }
    expectFailure(
      try CommandRun(
        ["drive", model, "--structure", structure, "--socket", folder.file("s"), "--quiet"]),
      status: 69, "went away")
    try server.wait()
    expectFailure(
      try CommandRun(
        ["drive", model, "--structure", structure, "--socket", "127.0.0.1:1", "--quiet"]),
      status: 69, "127.0.0.1:1", "listens")
  }

  @Test("another number of atoms is exit code 65, a bad address 64")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let structure = Repository.example("water")
    let server = try LoopbackServer(path: folder.file("s")) { peer in
      // The driver hangs up when it has read the number of atoms, maybe before the last byte is sent.
      _ = try? InterfaceServer(peer).sendPositions(
        cell: [SIMD3(9, 0, 0), SIMD3(0, 9, 0), SIMD3(0, 0, 9)], [0, 0, 0])
    }
    expectFailure(
      try CommandRun(
        ["drive", model, "--structure", structure, "--socket", folder.file("s"), "--quiet"]),
      status: 65, "1 atoms", "the structure 3")
    try server.wait()
    let bad = try CommandRun(["drive", model, "--structure", structure, "--socket", "water"])
    #expect(bad.status == 64)
    #expect(bad.errors.contains("unix:NAME"), "\(bad.errors)")
  }

  @Test("Ctrl-C while the server is busy ends the driver by that signal")
  func interruption() throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandRun.program)
    process.arguments = [
      "drive", model, "--structure", Repository.example("water"), "--socket", folder.file("s"),
      "--quiet",
    ]
    let hasEnded = DispatchSemaphore(value: 0)
    let isConnected = DispatchSemaphore(value: 0)
    let server = try LoopbackServer(path: folder.file("s")) { peer in
      _ = try InterfaceServer(peer).status()
      isConnected.signal()
      hasEnded.wait()
    }
    try process.run()
    #expect(isConnected.wait(timeout: .now() + 60) == .success)
    process.interrupt()
    for _ in 0..<600 where process.isRunning { Thread.sleep(forTimeInterval: 0.1) }
    hasEnded.signal()
    process.waitUntilExit()
    try server.wait()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGINT)
  }
}

/// |a · (b × c)| of lattice vectors.
private struct PeriodicVolume {
  let value: Double?

  init(_ cell: [SIMD3<Double>]) {
    value = try? Cell(cell[0], cell[1], cell[2]).volume
  }
}
