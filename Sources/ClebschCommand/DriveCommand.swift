import ArgumentParser
import Clebsch
import Foundation

/// `clebsch drive`: forces for i-PI and for ASE, through a socket.
struct DriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drive",
    abstract: "Supplies forces to i-PI or to ASE's SocketIOCalculator, through a socket.",
    discussion: """
      Example:
        clebsch drive 7net-0 --structure Examples/structures/water.extxyz --socket unix:water

      The server (i-PI, ASE) listens and has to be there first; this program connects, computes \
      what it is asked for, and ends when the server says so. The server sends positions and the \
      cell only: elements, their order, and which axes repeat are taken from the structure.
      """)

  @Argument(help: "A checkpoint, or the name of a published model (see 'clebsch models').")
  var model: String

  @Option(
    help: ArgumentHelp(
      "An extended XYZ file whose first frame has the server's atoms in the server's order.",
      valueName: "file"))
  var structure: String

  @Option(
    help: ArgumentHelp(
      "Where the server listens: unix:NAME (the socket /tmp/ipi_NAME), a path, or HOST:PORT.",
      valueName: "address"), transform: { try SocketAddress($0) })
  var socket: SocketAddress

  @Option(
    help: ArgumentHelp(
      "Try for this long to connect, for servers that are still starting.", valueName: "seconds"))
  var wait = 0.0

  @OptionGroup var options: ModelOptions

  @Flag(help: "Nothing on standard error but errors.")
  var quiet = false

  func validate() throws {
    guard wait >= 0, wait.isFinite else {
      throw ValidationError("'--wait \(wait)': expected a number of seconds, at least 0.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    var reader = try ExtendedXYZReader(path: structure)
    guard let frame = try reader.next() else {
      throw Failure(.badInput, "\(structure): the file is empty\n  expected a frame of atoms")
    }
    let located = try LocatedFrame(frame, index: 0, file: structure)
    let loaded = try options.loadForceField(model)
    let (potential, context) = (loaded.potential, loaded.context)
    // Kernels are compiled, and an unknown element found, before the server waits for either.
    _ = try potential.evaluate([located])
    if !quiet {
      StandardError.write(
        "clebsch: \(frame.atomCount) atoms on \(context.device.description.label); connecting to "
          + "\(socket)\n")
    }
    let start = ContinuousClock.now
    let (count, ending) = try connect(
      SocketDriver(potential, structure: located.structure), interruption)
    if !quiet {
      let elapsed = start.duration(to: .now).seconds
      StandardError.write(
        "clebsch: the server \(ending == .exit ? "said EXIT" : "closed the connection") after "
          + "\(count) evaluations, "
          + "\(fixed(elapsed, decimals: 1)) s\n")
    }
  }

  /// Runs the driver, trying again while nobody listens yet.
  private func connect(
    _ driver: SocketDriver, _ interruption: Interruption
  ) throws -> (evaluations: Int, ending: SocketDriver.Ending) {
    let deadline = ContinuousClock.now + .seconds(wait)
    var progress = ProgressReport(isSilent: quiet)
    defer { progress.finish() }
    while true {
      do {
        return try driver.run(at: socket, checkpoint: interruption.check) { count in
          progress.update(share: nil) { elapsed in
            "\(count) evaluations, \(fixed(Double(count) / elapsed, decimals: 1)) a second"
          }
        }
      } catch SocketDriverError.cannotConnect(_, _) where ContinuousClock.now < deadline {
        try interruption.check()
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
  }
}
