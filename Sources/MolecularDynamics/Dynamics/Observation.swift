import Potentials

/// What is usually written down of a step. Energies in eV, temperature in K, pressure and volume
/// only where there are three periodic directions.
public struct Observation: Sendable, Hashable {
  public var step: Int
  /// fs since the start.
  public var time: Double
  public var potentialEnergy: Double
  /// Whether there is a potential energy: forecasters know none.
  public var hasPotentialEnergy = true
  public var kineticEnergy: Double
  /// The quantity that exact integration would not change: the total energy with what thermostat
  /// and barostat hold or have given.
  public var conservedEnergy: Double
  /// 2 K over the degrees of freedom and Boltzmann's constant.
  public var temperature: Double
  /// eV/Å³, the ideal-gas part included.
  public var pressure: Double?
  /// Å³.
  public var volume: Double?

  public var totalEnergy: Double { potentialEnergy + kineticEnergy }
}
