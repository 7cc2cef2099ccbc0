import Neighbours
import TensorGraph
import TestSupport

/// An edge as the definition has it.
struct Edge: Hashable, Comparable {
  var receiver: Int
  var sender: Int
  var shift: SIMD3<Int>

  var reversed: Edge { Edge(receiver: sender, sender: receiver, shift: 0 &- shift) }

  private var key: [Int] { [receiver, sender, shift.x, shift.y, shift.z] }

  static func < (a: Edge, b: Edge) -> Bool { a.key.lexicographicallyPrecedes(b.key) }

  /// d = x_j − x_i + S · cell.
  func vector(in cloud: PointCloud) -> SIMD3<Double> {
    let shift = SIMD3<Double>(shift)
    let vectors = cloud.cell?.vectors ?? [.zero, .zero, .zero]
    return cloud.positions[sender] - cloud.positions[receiver]
      + shift.x * vectors[0] + shift.y * vectors[1] + shift.z * vectors[2]
  }
}

/// All edges by trying every pair with every shift that could matter, sorted.
func bruteForceEdges(of cloud: PointCloud, cutoff: Double) -> [Edge] {
  let dual = dualVectors(of: cloud.cell)
  var edges: [Edge] = []
  for i in cloud.positions.indices {
    for j in cloud.positions.indices {
      let difference = cloud.positions[j] - cloud.positions[i]
      // Along a dual vector, each shift moves by 1, and an edge may move by cutoff · |dual|.
      let ranges = dual.map { dual -> ClosedRange<Int> in
        guard let dual else { return 0...0 }
        let middle = -(dual * difference).sum()
        let reach = cutoff * (dual * dual).sum().squareRoot() * (1 + 1e-9) + 1e-9
        return Int((middle - reach).rounded(.down))...Int((middle + reach).rounded(.up))
      }
      for x in ranges[0] {
        for y in ranges[1] {
          for z in ranges[2] where i != j || x != 0 || y != 0 || z != 0 {
            let edge = Edge(receiver: i, sender: j, shift: SIMD3(x, y, z))
            let vector = edge.vector(in: cloud)
            if (vector * vector).sum() < cutoff * cutoff { edges.append(edge) }
          }
        }
      }
    }
  }
  return edges.sorted()
}

/// For each periodic axis the vector in the span of the periodic ones whose product with that
/// axis' cell vector is 1 and with the other periodic ones' is 0.
private func dualVectors(of cell: Cell?) -> [SIMD3<Double>?] {
  guard let cell else { return [nil, nil, nil] }
  return (0..<3).map { axis in
    guard cell.periodic[axis] else { return nil }
    let others = (0..<3).filter { $0 != axis && cell.periodic[$0] }.map { cell.vectors[$0] }
    // Gram and Schmidt: what is left of the axis' vector beside the others.
    var basis: [SIMD3<Double>] = []
    for vector in others { basis.append(remainder(of: vector, beside: basis)) }
    let height = remainder(of: cell.vectors[axis], beside: basis)
    return height / (height * height).sum()
  }
}

private func remainder(of vector: SIMD3<Double>, beside basis: [SIMD3<Double>]) -> SIMD3<Double> {
  basis.reduce(vector) { $0 - ($0 * $1).sum() / ($1 * $1).sum() * $1 }
}

/// The edges of a graph on the host.
extension RadiusGraph {
  func edges() throws -> [Edge] {
    let senders = try senders.integers()
    let shifts = try shifts.integers().map(Int.init)
    return try receivers.integers().enumerated().map { edge, receiver in
      Edge(
        receiver: Int(receiver), sender: Int(senders[edge]),
        shift: SIMD3(shifts[3 * edge], shifts[3 * edge + 1], shifts[3 * edge + 2]))
    }
  }
}
