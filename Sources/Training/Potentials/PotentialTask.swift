import Equivariance
import FileFormats
import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph

/// Learning a potential from energies, forces and stresses: each a mean of errors over what the
/// batch has of it. Forces are derivatives of the energy, so a step takes second derivatives.
package struct PotentialTask: TrainingTask {
  package let architecture: SevenNetArchitecture
  package let layout: ParameterLayout
  package let elementType: ElementType
  package let terms: [LossTerm]
  private let measure: ErrorMeasure

  /// - Parameters:
  ///   - energyWeight: of the error of the energy an atom, in eV.
  ///   - forceWeight: of the errors of force components, in eV/Å.
  ///   - stressWeight: of the errors of stress components, in eV/Å³.
  package init(
    _ architecture: SevenNetArchitecture, energyWeight: Double = 1, forceWeight: Double = 1,
    stressWeight: Double = 0, measure: ErrorMeasure = .square, elementType: ElementType
  ) {
    self.architecture = architecture
    self.elementType = elementType
    self.measure = measure
    layout = architecture.layout
    terms =
      [LossTerm("energy", weight: energyWeight), LossTerm("forces", weight: forceWeight)]
      + (stressWeight > 0 ? [LossTerm("stress", weight: stressWeight)] : [])
  }

  package var batchDescription: [TensorDescription] {
    let (atoms, edges) = (Dimension.symbol("atoms"), Dimension.symbol("edges"))
    let structures = Dimension.symbol("structures")
    return [
      TensorDescription([atoms], .int32), TensorDescription([edges, 3], elementType),
      TensorDescription([edges], .int32), TensorDescription([edges], .int32),
      TensorDescription([edges], .int32), TensorDescription([atoms + 1], .int32),
      TensorDescription([atoms], .int32), TensorDescription([structures + 1], .int32),
      TensorDescription([structures, Self.rowWidth], elementType),
      TensorDescription([atoms, 4], elementType),
    ]
  }

  /// A structure's row: atoms, energy, whether it is known, 1/volume, six stresses, whether they
  /// are known.
  private static let rowWidth: Dimension = 11

  package func batch(of samples: [LabelledStructure], on context: Context) throws -> [Tensor] {
    let search = try NeighbourSearch(
      cutoff: architecture.configuration.cutoff, precision: elementType, on: context)
    let graph = try search.radiusGraph(
      of: samples.map { PointCloud($0.structure.positions, in: $0.structure.cell) })
    var species: [Int32] = []
    var rows: [Double] = []
    var forces: [Double] = []
    for (place, sample) in samples.enumerated() {
      for (atom, number) in sample.structure.atomicNumbers.enumerated() {
        guard let index = architecture.configuration.speciesIndices[number] else {
          throw PotentialError.unknownElement(
            structure: place, atom: atom,
            symbol: ChemicalElement.symbol(ofAtomicNumber: number) ?? "number \(number)")
        }
        species.append(Int32(index))
      }
      let volume = sample.structure.cell.flatMap {
        $0.periodic.allSatisfy { $0 } ? $0.volume : nil
      }
      let stress = volume == nil ? nil : sample.stress
      rows += [
        Double(sample.structure.count), sample.energy ?? 0, sample.energy == nil ? 0 : 1,
        1 / (volume ?? 1),
      ]
      rows += (stress ?? [Double](repeating: 0, count: 6)) + [stress == nil ? 0 : 1]
      for atom in 0..<sample.structure.count {
        let force = sample.forces?[atom]
        forces += [force?.x ?? 0, force?.y ?? 0, force?.z ?? 0, force == nil ? 0 : 1]
      }
    }
    return [
      Tensor(species), graph.vectors, graph.receivers, graph.senders, graph.senderOrder,
      graph.offsets, graph.structures, graph.structureOffsets,
      Tensor(rows, shape: [Dimension(samples.count), Self.rowWidth], as: elementType),
      Tensor(forces, shape: [Dimension(species.count), 4], as: elementType),
    ]
  }

  package func errors(of parameters: Parameters, on batch: [Tensor]) -> [ErrorSum] {
    let graph = AtomGraph(
      species: batch[0], vectors: batch[1],
      byReceiver: SegmentIndex(indices: batch[2], offsets: batch[5]),
      bySender: SegmentIndex(indices: batch[3], order: batch[4], offsets: batch[5]))
    let byStructure = SegmentIndex(indices: batch[6], offsets: batch[7])
    func column(_ range: Range<Int>) -> Tensor { batch[8].slice(range, along: 1) }
    let model = architecture.model(parameters, elementType: elementType)
    let atomic = model.atomicEnergies(of: graph)
    let energies = atomic.expanded(at: 1).segmentSum(by: byStructure)
    let derivatives = EnergyDerivatives(of: atomic.sum(), on: graph)
    var errors = [
      measure.sum((energies - column(1..<2)) / column(0..<1), where: column(2..<3)),
      measure.sum(
        derivatives.forces - batch[9].slice(0..<3, along: 1),
        where: batch[9].slice(3..<4, along: 1)),
    ]
    if terms.count > 2 {
      let stress = derivatives.atomicVirials.segmentSum(by: byStructure) * column(3..<4)
      errors.append(measure.sum(stress - column(4..<10), where: column(10..<11)))
    }
    return errors
  }
}
