import Neighbours
import Potentials

/// A structure on its way to a minimum of its energy, or of its enthalpy where the cell changes.
///
///     var relaxation = try Relaxation(of: structure, with: potential, .init(cell: .full))
///     try relaxation.run { print($0.iteration, $0.energy, $0.largestForce) }
///     if relaxation.isConverged { print(relaxation.structure) }
///
/// A relaxation is a value, as a ``Simulation`` is.
public struct Relaxation: Sendable {
  public let settings: RelaxationSettings
  /// Atoms that do not move, counted from 0.
  public let fixedAtoms: Set<Int>
  /// The structure so far.
  public private(set) var structure: AtomicStructure
  /// Energy, forces and stress of it.
  public private(set) var evaluation: ForceEvaluation
  /// Steps so far.
  public private(set) var iteration = 0

  private let forceField: any ForceField
  private let filter: CellFilter?
  private var optimizer: any Optimizer
  private var coordinates: [SIMD3<Double>]

  /// - Throws: `DynamicsError` for settings or a structure with which nothing can be relaxed; errors
  ///   of the force field.
  public init(
    of structure: AtomicStructure, with forceField: some ForceField,
    _ settings: RelaxationSettings = RelaxationSettings(), fixedAtoms: Set<Int> = []
  ) throws {
    try Self.check(settings, structure, fixedAtoms)
    self.settings = settings
    self.fixedAtoms = fixedAtoms
    self.structure = structure
    self.forceField = forceField
    optimizer = settings.optimizer.method
    filter = settings.cell.flatMap { freedom in
      structure.cell.map {
        CellFilter(initialCell: $0, freedom: freedom, pressure: settings.pressure)
      }
    }
    coordinates = filter?.coordinates(of: structure) ?? structure.positions
    evaluation = try Self.evaluate(structure, with: forceField, iteration: 0)
  }

  /// The energy, eV.
  public var energy: Double { evaluation.energy }

  /// What is minimised, eV: E + P₀V where the cell changes, else the energy.
  public var enthalpy: Double {
    energy + (filter == nil ? 0 : settings.pressure * (structure.cell?.volume ?? 0))
  }

  /// The largest force on an atom that may move, eV/Å.
  public var largestForce: Double {
    evaluation.forces.enumerated().reduce(0) { largest, force in
      fixedAtoms.contains(force.offset) ? largest : max(largest, force.element.length)
    }
  }

  /// The largest component of stress and outer pressure that the cell would yield to, eV/Å³; nil
  /// where the cell is kept.
  public var largestExcessStress: Double? {
    filter.map { $0.excessStress(evaluation).largestMagnitude }
  }

  /// Whether forces, and stress where the cell changes, are below their limits.
  public var isConverged: Bool {
    largestForce < settings.forceLimit
      && (largestExcessStress.map { $0 < settings.stressLimit } ?? true)
  }

  /// Makes a step, whether or not it is needed.
  ///
  /// - Throws: `DynamicsError`; the structure is then still the last good one.
  public mutating func advance() throws {
    var forces = filter?.forces(on: structure, evaluation) ?? evaluation.forces
    for atom in fixedAtoms { forces[atom] = .zero }
    let displacement = optimizer.displacement(at: coordinates, forces: forces)
    var moved = zip(coordinates, displacement).map { $0 + $1 }
    let next: AtomicStructure
    if let filter {
      do {
        next = try filter.structure(moved, like: structure)
      } catch {
        throw DynamicsError.evaluation(step: iteration + 1, error)
      }
    } else {
      for atom in fixedAtoms { moved[atom] = structure.positions[atom] }
      var structure = structure
      structure.positions = moved
      next = structure
    }
    evaluation = try Self.evaluate(next, with: forceField, iteration: iteration + 1)
    structure = next
    coordinates = moved
    iteration += 1
  }

  /// Makes steps until the relaxation has converged or the limit of iterations is reached.
  ///
  /// - Parameter observe: called at the start and after each step.
  /// - Throws: as for one step, and what `observe` throws.
  public mutating func run(observe: (Relaxation) throws -> Void = { _ in }) throws {
    try observe(self)
    while !isConverged, iteration < settings.iterationLimit {
      try advance()
      try observe(self)
    }
  }

  private static func evaluate(
    _ structure: AtomicStructure, with forceField: any ForceField, iteration: Int
  ) throws -> ForceEvaluation {
    do {
      return try forceField.forces(on: structure)
    } catch PotentialError.notFinite(_, let atom, let quantity) {
      throw DynamicsError.notFinite(step: iteration, atom: atom, quantity: quantity)
    } catch {
      throw DynamicsError.evaluation(step: iteration, error)
    }
  }

  private static func check(
    _ settings: RelaxationSettings, _ structure: AtomicStructure, _ fixedAtoms: Set<Int>
  ) throws {
    guard structure.count > 0 else {
      throw DynamicsError.structure("there are 0 atoms; expected at least one")
    }
    guard settings.forceLimit > 0, settings.stressLimit > 0 else {
      throw DynamicsError.setting(
        "the limit of forces or stress",
        found: "\(min(settings.forceLimit, settings.stressLimit))", expected: "a number above 0")
    }
    guard fixedAtoms.allSatisfy((0..<structure.count).contains) else {
      throw DynamicsError.setting(
        "the list of fixed atoms", found: "not among the \(structure.count) atoms",
        expected: "atoms counted from 0")
    }
    guard settings.cell == nil || structure.cell?.periodic.allSatisfy(\.self) == true else {
      throw DynamicsError.cellMissing(purpose: "relaxing the cell")
    }
  }
}
