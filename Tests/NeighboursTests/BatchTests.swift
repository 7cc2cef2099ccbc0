import Neighbours
import TensorGraph
import TestSupport
import Testing

@Suite("Radius graph of a batch")
struct BatchTests {
  @Test("a batch has the edges of its structures, one after the other")
  func edgesOfStructures() throws {
    var generator = SeededGenerator(seed: 4)
    let search = try NeighbourSearch(cutoff: 3, precision: .float64)
    for size in [2, 3, 17] {
      let clouds = try (0..<size).map { _ in
        let kind = CellKind.allCases.randomElement(using: &generator) ?? .box
        let periodic = periodicities.randomElement(using: &generator) ?? [true, true, true]
        return try randomCloud(kind, periodic: periodic, &generator)
      }
      let batch = try search.radiusGraph(of: clouds)
      var edges: [Edge] = []
      var vectors: [Double] = []
      var order: [Int32] = []
      var offsets: [Int32] = [0]
      for cloud in clouds {
        let graph = try search.radiusGraph(of: cloud.positions, in: cloud.cell)
        let first = Int(offsets[offsets.count - 1])
        order += try graph.senderOrder.integers().map { $0 + Int32(edges.count) }
        edges += try graph.edges().map {
          Edge(receiver: $0.receiver + first, sender: $0.sender + first, shift: $0.shift)
        }
        vectors += try graph.vectors.doubles()
        offsets.append(Int32(first + cloud.positions.count))
      }
      #expect(try batch.edges() == edges)
      #expect(try batch.vectors.doubles() == vectors)
      #expect(try batch.senderOrder.integers() == order)
      #expect(try batch.structureOffsets.integers() == offsets)
      #expect(batch.structureCount == size)
      let structures = clouds.enumerated().flatMap { index, cloud in
        cloud.positions.map { _ in Int32(index) }
      }
      #expect(try batch.structures.integers() == structures)
    }
  }

  @Test("structures without atoms take part")
  func emptyStructures() throws {
    let pair = PointCloud([SIMD3(0, 0, 0), SIMD3(0, 0, 1)])
    let graph = try radiusGraph(of: [PointCloud([]), pair, PointCloud([]), pair], cutoff: 2)
    #expect(try graph.senders.integers() == [1, 0, 3, 2])
    #expect(try graph.structureOffsets.integers() == [0, 0, 2, 2, 4])
  }

  @Test("a batch of nothing is a graph of nothing")
  func nothing() throws {
    let graph = try radiusGraph(of: [PointCloud](), cutoff: 2)
    #expect(graph.nodeCount == 0 && graph.edgeCount == 0 && graph.structureCount == 0)
    #expect(try graph.offsets.integers() == [0])
    #expect(try graph.structureOffsets.integers() == [0])
    #expect(try graph.vectors.floats() == [])
  }

  @Test(
    "atoms without neighbours have a graph without edges",
    arguments: [[], [SIMD3(1, 2, 3)], [SIMD3(0, 0, 0), SIMD3(0, 0, 2)]] as [[SIMD3<Double>]])
  func noEdges(positions: [SIMD3<Double>]) throws {
    let box = try Cell(SIMD3(5, 0, 0), SIMD3(0, 5, 0), SIMD3(0, 0, 5))
    for cell in [nil, box] {
      let graph = try radiusGraph(of: positions, in: cell, cutoff: 2)
      #expect(graph.nodeCount == positions.count && graph.edgeCount == 0)
      #expect(
        try graph.offsets.integers() == [Int32](repeating: 0, count: positions.count + 1))
      #expect(try graph.senders.integers() == [])
      #expect(try graph.lengths.floats() == [])
    }
  }
}
