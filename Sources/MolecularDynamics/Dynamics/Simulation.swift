import FileFormats
import Foundation
import Neighbours
import Potentials

/// A molecular dynamics run: a structure that moves under a force field.
///
///     let settings = DynamicsSettings(
///       .constantTemperature(300, .velocityRescaling(time: 100)), timestep: 1)
///     let start = try Simulation(
///       of: structure, with: potential, settings, velocities: .thermal(300))
///     for try await simulation in start.steps(10_000, every: 10) {
///       print(simulation.observation.time, simulation.observation.temperature)
///     }
///
/// A simulation is a value. A copy goes its own way from there on, and the same settings, seed and
/// state give the same bits.
public struct Simulation: Sendable {
  /// With the degrees of freedom filled in.
  public let settings: DynamicsSettings
  /// Where the run is. After an error it is still at the last step that was good.
  public private(set) var state: DynamicsState
  /// Atoms that do not move, counted from 0.
  public let fixedAtoms: Set<Int>
  /// u, an atom.
  public let masses: [Double]
  package let propagation: Propagation
  private let integrator: any Integrator

  /// A run that begins at step 0.
  ///
  /// - Parameters:
  ///   - masses: in u, an atom; by default those of the elements.
  ///   - fixedAtoms: atoms that are held where they are.
  /// - Throws: `DynamicsError` for settings or a structure with which there is no run; errors of the
  ///   force field.
  public init(
    of structure: AtomicStructure, with forceField: some ForceField, _ settings: DynamicsSettings,
    velocities: InitialVelocities = .atRest, masses: [Double]? = nil, fixedAtoms: Set<Int> = []
  ) throws {
    try self.init(
      of: structure, with: forceField, settings, velocities: velocities, masses: masses,
      fixedAtoms: fixedAtoms, noise: SeededNoise(seed: settings.seed))
  }

  /// As above, with random numbers from elsewhere, or with another way to move than the ensemble's.
  package init(
    of structure: AtomicStructure, with forceField: any ForceField, _ settings: DynamicsSettings,
    velocities: InitialVelocities = .atRest, masses: [Double]? = nil, fixedAtoms: Set<Int> = [],
    noise: any NoiseSource, integrator: (any Integrator)? = nil
  ) throws {
    var settings = settings
    try settings.check(for: structure, fixedAtoms: fixedAtoms)
    let masses = try Self.checked(masses, of: structure)
    let isOpen = structure.cell?.periodic.contains(true) != true
    let isFree = fixedAtoms.isEmpty && forceField.isTranslationInvariant
    var removesRotation = false
    if case .thermal = velocities {
      removesRotation = isFree && isOpen && settings.removesRotation
    }
    var propagation = Propagation(
      timestep: settings.timestep, degreesOfFreedom: 0,
      masses: Self.holding(fixedAtoms, masses),
      forceField: forceField, noise: noise)
    let degreesOfFreedom =
      settings.degreesOfFreedom
      ?? Self.degreesOfFreedom(
        settings.ensemble, movingAtoms: structure.count - fixedAtoms.count,
        conservesMomentum: isFree,
        rotations: removesRotation ? propagation.rotationCount(of: structure.positions) : 0)
    settings.degreesOfFreedom = degreesOfFreedom
    propagation.degreesOfFreedom = degreesOfFreedom

    let initial =
      switch velocities {
      case .atRest: [SIMD3<Double>](repeating: .zero, count: structure.count)
      case .given(let velocities): velocities
      case .thermal(let temperature):
        propagation.thermalVelocities(
          temperature, positions: structure.positions,
          removesMomentum: isFree && structure.count > 1, removesRotation: removesRotation)
      }
    guard initial.count == structure.count else {
      throw DynamicsError.structure(
        "there are \(initial.count) velocities for \(structure.count) atoms")
    }
    var state = DynamicsState(
      step: 0, structure: structure,
      velocities: initial.enumerated().map { fixedAtoms.contains($0) ? .zero : $1 },
      evaluation: ForceEvaluation(energy: 0, forces: []), neighbourReference: nil, heat: 0,
      particleChain: nil,
      barostat: nil, initialConservedEnergy: 0, initialTemperature: 0)
    try propagation.evaluateForces(&state)
    let integrator = integrator ?? settings.ensemble.integrator
    integrator.prepare(&state)
    self.init(settings, state, masses, fixedAtoms, propagation, integrator)
    try checkFinite(state)
    self.state.initialConservedEnergy = observation.conservedEnergy
    self.state.initialTemperature = observation.temperature
    try checkDistances(self.state)
  }

  /// A run that goes on from a state.
  ///
  /// - Parameter settings: those of the run that the state comes from, for the same run to go on.
  /// - Throws: as for a run that begins.
  public init(
    resuming state: DynamicsState, with forceField: some ForceField, _ settings: DynamicsSettings,
    masses: [Double]? = nil, fixedAtoms: Set<Int> = []
  ) throws {
    try self.init(
      resuming: state, with: forceField, settings, masses: masses, fixedAtoms: fixedAtoms,
      integrator: settings.ensemble.integrator)
  }

  /// As above, with another way to move than the ensemble's.
  package init(
    resuming state: DynamicsState, with forceField: some ForceField, _ settings: DynamicsSettings,
    masses: [Double]?, fixedAtoms: Set<Int>, integrator: any Integrator
  ) throws {
    try settings.check(for: state.structure, fixedAtoms: fixedAtoms)
    let masses = try Self.checked(masses, of: state.structure)
    let propagation = Propagation(
      timestep: settings.timestep, degreesOfFreedom: settings.degreesOfFreedom ?? 0,
      masses: Self.holding(fixedAtoms, masses),
      forceField: forceField, noise: SeededNoise(seed: settings.seed))
    self.init(settings, state, masses, fixedAtoms, propagation, integrator)
  }

  private init(
    _ settings: DynamicsSettings, _ state: DynamicsState, _ masses: [Double],
    _ fixedAtoms: Set<Int>, _ propagation: Propagation, _ integrator: any Integrator
  ) {
    self.settings = settings
    self.state = state
    self.masses = masses
    self.fixedAtoms = fixedAtoms
    self.propagation = propagation
    self.integrator = integrator
  }

  /// Makes a time step.
  ///
  /// - Throws: `DynamicsError`, with the step and the atom; the state is then that of the last good
  ///   step.
  public mutating func advance() throws {
    var next = state
    next.step += 1
    try integrator.advance(&next, with: propagation)
    let interval = settings.momentumRemovalInterval
    if interval > 0, next.step.isMultiple(of: interval), fixedAtoms.isEmpty {
      propagation.removeMomentum(&next.velocities)
    }
    try checkFinite(next)
    try checkTemperature(of: next)
    if next.step.isMultiple(of: settings.watch.interval) { try check(next) }
    state = next
  }

  /// Makes several time steps.
  ///
  /// - Parameter observe: called with the simulation after each of them.
  /// - Throws: as for one step, and what `observe` throws.
  public mutating func advance(
    by count: Int, observe: (borrowing Simulation) throws -> Void = { _ in }
  ) throws {
    for _ in 0..<count {
      try advance()
      try observe(self)
    }
  }

  /// Energies, temperature and pressure of the present step.
  public var observation: Observation { observation(of: state) }

  private func observation(of state: DynamicsState) -> Observation {
    let kinetic = propagation.kineticEnergy(of: state)
    return Observation(
      step: state.step, time: Double(state.step) * settings.timestep,
      potentialEnergy: state.evaluation.energy, hasPotentialEnergy: integrator.usesForces,
      kineticEnergy: kinetic,
      conservedEnergy: state.evaluation.energy + kinetic
        + integrator.extendedEnergy(of: state, with: propagation),
      temperature: propagation.temperature(kineticEnergy: kinetic),
      pressure: propagation.pressure(of: state, kineticEnergy: kinetic),
      volume: propagation.volume(of: state))
  }
}

// MARK: - Masses and degrees of freedom

extension Simulation {
  private static func checked(
    _ masses: [Double]?, of structure: AtomicStructure
  ) throws -> [Double] {
    let masses =
      try masses
      ?? structure.atomicNumbers.enumerated().map { atom, number in
        guard let mass = ChemicalElement.standardMass(ofAtomicNumber: number) else {
          throw DynamicsError.structure("atom \(atom) has the atomic number \(number), and no mass")
        }
        return mass
      }
    guard masses.count == structure.count else {
      throw DynamicsError.structure(
        "there are \(masses.count) masses for \(structure.count) atoms")
    }
    if let atom = masses.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw DynamicsError.structure("the mass of atom \(atom) is \(masses[atom]) u")
    }
    return masses
  }

  /// An atom that is held moves as one of infinite mass.
  private static func holding(_ fixedAtoms: Set<Int>, _ masses: [Double]) -> [Double] {
    masses.enumerated().map { fixedAtoms.contains($0) ? .infinity : $1 }
  }

  /// 3N, less what is conserved: the momentum, except under Langevin's friction, and rotations that
  /// were removed. A single free atom keeps its three.
  private static func degreesOfFreedom(
    _ ensemble: Ensemble, movingAtoms: Int, conservesMomentum: Bool, rotations: Int
  ) -> Int {
    if case .constantTemperature(_, .langevin) = ensemble { return 3 * movingAtoms }
    guard conservesMomentum, movingAtoms > 1 else { return 3 * movingAtoms }
    return max(1, 3 * movingAtoms - 3 - rotations)
  }
}

// MARK: - Watchfulness

extension Simulation {
  private func checkFinite(_ state: DynamicsState) throws {
    let quantities = [
      ("position", state.structure.positions), ("velocity", state.velocities),
      ("force", state.evaluation.forces),
    ]
    for (name, vectors) in quantities where !vectors.reduce(.zero, +).isFinite {
      let atom = vectors.firstIndex { !$0.isFinite }
      throw DynamicsError.notFinite(step: state.step, atom: atom, quantity: name)
    }
    guard state.evaluation.energy.isFinite else {
      throw DynamicsError.notFinite(step: state.step, atom: nil, quantity: "energy")
    }
  }

  private func checkTemperature(of state: DynamicsState) throws {
    let temperature = propagation.temperature(kineticEnergy: propagation.kineticEnergy(of: state))
    let reference = max(settings.ensemble.temperature ?? 0, state.initialTemperature)
    let highest = settings.watch.highestTemperature ?? max(5000, 10 * reference)
    if !(temperature <= highest) {
      throw DynamicsError.tooHot(
        step: state.step, temperature: temperature, limit: highest,
        fastestAtom: propagation.hottestAtom(of: state))
    }
  }

  private func check(_ state: DynamicsState) throws {
    let drift =
      (observation(of: state).conservedEnergy - state.initialConservedEnergy)
      / Double(state.structure.count)
    if let limit = settings.watch.drift, abs(drift) > limit {
      throw DynamicsError.drift(step: state.step, perAtom: drift, limit: limit)
    }
    try checkDistances(state)
  }

  private func checkDistances(_ state: DynamicsState) throws {
    guard let factor = settings.watch.closestApproach else { return }
    let numbers = state.structure.atomicNumbers
    let largest = Set(numbers).reduce(0) { max($0, CovalentRadius.of(atomicNumber: $1)) }
    guard largest > 0 else { return }
    let pairs = try propagation.forceField.pairs(in: state.structure, within: 2 * factor * largest)
    for pair in pairs {
      let limit =
        factor
        * (CovalentRadius.of(atomicNumber: numbers[pair.first])
          + CovalentRadius.of(atomicNumber: numbers[pair.second]))
      if pair.distance < limit {
        throw DynamicsError.tooClose(
          step: state.step, min(pair.first, pair.second), max(pair.first, pair.second),
          distance: pair.distance, limit: limit)
      }
    }
  }
}
