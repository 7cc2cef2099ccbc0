import Equivariance
import FileFormats
import Foundation
import Irreps
import Potentials
import TensorGraph
import TestSupport

/// A recorded structure with its edges, as tensors.
struct SevenNetFixture {
  let file: SafetensorsFile
  let graph: AtomGraph
  let centers: [Int]
  let neighbours: [Int]

  /// - Parameters:
  ///   - prefix: what the names of the structure's tensors start with.
  ///   - edgePrefix: what the names of the edges' tensors start with.
  init(
    _ name: String, prefix: String = "", edgePrefix: String, of model: SevenNet,
    elementType: ElementType = .float64
  ) throws {
    file = try fixture(name, in: .module)
    let positions = try file.doubles(prefix + "positions")
    let cell = try file.doubles(prefix + "cell")
    let shifts = try file.doubles(edgePrefix + "shift")
    let numbers = try file.tensor(prefix + "atomic_numbers").integers()
    centers = try file.tensor(edgePrefix + "center").integers()
    neighbours = try file.tensor(edgePrefix + "neighbour").integers()
    var vectors: [Double] = []
    for (edge, (i, j)) in zip(centers, neighbours).enumerated() {
      for axis in 0..<3 {
        let shift = (0..<3).reduce(0) { $0 + shifts[3 * edge + $1] * cell[3 * $1 + axis] }
        vectors.append(positions[3 * j + axis] - positions[3 * i + axis] + shift)
      }
    }
    graph = AtomGraph(
      species: Tensor(numbers.map { Int32(model.speciesIndex(of: $0) ?? -1) }),
      vectors: Tensor(vectors, shape: Shape([centers.count, 3]), as: elementType),
      byReceiver: Self.index(centers, count: numbers.count, isSorted: true),
      bySender: Self.index(neighbours, count: numbers.count, isSorted: false))
  }

  private static func index(_ targets: [Int], count: Int, isSorted: Bool) -> SegmentIndex {
    let order = targets.indices.sorted { (targets[$0], $0) < (targets[$1], $1) }
    let offsets = (0...count).map { bound in Int32(targets.count { $0 < bound }) }
    return SegmentIndex(
      indices: Tensor(targets.map(Int32.init)),
      order: isSorted ? nil : Tensor(order.map(Int32.init)), offsets: Tensor(offsets))
  }

  /// A recorded feature, brought to channels contiguous.
  func feature(_ name: String, _ irreps: Irreps) throws -> [Double] {
    let values = try file.doubles(name)
    let permutation = irreps.permutation(from: .componentsContiguous, to: .channelsContiguous)
    return stride(from: 0, to: values.count, by: irreps.dimension).flatMap { row in
      permutation.map { values[row + $0] }
    }
  }
}
