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
    let search = try NeighbourSearch(cutoff: 3, precision: .float64)
    for periodic in periodicities {
      for _ in 0..<20 {
        let cloud = try randomCloud(kind, periodic: periodic, &generator)
        let graph = try search.radiusGraph(of: cloud.positions, in: cloud.cell)
        let expected = bruteForceEdges(of: cloud, cutoff: 3)
        guard try graph.edges() == expected else {
          return try recordDifference(graph.edges(), expected, of: cloud)
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

  private func recordDifference(_ found: [Edge], _ expected: [Edge], of cloud: PointCloud) {
    Issue.record(
      """
      \(cloud): found \(found.count) edges, expected \(expected.count); missing \
      \(Set(expected).subtracting(found).prefix(5)), extra \
      \(Set(found).subtracting(expected).prefix(5))
      """)
  }

  @Test("a structure without a cell has the edges of brute force")
  func noCell() throws {
    var generator = SeededGenerator(seed: 3)
    for count in [2, 7, 60] {
      let cloud = PointCloud(
        (0..<count).map { _ in
          SIMD3(generator.uniform(-9...2), generator.uniform(0...8), generator.uniform(70...74))
        })
      let graph = try radiusGraph(of: cloud.positions, cutoff: 2.5)
      #expect(try graph.edges() == bruteForceEdges(of: cloud, cutoff: 2.5))
      #expect(try graph.shifts.integers().allSatisfy { $0 == 0 })
    }
  }

  /// A crystal whose shells lie at exact distances, in any precision: squares of whole numbers.
  @Test("an atom exactly at the cutoff is no neighbour", arguments: [1.0, 2.0, 3.0, 7.0])
  func shellAtTheCutoff(cutoff: Double) throws {
    let cell = try Cell(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
    let graph = try radiusGraph(of: [SIMD3(0.25, 0.5, 0.125)], in: cell, cutoff: cutoff)
    let reach = -7...7
    let expected = reach.reduce(into: 0) { total, x in
      for y in reach {
        for z in reach where Double(x * x + y * y + z * z) < cutoff * cutoff { total += 1 }
      }
    }
    #expect(graph.edgeCount == expected - 1)
  }

  /// Longer than a work-item sorts in its private memory, with the cell's own basis and without.
  @Test("atoms with very many neighbours", arguments: [0.0, 3.0])
  func longRows(lean: Double) throws {
    let cloud = PointCloud(
      [SIMD3(0.1, 0.2, 0.3), SIMD3(0.6, 0.5, 0.9)],
      in: try Cell(SIMD3(1.1, 0, 0), SIMD3(lean, 1, 0), SIMD3(0, 0.2, 1.3)))
    let graph = try radiusGraph(of: cloud.positions, in: cloud.cell, cutoff: 6)
    #expect(graph.edgeCount > 2 * 1000)
    #expect(try graph.edges() == bruteForceEdges(of: cloud, cutoff: 6))
  }

  /// The narrow passage between single and double precision: thousands of pairs within rounding of
  /// the cutoff in single precision, on both sides of it in double.
  @Test("pairs at the cutoff are decided on in double precision")
  func pairsNearTheCutoff() throws {
    try #require(Context.shared().device.description.supportsDouble)
    var generator = SeededGenerator(seed: 5)
    // A centre, and atoms around it at distances within 10⁻⁷ of the cutoff.
    let positions =
      [SIMD3<Double>(100, -50, 25)]
      + (0..<400).map { _ in
        let direction = SIMD3(generator.normal(), generator.normal(), generator.normal())
        let length = (direction * direction).sum().squareRoot()
        return SIMD3<Double>(100, -50, 25)
          + direction / length * (4 + generator.uniform(-1e-7...1e-7))
      }
    let cloud = PointCloud(positions)
    let graph = try radiusGraph(of: positions, cutoff: 4)
    let expected = bruteForceEdges(of: cloud, cutoff: 4)
    #expect(try graph.edges() == expected)
    let ofCentre = expected.count { $0.receiver == 0 }
    #expect((100...300).contains(ofCentre))
  }

  @Test("the same input gives the same bits")
  func determinism() throws {
    var generator = SeededGenerator(seed: 8)
    let cell = try Cell(SIMD3(20, 0, 0), SIMD3(3, 18, 0), SIMD3(-2, 4, 22))
    let positions = (0..<700).map { _ in
      SIMD3(generator.uniform(0...20), generator.uniform(0...20), generator.uniform(0...20))
    }
    func values() throws -> [[Float]] {
      let graph = try radiusGraph(of: positions, in: cell, cutoff: 4)
      return [
        try graph.vectors.floats(), try graph.lengths.floats(),
        try [graph.senders, graph.receivers, graph.shifts, graph.senderOrder, graph.offsets]
          .flatMap { try $0.integers().map { Float(bitPattern: UInt32(bitPattern: $0)) } },
      ]
    }
    let first = try values().map { $0.map(\.bitPattern) }
    for _ in 0..<10 {
      #expect(try values().map { $0.map(\.bitPattern) } == first)
    }
  }

  @Test("every edge and its reverse are equally long, bit by bit")
  func edgesAndTheirReverses() throws {
    var generator = SeededGenerator(seed: 21)
    let cloud = try randomCloud(.triclinic, periodic: [true, true, true], &generator)
    let graph = try radiusGraph(
      of: cloud.positions, in: cloud.cell, cutoff: 5, precision: .float64)
    let lengths = Dictionary(
      uniqueKeysWithValues: zip(try graph.edges(), try graph.lengths.doubles()))
    #expect(graph.edgeCount > 100)
    for (edge, length) in lengths { #expect(lengths[edge.reversed] == length) }
  }

  @Test("sums over the graph's orders add up at centres, at neighbours and over structures")
  func orders() throws {
    var generator = SeededGenerator(seed: 2)
    let clouds = try (0..<3).map { _ in
      try randomCloud(.triclinic, periodic: [true, false, true], &generator)
    }
    let graph = try radiusGraph(of: clouds, cutoff: 4)
    let edges = try graph.edges()
    let weights = (0..<graph.edgeCount).map { _ in Float(Int.random(in: 0..<64, using: &generator))
    }
    var atReceivers = [Float](repeating: 0, count: graph.nodeCount)
    var atSenders = atReceivers
    for (edge, weight) in zip(edges, weights) {
      atReceivers[edge.receiver] += weight
      atSenders[edge.sender] += weight
    }
    let tensor = Tensor(weights)
    // Sums of small whole numbers are exact.
    #expect(try tensor.segmentSum(by: graph.byReceiver).floats() == atReceivers)
    #expect(try tensor.segmentSum(by: graph.bySender).floats() == atSenders)
    let nodes = Tensor((0..<graph.nodeCount).map(Float.init))
    #expect(try nodes.gather(at: graph.bySender).floats() == edges.map { Float($0.sender) })
    #expect(try nodes.gather(at: graph.byReceiver).floats() == edges.map { Float($0.receiver) })
    let ones = Tensor([Float](repeating: 1, count: graph.nodeCount))
    #expect(
      try ones.segmentSum(by: graph.byStructure).floats()
        == clouds.map { Float($0.positions.count) }
    )
  }

  @Test("memory is given back, and a wide empty space takes none")
  func memory() throws {
    let context = try Context(device: Device.select())
    let positions = [SIMD3<Double>(0, 0, 0), SIMD3(1e6, -1e6, 1e6), SIMD3(1e6, -1e6, 1e6 + 0.5)]
    let search = try NeighbourSearch(cutoff: 1, on: context)
    #expect(try search.radiusGraph(of: positions).edgeCount == 2)
    try context.finish()
    #expect(context.statistics.bytesInUse == 0)
    #expect(context.statistics.highWaterMarkBytes < 100_000)
  }
}
