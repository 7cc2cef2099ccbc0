import Neighbours
import Potentials

/// Supplies energies, forces and virials to a program that moves atoms: the client of the i-PI
/// protocol (Ceriotti, More, Manolopoulos, Comput. Phys. Commun. 185, 1019, 2014).
///
/// i-PI and ASE's `SocketIOCalculator` are servers: they listen, the driver connects.
///
///     let driver = SocketDriver(potential, structure: structure)
///     try driver.run(at: SocketAddress("unix:water"))
///
/// - The server sends positions and the cell, and nothing else: which atom is which element, and
///   which axes repeat, is what the structure says.
/// - Where the structure does not repeat along three axes there is no stress, and the virial is
///   zero.
public struct SocketDriver {
  /// What a potential has to say of a structure: eV, eV/Å, and eV/Å³ in Voigt's order.
  package typealias Result = (energy: Double, forces: [SIMD3<Double>], stress: [Double]?)

  private let structure: AtomicStructure
  private let evaluate: (AtomicStructure) throws -> Result

  /// - Parameter structure: the atoms, in the server's order.
  public init(_ potential: Potential, structure: AtomicStructure) {
    self.init(structure: structure) { structure in
      let result = try potential.evaluate(structure)
      return (result.energy, result.forces, result.stress)
    }
  }

  package init(
    structure: AtomicStructure, evaluate: @escaping (AtomicStructure) throws -> Result
  ) {
    self.structure = structure
    self.evaluate = evaluate
  }

  /// How a conversation ended well.
  public enum Ending: Sendable, Hashable {
    /// The server said `EXIT`.
    case exit
    /// The server closed the connection after it had fetched all it had asked for, as ASE does.
    case closed
  }

  /// Connects and serves until the server ends the conversation.
  ///
  /// - Parameters:
  ///   - checkpoint: is called several times a second while nothing happens, and before each
  ///     evaluation; what it throws ends the run.
  ///   - observe: is told the number of evaluations after each.
  /// - Returns: the number of evaluations, and how it ended.
  /// - Throws: `SocketDriverError`; what the potential throws.
  @discardableResult
  public func run(
    at address: SocketAddress, checkpoint: @escaping () throws -> Void = {},
    observe: (Int) throws -> Void = { _ in }
  ) throws -> (evaluations: Int, ending: Ending) {
    let connection = try SocketConnection(to: address, checkpoint: checkpoint)
    var session = DriverSession(structure: structure, connection: connection, address: address)
    var count = 0
    while true {
      switch try session.next() {
      case .end(let ending):
        return (count, ending)
      case .positions(let positions):
        try checkpoint()
        session.finish(try evaluate(positions))
        count += 1
        try observe(count)
      }
    }
  }
}
