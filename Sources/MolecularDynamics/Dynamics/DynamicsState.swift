import Neighbours
import Potentials

/// All that a simulation is at a step. What follows depends on this, the settings and the force
/// field alone, so that a checkpoint of it can be continued bit for bit.
public struct DynamicsState: Sendable, Hashable {
  /// Steps since the start.
  public var step: Int
  /// Positions are never folded into the cell, so that distances travelled can be measured.
  public var structure: AtomicStructure
  /// Å/fs, an atom.
  public var velocities: [SIMD3<Double>]
  /// Energy, forces and stress of `structure`.
  public var evaluation: ForceEvaluation
  /// The structure that the neighbour list was made for, where the force field keeps one.
  public var neighbourReference: AtomicStructure?
  /// The energy in eV that thermostats and barostats without variables of their own have given so
  /// far: total energy less this is conserved.
  public var heat: Double
  /// The chain that keeps the particles' temperature, where there is one.
  public var particleChain: ThermostatChain?
  /// The variables of the barostat of Martyna, Tobias and Klein, where it is used.
  public var barostat: BarostatVariables?
  /// The conserved energy at the start, eV, from which drift is measured.
  public var initialConservedEnergy: Double
  /// The temperature at the start, K.
  public var initialTemperature: Double
}

/// The variables of a Nosé–Hoover chain.
public struct ThermostatChain: Sendable, Hashable {
  /// Dimensionless, a link.
  public var positions: [Double]
  /// eV fs, a link.
  public var momenta: [Double]

  /// A chain at rest.
  public init(length: Int) {
    positions = [Double](repeating: 0, count: length)
    momenta = positions
  }
}

/// The variables of the isotropic barostat of Martyna, Tobias and Klein.
public struct BarostatVariables: Sendable, Hashable {
  /// A third of the logarithm of the volume over that at the start.
  public var strain: Double
  /// Its momentum, eV fs.
  public var momentum: Double
  /// The chain that keeps the barostat's temperature.
  public var chain: ThermostatChain
  /// The cell vectors at the start, Å.
  public var initialCell: [SIMD3<Double>]
}
