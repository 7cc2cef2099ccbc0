import Neighbours
import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

@Suite("Radius graph")
struct RadiusGraphTests {
  @Test("edges are those of brute force, in order", arguments: CellKind.allCases)
  func edgesOfBruteForce(kind: CellKind) throws {
    var generator = SeededGenerator(seed: 11)
    for periodic in periodicities {
      for _ in 0..<20 {
        let cloud = try randomCloud(kind, periodic: periodic, &generator)
        let graph = try radiusGraph(
          of: cloud.positions, in: cloud.cell, cutoff: 3, precision: .float64)
        let expected = bruteForceEdges(of: cloud, cutoff: 3)
        guard try graph.edges() == expected else {
          let found = try graph.edges()
          Issue.record(
            """
            \(cloud): found \(found.count) edges, expected \(expected.count); missing \
            \(Set(expected).subtracting(found).prefix(5)), extra \
            \(Set(found).subtracting(expected).prefix(5))
            """)
          return
        }
        try expectConsistent(graph, expected, in: cloud)
      }
    }
  }

  /// What follows from the edges: vectors, lengths, offsets and the transposed order.
  private func expectConsistent(
    _ graph: RadiusGraph, _ edges: [Edge], in cloud: PointCloud
  ) throws {
    let vectors = edges.map { $0.vector(in: cloud) }
    // A vector is a sum of a few terms, each rounded relative to its own size.
    let size = cloud.positions.flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max() ?? 1
    let tolerance = 32 * Double.ulpOfOne * max(1, size)
    expectClose(
      try graph.vectors.doubles(), vectors.flatMap { [$0.x, $0.y, $0.z] }, tolerance: tolerance,
      relativeTo: 1)
    expectClose(
      try graph.lengths.doubles(), vectors.map { ($0 * $0).sum().squareRoot() },
      tolerance: 2 * tolerance, relativeTo: 1)
    let offsets = try graph.offsets.integers()
    #expect(offsets.count == graph.nodeCount + 1)
    for node in 0...graph.nodeCount {
      #expect(Int(offsets[node]) == edges.count { $0.receiver < node })
    }
    let order = try graph.senderOrder.integers().map(Int.init)
    #expect(order == edges.indices.sorted { (edges[$0].sender, $0) < (edges[$1].sender, $1) })
    #expect(Set(edges) == Set(edges.map(\.reversed)))
  }
}
