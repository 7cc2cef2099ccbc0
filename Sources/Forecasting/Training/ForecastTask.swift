import Equivariance
import FileFormats
import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph
import Training

/// Learning to forecast: displacements and velocities after one forecast step, in units of the
/// model's scales.
package struct ForecastTask: TrainingTask {
  package let model: ForecastModel
  package let elementType: ElementType
  package let terms: [LossTerm]
  private let measure: ErrorMeasure
  private let masses: [Int: Double]

  /// - Parameter masses: u, by atomic number, where they are not the standard ones.
  package init(
    _ model: ForecastModel, displacementWeight: Double = 1, velocityWeight: Double = 1,
    measure: ErrorMeasure = .square, masses: [Int: Double] = [:], elementType: ElementType
  ) {
    self.model = model
    self.elementType = elementType
    self.measure = measure
    self.masses = masses
    terms = [
      LossTerm("displacement", weight: displacementWeight),
      LossTerm("velocity", weight: velocityWeight),
    ]
  }

  package var layout: ParameterLayout { model.layout }

  package var batchDescription: [TensorDescription] {
    MotionGraph.description(elementType, speciesCount: model.species.count)
      + [TensorDescription([.symbol("atoms"), 6], elementType)]
  }

  package func batch(of samples: [MotionSample], on context: Context) throws -> [Tensor] {
    let search = try NeighbourSearch(cutoff: model.cutoff, precision: elementType, on: context)
    let edges = try search.radiusGraph(
      of: samples.map { PointCloud($0.structure.positions, in: $0.structure.cell) })
    let numbers = samples.flatMap(\.structure.atomicNumbers)
    var species: [Int] = []
    for (atom, number) in numbers.enumerated() {
      guard let index = model.speciesIndex(of: number) else {
        throw ForecastingError.unknownElement(atom: atom, number, known: model.species)
      }
      species.append(index)
    }
    let targets = samples.flatMap { sample in
      zip(sample.displacements, sample.updatedVelocities).flatMap { displacement, velocity in
        let (d, v) = (displacement / model.scales.displacement, velocity / model.scales.velocity)
        return [d.x, d.y, d.z, v.x, v.y, v.z]
      }
    }
    return MotionGraph.arguments(
      positions: samples.flatMap(\.structure.positions), velocities: samples.flatMap(\.velocities),
      masses: numbers.map { masses[$0] ?? ChemicalElement.standardMass(ofAtomicNumber: $0) ?? 0 },
      species: species,
      speciesCount: model.species.count, edges: edges, elementType)
      + [Tensor(targets, shape: [Dimension(numbers.count), 6], as: elementType)]
  }

  package func errors(of parameters: Parameters, on batch: [Tensor]) -> [ErrorSum] {
    let graph = MotionGraph(Array(batch.dropLast()))
    let difference = model(graph, parameters: parameters) - batch[batch.count - 1]
    return [0..<3, 3..<6].map { measure.sum(difference.slice($0, along: 1)) }
  }
}

extension ForecastingError {
  static func unknownElement(atom: Int, _ number: Int, known: [Int]) -> ForecastingError {
    func symbol(_ number: Int) -> String {
      ChemicalElement.symbol(ofAtomicNumber: number) ?? "number \(number)"
    }
    return .unknownElement(atom: atom, symbol: symbol(number), known: known.map(symbol))
  }
}
