import Neighbours
import OpenCLRuntime
import TensorGraph

/// The neighbours of a structure out to a little more than the cutoff: they stay all the neighbours
/// there are while atoms have moved less than half of what is more.
package struct NeighbourList: Sendable {
  /// Where the atoms were when the list was made.
  package let reference: AtomicStructure
  let species: Tensor
  let graph: RadiusGraph
}

/// A potential that is evaluated on kept neighbour lists, for models so cheap that finding neighbours
/// at each step would cost as much as the model.
///
/// Edges longer than the cutoff are in the list and must count for nothing: the model's energies and
/// their derivatives have to be exactly zero there.
package final class ListedPotential: Sendable {
  package let potential: Potential
  /// Å beyond the cutoff.
  package let skin: Double
  private let step: CompiledFunction
  private let search: NeighbourSearch
  /// In which edges' vectors are computed from positions, whose digits single precision lacks.
  private let coordinateType: ElementType

  /// - Throws: errors of the device.
  /// - Precondition: the model vanishes beyond its cutoff, and the skin is not negative.
  package init(_ potential: Potential, skin: Double) throws {
    precondition(
      potential.model.vanishesBeyondCutoff, "neighbour list: the model does not end at its cutoff")
    precondition(skin >= 0, "neighbour list: a skin of \(skin) Å")
    self.potential = potential
    self.skin = skin
    let model = potential.model
    let supportsDouble =
      DeviceProfile(of: potential.context.device.description).supportsDouble
    coordinateType = supportsDouble ? .float64 : .float32
    search = try NeighbourSearch(
      cutoff: model.cutoff + skin, precision: model.elementType, on: potential.context)
    step = try CompiledFunction(
      of: Self.arguments(coordinateType), on: potential.context
    ) { arguments in
      let (positions, cell, shifts) = (arguments[1], arguments[2], arguments[3])
      let (receivers, senders) = (arguments[4], arguments[5])
      var vectors = positions.rows(at: senders) - positions.rows(at: receivers)
      for axis in 0..<3 {
        let shift = shifts.slice(axis..<(axis + 1), along: 1).converted(to: positions.elementType)
        vectors = vectors + shift * cell.slice(axis..<(axis + 1), along: 0)
      }
      return Potential.energiesForcesVirials(
        of: model,
        AtomGraph(
          species: arguments[0], vectors: vectors.converted(to: model.elementType),
          byReceiver: SegmentIndex(indices: receivers, offsets: arguments[7]),
          bySender: SegmentIndex(indices: senders, order: arguments[6], offsets: arguments[7])))
    }
  }

  private static func arguments(_ coordinateType: ElementType) -> [TensorDescription] {
    let atoms = Dimension.symbol("atoms")
    let edges = Dimension.symbol("edges")
    return [
      TensorDescription([atoms], .int32), TensorDescription([atoms, 3], coordinateType),
      TensorDescription([3, 3], coordinateType), TensorDescription([edges, 3], .int32),
      TensorDescription([edges], .int32), TensorDescription([edges], .int32),
      TensorDescription([edges], .int32), TensorDescription([atoms + 1], .int32),
    ]
  }

  /// A list of the neighbours of a structure, as it is now.
  ///
  /// - Throws: `PotentialError` for an element that the model does not know or no atoms; errors of
  ///   the neighbour search and of the device.
  package func neighbourList(of structure: AtomicStructure) throws -> NeighbourList {
    NeighbourList(
      reference: structure, species: try potential.species(of: [structure]),
      graph: try search.radiusGraph(of: structure.positions, in: structure.cell))
  }

  /// Energy, forces and stress. `edgeCount` is that of the list, which is longer than the cutoff asks.
  ///
  /// - Throws: as `Potential.evaluate`.
  /// - Precondition: the list was made for these atoms, which have hardly moved since.
  package func evaluate(
    _ structure: AtomicStructure, with list: NeighbourList
  ) throws -> PotentialResult {
    precondition(
      list.reference.atomicNumbers == structure.atomicNumbers, "a neighbour list of other atoms")
    let coordinates = structure.positions.flatMap { [$0.x, $0.y, $0.z] }
    let vectors = structure.cell?.vectors ?? [.zero, .zero, .zero]
    let graph = list.graph
    let outputs = try step([
      list.species, Tensor(coordinates, shape: Shape([structure.count, 3]), as: coordinateType),
      Tensor(vectors.flatMap { [$0.x, $0.y, $0.z] }, shape: [3, 3], as: coordinateType),
      graph.shifts, graph.receivers, graph.senders, graph.senderOrder, graph.offsets,
    ])
    return try potential.result(of: structure, outputs, edgeCount: graph.edgeCount)
  }
}
