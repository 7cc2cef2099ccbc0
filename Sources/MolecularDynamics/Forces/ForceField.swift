import Neighbours
import Potentials

/// What dynamics and relaxation need to know of a structure: its energy, forces and stress.
///
/// A ``Potential`` is one. Anything else that gives a smooth energy and its exact derivatives can be
/// one too: a sum of potentials, a bias, a model of one's own.
public protocol ForceField: Sendable {
  /// Energy, forces and stress.
  ///
  /// - Throws: whatever stops it; the run ends with that error and the step.
  func forces(on structure: AtomicStructure) throws -> ForceEvaluation

  /// As `forces(on:)`, for a force field that keeps neighbour lists between steps.
  ///
  /// - Parameter reference: the structure that the list was made for; nil where there is none yet. It
  ///   is replaced where the list has to be made anew. It belongs to the state of a run: with it, a
  ///   resumed run sums in the order in which the undisturbed one does.
  func forces(
    on structure: AtomicStructure, listedAt reference: inout AtomicStructure?
  ) throws -> ForceEvaluation

  /// Whether moving all atoms alike changes nothing, so that the total momentum is conserved.
  var isTranslationInvariant: Bool { get }

  /// Pairs of atoms, images included, that are closer than a distance in Å. A force field that does
  /// not find neighbours gives none, and its simulations do not watch distances.
  func pairs(in structure: AtomicStructure, within distance: Double) throws -> [AtomPair]
}

extension ForceField {
  public var isTranslationInvariant: Bool { true }

  public func forces(
    on structure: AtomicStructure, listedAt reference: inout AtomicStructure?
  ) throws -> ForceEvaluation { try forces(on: structure) }

  public func pairs(
    in structure: AtomicStructure, within distance: Double
  ) throws -> [AtomPair] { [] }
}

/// Two atoms, counted from 0, and how far they are apart in Å. They are the same atom where it is
/// its own image that is near.
public struct AtomPair: Sendable, Hashable {
  public var first: Int
  public var second: Int
  public var distance: Double

  public init(_ first: Int, _ second: Int, distance: Double) {
    self.first = first
    self.second = second
    self.distance = distance
  }
}

/// What a force field says of a structure.
public struct ForceEvaluation: Sendable, Hashable {
  /// eV.
  public var energy: Double
  /// The negative gradient of the energy, eV/Å, an atom.
  public var forces: [SIMD3<Double>]
  /// The derivative of the energy with respect to strain, by volume, in eV/Å³: xx, yy, zz, yz, xz,
  /// xy, positive under tension. Nil without three periodic directions.
  public var stress: [Double]?

  public init(energy: Double, forces: [SIMD3<Double>], stress: [Double]? = nil) {
    self.energy = energy
    self.forces = forces
    self.stress = stress
  }
}

extension Potential: ForceField {
  public func forces(on structure: AtomicStructure) throws -> ForceEvaluation {
    let result = try evaluate(structure)
    return ForceEvaluation(energy: result.energy, forces: result.forces, stress: result.stress)
  }

  public func pairs(
    in structure: AtomicStructure, within distance: Double
  ) throws -> [AtomPair] {
    let graph = try radiusGraph(
      of: structure.positions, in: structure.cell, cutoff: distance, on: context)
    let lengths = try graph.lengths.doubles(on: context)
    let receivers = try graph.receivers.integers(on: context)
    let senders = try graph.senders.integers(on: context)
    return lengths.indices.map {
      AtomPair(Int(receivers[$0]), Int(senders[$0]), distance: lengths[$0])
    }
  }
}
