import Neighbours
import OpenCLRuntime
import TensorGraph

/// A check of the neighbour search: a skewed cell, narrower than the cutoff along one axis, beside a
/// structure without one, against every pair in every image.
enum NeighbourChecks {
  static let all = [
    KernelCheck(.neighbours, "radius graphs of a crystal and a cluster") { context, type in
      let cutoff = 4.0
      let clouds = try crystalAndCluster()
      let search = try NeighbourSearch(cutoff: cutoff, precision: type, on: context)
      return KernelCheck.Prepared(sources: NeighbourSearch.kernelText) {
        let graph = try search.radiusGraph(of: clouds)
        return try compare(graph, with: edges(of: clouds, within: cutoff), type, context)
      }
    }
  ]

  private struct Edge {
    let receiver: Int
    let sender: Int
    let shift: SIMD3<Int>
    let vector: SIMD3<Double>
  }

  private static func crystalAndCluster() throws -> [PointCloud] {
    var numbers = CheckNumbers(seed: 51)
    func points(_ count: Int, scaledBy scale: SIMD3<Double>) -> [SIMD3<Double>] {
      let values = numbers.next(3 * count)
      return (0..<count).map {
        SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) * scale
      }
    }
    let cell = try Cell(SIMD3(3.1, 0, 0), SIMD3(0.7, 6.2, 0), SIMD3(-1.1, 0.4, 9.3))
    return [
      PointCloud(points(17, scaledBy: SIMD3(1.5, 3, 5)), in: cell),
      PointCloud(points(23, scaledBy: SIMD3(3, 3, 3)), in: nil),
    ]
  }

  /// Sorted by receiver, then sender, then shift, structure after structure.
  private static func edges(of clouds: [PointCloud], within cutoff: Double) -> [Edge] {
    var first = 0
    return clouds.flatMap { cloud -> [Edge] in
      defer { first += cloud.positions.count }
      // Generous: atoms lie within two cells of their own.
      let reach = cloud.cell == nil ? 0...0 : -8...8
      let vectors = cloud.cell?.vectors ?? [.zero, .zero, .zero]
      var edges: [Edge] = []
      for (i, centre) in cloud.positions.enumerated() {
        for (j, neighbour) in cloud.positions.enumerated() {
          for x in reach {
            for y in reach {
              for z in reach where i != j || x != 0 || y != 0 || z != 0 {
                let shift = Double(x) * vectors[0] + Double(y) * vectors[1] + Double(z) * vectors[2]
                let vector = neighbour - centre + shift
                guard (vector * vector).sum() < cutoff * cutoff else { continue }
                edges.append(
                  Edge(
                    receiver: first + i, sender: first + j, shift: SIMD3(x, y, z), vector: vector))
              }
            }
          }
        }
      }
      return edges
    }
  }

  private static func compare(
    _ graph: RadiusGraph, with edges: [Edge], _ type: ElementType, _ context: Context
  ) throws -> Comparison {
    var comparison = Comparison()
    comparison.expect(
      graph.edgeCount == edges.count, "\(graph.edgeCount) edges, expected \(edges.count)")
    guard comparison.agrees else { return comparison }
    func expect(_ tensor: Tensor, _ expected: [Int], _ quantity: String) throws {
      let found = try tensor.integers(on: context).map(Int.init)
      let place = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset
      comparison.expect(
        place == nil,
        "\(quantity)[\(place ?? 0)] is \(found[place ?? 0]), expected \(expected[place ?? 0])")
    }
    try expect(graph.receivers, edges.map(\.receiver), "receivers")
    try expect(graph.senders, edges.map(\.sender), "senders")
    try expect(graph.shifts, edges.flatMap { [$0.shift.x, $0.shift.y, $0.shift.z] }, "shifts")
    let order = edges.indices.sorted { (edges[$0].sender, $0) < (edges[$1].sender, $1) }
    try expect(graph.senderOrder, order, "order by sender")
    // Positions are tens of ångström from the origin at most, and differences of them are formed.
    comparison.compare(
      try graph.vectors.doubles(on: context),
      with: edges.flatMap { edge in
        (0..<3).map { HostSum(edge.vector[$0], magnitude: 10) }
      }, roundings: 4, unitRoundoff: type.unitRoundoff, "vectors")
    comparison.compare(
      try graph.lengths.doubles(on: context),
      with: edges.map { HostSum(($0.vector * $0.vector).sum().squareRoot(), magnitude: 10) },
      roundings: 4, unitRoundoff: type.unitRoundoff, "lengths")
    return comparison
  }
}
