import Neighbours
import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

/// The kernels have other forms for GPUs and for devices without double precision; they run here
/// on whatever device there is.
@Suite("Forms of the kernels")
struct KernelFormTests {
  static let forms = [
    DeviceProfile(isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: true),
    DeviceProfile(isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: false),
    DeviceProfile(isCPU: false, floatVectorWidth: 1, localSize: 64, supportsDouble: true),
    DeviceProfile(isCPU: false, floatVectorWidth: 1, localSize: 64, supportsDouble: false),
  ]

  @Test("every form finds the edges of brute force", arguments: forms)
  func edges(profile: DeviceProfile) throws {
    let context = try Context.shared()
    try #require(context.device.description.supportsDouble || !profile.supportsDouble)
    let search = try NeighbourSearch(
      cutoff: 3, precision: .float32, on: context, profile: profile)
    var generator = SeededGenerator(seed: 6)
    for kind in CellKind.allCases {
      for periodic in periodicities {
        let cloud = try randomCloud(kind, periodic: periodic, &generator)
        let graph = try search.radiusGraph(of: cloud.positions, in: cloud.cell)
        let found = try graph.edges()
        let expected = bruteForceEdges(of: cloud, cutoff: 3)
        #expect(found == found.sorted())
        #expect(Set(found) == Set(found.map(\.reversed)))
        let order = try graph.senderOrder.integers().map(Int.init)
        #expect(order == found.indices.sorted { (found[$0].sender, $0) < (found[$1].sender, $1) })
        // In single precision a pair may fall on the wrong side of the cutoff where its length
        // comes within rounding of it: of numbers up to 400 here, a handful of times.
        let doubtful = Set(found).symmetricDifference(expected)
        let margin = profile.supportsDouble ? 0 : 400 * 8 * Double(Float.ulpOfOne)
        for edge in doubtful {
          let vector = edge.vector(in: cloud)
          #expect(abs((vector * vector).sum().squareRoot() - 3) < margin, "\(edge) in \(cloud)")
        }
      }
    }
  }

  @Test("long prefix sums, in chunks", arguments: forms)
  func manyAtoms(profile: DeviceProfile) throws {
    let context = try Context.shared()
    try #require(context.device.description.supportsDouble || !profile.supportsDouble)
    let search = try NeighbourSearch(
      cutoff: 1.1, precision: .float32, on: context, profile: profile)
    // A cubic crystal of 22³ atoms, each with six neighbours.
    let size = 22
    let positions = (0..<size * size * size).map { k in
      SIMD3(Double(k / size / size), Double(k / size % size), Double(k % size))
    }
    let edge = Double(size)
    let cell = try Cell(SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge))
    let graph = try search.radiusGraph(of: positions, in: cell)
    #expect(graph.edgeCount == 6 * positions.count)
    #expect(try graph.offsets.integers() == (0...positions.count).map { Int32(6 * $0) })
    #expect(try graph.lengths.floats().allSatisfy { $0 == 1 })
    let order = try graph.senderOrder.integers()
    let senders = try graph.senders.integers()
    #expect(order.sorted() == Array(0..<Int32(graph.edgeCount)))
    #expect(order.map { senders[Int($0)] } == senders.sorted())
  }
}
