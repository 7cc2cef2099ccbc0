import FileFormats
import Neighbours
import OpenCLRuntime
import TensorGraph

/// An interatomic potential on a device: energies, forces and stress of structures.
///
/// The model is compiled once; structures of any size, one or many at a time, then only bind
/// buffers and enqueue kernels. The same structures give the same bits.
///
///     let potential = try Potential(contentsOf: "checkpoint_sevennet_0.pth")
///     let result = try potential.evaluate(structure)
///     print(result.energy, result.forces, result.stress ?? "no stress")
public final class Potential: Sendable {
  /// Atoms farther apart than this, in Å, do not see each other.
  public var cutoff: Double { model.cutoff }

  /// The elements the model knows, by atomic number.
  public var atomicNumbers: [Int] { model.atomicNumbers }

  /// Whether neighbours beyond the cutoff count for exactly nothing.
  package var vanishesBeyondCutoff: Bool { model.vanishesBeyondCutoff }

  /// The device that evaluations run on.
  public var device: Device { context.device }

  let model: any AtomicEnergyModel
  package let context: Context
  private let search: NeighbourSearch
  private let step: CompiledFunction

  /// Compiles a model for a context's device.
  ///
  /// - Throws: when the device lacks double precision but the model needs it, or is out of memory.
  package init(_ model: any AtomicEnergyModel, on context: Context? = nil) throws {
    let context = try context ?? Context.shared()
    self.model = model
    self.context = context
    search = try NeighbourSearch(cutoff: model.cutoff, precision: model.elementType, on: context)
    step = try CompiledFunction(of: Self.arguments(model.elementType), on: context) { arguments in
      Self.energiesForcesVirials(
        of: model,
        AtomGraph(
          species: arguments[0], vectors: arguments[1],
          byReceiver: SegmentIndex(indices: arguments[2], offsets: arguments[5]),
          bySender: SegmentIndex(
            indices: arguments[3], order: arguments[4], offsets: arguments[5])))
    }
  }

  /// Energy, forces and stress of one structure.
  ///
  /// - Throws: `PotentialError` for an element the model does not know, no atoms, or a result that
  ///   is not a number; errors of the neighbour search and of the device.
  public func evaluate(_ structure: AtomicStructure) throws -> PotentialResult {
    try evaluate([structure])[0]
  }

  /// Energy, forces and stress of several structures at once, which may differ in size.
  ///
  /// - Throws: as for one structure; the error says which structure it is about.
  public func evaluate(_ structures: [AtomicStructure]) throws -> [PotentialResult] {
    let (arguments, graph) = try self.arguments(for: structures)
    let outputs = try step(arguments)
    let energies = try outputs[0].doubles(on: context)
    let forces = try outputs[1].doubles(on: context)
    let virials = try outputs[2].doubles(on: context)
    let offsets = try graph.offsets.integers(on: context)
    var first = 0
    return try structures.enumerated().map { place, structure in
      let atoms = first..<(first + structure.count)
      defer { first = atoms.upperBound }
      return try Self.result(
        of: structure, place, energies: Array(energies[atoms]),
        forces: atoms.map { SIMD3(forces[3 * $0], forces[3 * $0 + 1], forces[3 * $0 + 2]) },
        virial: (0..<6).map { k in atoms.reduce(0) { $0 + virials[6 * $1 + k] } },
        edgeCount: Int(offsets[atoms.upperBound] - offsets[atoms.lowerBound]))
    }
  }

  /// What the outputs of the compiled step say of the only structure in it.
  func result(
    of structure: AtomicStructure, _ outputs: [Tensor], edgeCount: Int
  ) throws -> PotentialResult {
    let forces = try outputs[1].doubles(on: context)
    let virials = try outputs[2].doubles(on: context)
    let atoms = 0..<structure.count
    return try Self.result(
      of: structure, 0, energies: outputs[0].doubles(on: context),
      forces: atoms.map { SIMD3(forces[3 * $0], forces[3 * $0 + 1], forces[3 * $0 + 2]) },
      virial: (0..<6).map { k in atoms.reduce(0) { $0 + virials[6 * $1 + k] } },
      edgeCount: edgeCount)
  }

  /// The kernels of one evaluation of these structures, with bytes, operations and memory.
  ///
  /// - Throws: as `evaluate`.
  public func explain(_ structures: [AtomicStructure]) throws -> PlanReport {
    let (arguments, _) = try self.arguments(for: structures)
    return try step.explain(for: arguments.map { TensorDescription($0.shape, $0.elementType) })
  }

  /// As `explain`, with the median time of each kernel over several evaluations.
  ///
  /// - Throws: as `evaluate`.
  /// - Precondition: the potential was compiled on a context that profiles.
  public func measure(_ structures: [AtomicStructure], runs: Int) throws -> PlanReport {
    try step.measure(try arguments(for: structures).0, runs: runs)
  }

  // MARK: The compiled step

  private static func arguments(_ elementType: ElementType) -> [TensorDescription] {
    let atoms = Dimension.symbol("atoms")
    let edges = Dimension.symbol("edges")
    return [
      TensorDescription([atoms], .int32), TensorDescription([edges, 3], elementType),
      TensorDescription([edges], .int32), TensorDescription([edges], .int32),
      TensorDescription([edges], .int32), TensorDescription([atoms + 1], .int32),
    ]
  }

  /// Energies [atoms], forces [atoms, 3], and each atom's share of ∂E/∂strain [atoms, 6].
  static func energiesForcesVirials(
    of model: any AtomicEnergyModel, _ graph: AtomGraph
  ) -> [Tensor] {
    let energies = model.atomicEnergies(of: graph)
    let derivatives = EnergyDerivatives(of: energies.sum(), on: graph)
    return [energies, derivatives.forces, derivatives.atomicVirials]
  }

  /// [atoms] int32: the model's index of each atom's element.
  func species(of structures: [AtomicStructure]) throws -> Tensor {
    var species: [Int32] = []
    for (place, structure) in structures.enumerated() {
      guard structure.count > 0 else { throw PotentialError.noAtoms(structure: place) }
      for (atom, number) in structure.atomicNumbers.enumerated() {
        guard let index = model.speciesIndex(of: number) else {
          throw PotentialError.unknownElement(
            structure: place, atom: atom,
            symbol: ChemicalElement.symbol(ofAtomicNumber: number)
              ?? "number \(number)")
        }
        species.append(Int32(index))
      }
    }
    return Tensor(species)
  }

  private func arguments(for structures: [AtomicStructure]) throws -> ([Tensor], RadiusGraph) {
    let species = try species(of: structures)
    let graph = try search.radiusGraph(
      of: structures.map { PointCloud($0.positions, in: $0.cell) })
    return (
      [
        species, graph.vectors, graph.receivers, graph.senders, graph.senderOrder,
        graph.offsets,
      ], graph
    )
  }

  private static func result(
    of structure: AtomicStructure, _ place: Int, energies: [Double], forces: [SIMD3<Double>],
    virial: [Double], edgeCount: Int
  ) throws -> PotentialResult {
    if let atom = energies.firstIndex(where: { !$0.isFinite }) {
      throw PotentialError.notFinite(structure: place, atom: atom, quantity: "energy")
    }
    if let atom = forces.firstIndex(where: { !($0.x + $0.y + $0.z).isFinite }) {
      throw PotentialError.notFinite(structure: place, atom: atom, quantity: "force")
    }
    let volume = structure.cell.flatMap { $0.periodic.allSatisfy { $0 } ? $0.volume : nil }
    return PotentialResult(
      energy: energies.reduce(0, +), atomicEnergies: energies, forces: forces,
      stress: volume.map { volume in virial.map { $0 / volume } }, edgeCount: edgeCount)
  }
}
