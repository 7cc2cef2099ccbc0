import Neighbours
import OpenCLRuntime

/// What labelled structures are like: elements, energies an atom, the size of forces.
struct LabelStatistics {
  /// Atomic numbers.
  let species: [Int]
  /// eV: for each species the energy of an atom in a least-squares fit of all energies by the
  /// numbers of atoms.
  let atomicEnergies: [Double]
  /// eV/Å: the root mean square of force components; 1 where no forces are known.
  let forceScale: Double

  /// Looks at every structure once.
  init(of samples: some SampleSource<LabelledStructure>, species named: [Int]?) throws {
    var compositions: [([Int: Int], Double)] = []
    var numbers: Set<Int> = []
    var (squares, count) = (0.0, 0)
    for index in 0..<samples.count {
      let sample = try samples.sample(at: index)
      var composition: [Int: Int] = [:]
      for number in sample.structure.atomicNumbers { composition[number, default: 0] += 1 }
      numbers.formUnion(composition.keys)
      if let energy = sample.energy { compositions.append((composition, energy)) }
      for force in sample.forces ?? [] {
        squares += (force * force).sum()
        count += 3
      }
    }
    let species = named ?? numbers.sorted()
    if let unknown = numbers.subtracting(species).min() {
      throw TrainingError.data(
        "the training data hold the element with atomic number \(unknown)",
        expected: "only elements that 'model.species' names")
    }
    self.species = species
    atomicEnergies = Self.fit(compositions, species)
    forceScale = count > 0 && squares > 0 ? (squares / Double(count)).squareRoot() : 1
  }

  /// Least squares with a slight pull to the mean energy an atom, which decides where compositions
  /// do not: in a set of one composition all species get the same energy.
  private static func fit(_ data: [([Int: Int], Double)], _ species: [Int]) -> [Double] {
    guard !data.isEmpty else { return [Double](repeating: 0, count: species.count) }
    let atoms = data.reduce(0) { $0 + $1.0.values.reduce(0, +) }
    let mean = data.reduce(0) { $0 + $1.1 } / Double(atoms)
    let n = species.count
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: n + 1), count: n)
    for (composition, energy) in data {
      let row = species.map { Double(composition[$0] ?? 0) }
      let rest = energy - mean * row.reduce(0, +)
      for i in 0..<n {
        for j in 0..<n { matrix[i][j] += row[i] * row[j] }
        matrix[i][n] += row[i] * rest
      }
    }
    let pull = 1e-6 * max(1, (0..<n).map { matrix[$0][$0] }.max() ?? 1)
    for i in 0..<n { matrix[i][i] += pull }
    return solved(matrix).map { $0 + mean }
  }

  /// Gaussian elimination with pivoting of a matrix with its right side as last column.
  private static func solved(_ matrix: [[Double]]) -> [Double] {
    var a = matrix
    let n = a.count
    for column in 0..<n {
      let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      a.swapAt(column, pivot)
      for row in 0..<n where row != column {
        let factor = a[row][column] / a[column][column]
        for k in column...n { a[row][k] -= factor * a[column][k] }
      }
    }
    return (0..<n).map { a[$0][n] / a[$0][$0] }
  }

  /// The mean number of neighbours of an atom, over at most a hundred of the structures.
  func averageNeighbourCount(
    of samples: some SampleSource<LabelledStructure>, within cutoff: Double, on context: Context
  ) throws -> Double {
    let search = try NeighbourSearch(cutoff: cutoff, on: context)
    var (edges, atoms) = (0, 0)
    for index in stride(from: 0, to: samples.count, by: max(1, samples.count / 100)) {
      let structure = try samples.sample(at: index).structure
      edges += try search.radiusGraph(of: structure.positions, in: structure.cell).edgeCount
      atoms += structure.count
    }
    return max(Double(edges) / Double(max(atoms, 1)), 1)
  }
}
