import Neighbours
import OpenCLRuntime
import Training

/// What a training set is like: elements, sizes of what is to be forecast, speeds.
struct MotionStatistics {
  /// Atomic numbers, ascending.
  let species: [Int]
  /// Root mean squares over all components.
  let scales: ForecastScales
  /// Å/fs.
  let largestSpeed: Double

  /// Looks at every sample once.
  ///
  /// - Throws: `TrainingError.data` where nothing moves or something is no number.
  init(of samples: some SampleSource<MotionSample>) throws {
    var numbers: Set<Int> = []
    var (displacements, velocities, largest) = (0.0, 0.0, 0.0)
    var count = 0
    for index in 0..<samples.count {
      let sample = try samples.sample(at: index)
      numbers.formUnion(sample.structure.atomicNumbers)
      for atom in sample.velocities.indices {
        displacements += squaredLength(sample.displacements[atom])
        velocities += squaredLength(sample.updatedVelocities[atom])
        largest = max(largest, squaredLength(sample.velocities[atom]))
      }
      count += 3 * sample.structure.count
      guard (displacements + velocities + largest).isFinite else {
        throw TrainingError.sample(
          samples.name(at: index), found: "a velocity or displacement that is not finite",
          expected: "numbers")
      }
    }
    guard displacements > 0, velocities > 0 else {
      throw TrainingError.data(
        "nothing moves in the training data", expected: "displacements and velocities")
    }
    species = numbers.sorted()
    scales = ForecastScales(
      displacement: (displacements / Double(count)).squareRoot(),
      velocity: (velocities / Double(count)).squareRoot())
    largestSpeed = largest.squareRoot()
  }

  /// The mean number of neighbours of an atom, over at most a hundred of the samples.
  func averageNeighbourCount(
    of samples: some SampleSource<MotionSample>, within cutoff: Double, on context: Context
  ) throws -> Double {
    let search = try NeighbourSearch(cutoff: cutoff, on: context)
    var (edges, atoms) = (0, 0)
    for index in stride(from: 0, to: samples.count, by: max(1, samples.count / 100)) {
      let structure = try samples.sample(at: index).structure
      edges += try search.radiusGraph(of: structure.positions, in: structure.cell).edgeCount
      atoms += structure.count
    }
    return max(Double(edges) / Double(atoms), 1)
  }
}

private func squaredLength(_ vector: SIMD3<Double>) -> Double { (vector * vector).sum() }
