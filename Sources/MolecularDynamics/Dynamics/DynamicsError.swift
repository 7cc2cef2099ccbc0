import Neighbours
import Potentials

/// Why a simulation or a relaxation cannot begin or had to stop. Atoms are counted from 0.
public enum DynamicsError: Error, Sendable, CustomStringConvertible {
  /// A setting has a value that it cannot have.
  case setting(String, found: String, expected: String)
  /// The cell is to change, and the structure does not have three periodic directions.
  case cellMissing(purpose: String)
  /// Velocities of another number of atoms, an unknown mass, and the like.
  case structure(String)
  /// A thermostat that scales velocities meets atoms at rest.
  case atRest(step: Int)
  /// A position, velocity, force or energy is not a number.
  case notFinite(step: Int, atom: Int?, quantity: String)
  /// The temperature is above its limit.
  case tooHot(step: Int, temperature: Double, limit: Double, fastestAtom: Int)
  /// Two atoms are closer than they may be.
  case tooClose(step: Int, Int, Int, distance: Double, limit: Double)
  /// The conserved energy has departed from that of the start, eV an atom.
  case drift(step: Int, perAtom: Double, limit: Double)
  /// The force field failed.
  case evaluation(step: Int, any Error)

  public var description: String {
    switch self {
    case .setting(let name, let found, let expected):
      return "\(name) is \(found); expected \(expected)"
    case .cellMissing(let purpose):
      return
        "\(purpose) needs a cell with three periodic directions, and the structure has no such cell"
    case .structure(let problem):
      return problem
    case .atRest(let step):
      return "step \(step): all atoms are at rest, and this thermostat can only scale velocities.\n"
        + "Draw velocities at a temperature above 0 K first, or use Langevin's thermostat."
    case .notFinite(let step, let atom, let quantity):
      return "step \(step)\(atom.map { ", atom \($0)" } ?? ""): the \(quantity) is not a finite "
        + "number.\nTry a shorter time step, or relax the structure first."
    case .tooHot(let step, let temperature, let limit, let atom):
      return "step \(step): the temperature is \(Self.short(temperature)) K, above the limit of "
        + "\(Self.short(limit)) K; atom \(atom) is the fastest.\n"
        + "Try a shorter time step, or relax the structure first."
    case .tooClose(let step, let first, let second, let distance, let limit):
      return
        "step \(step): atoms \(first) and \(second) are \(Self.short(distance)) Å apart, below "
        + "the limit of \(Self.short(limit)) Å.\n"
        + "The model has hardly seen this; try a shorter time step, or relax the structure first."
    case .drift(let step, let perAtom, let limit):
      return "step \(step): the conserved energy has drifted by \(perAtom) eV an atom, more than "
        + "\(limit).\nTry a shorter time step or double precision."
    case .evaluation(let step, let error):
      return "step \(step): \(error)"
    }
  }

  /// Four digits are enough to see what is wrong.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    return "\((value * 1000).rounded() / 1000)"
  }
}
