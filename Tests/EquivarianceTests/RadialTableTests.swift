import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Tables of radial functions")
struct RadialTableTests {
  private static let nodeCount = 6
  private static let product = TensorProduct.channelwise(
    "4x0e+2x1o", .sphericalHarmonics(upTo: 1)
  ) { $0.degree <= 1 }

  /// Smooth functions of the distance that are different for every weight and end at 4.
  private static func functions(_ distances: Tensor) -> Tensor {
    let count = product.weightCount
    let frequencies = Tensor(
      (0..<count).map { 0.4 + 0.2 * Double($0) }, shape: [1, Dimension(count)],
      as: distances.elementType)
    let column = distances.expanded(at: 1)
    return sin(column * frequencies) * exp(-0.3 * column)
  }

  private struct Graph {
    var senders: SegmentIndex
    var receivers: SegmentIndex
    var x: [Double]
    var positions: [Double]

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      let pairs = (0..<nodeCount).flatMap { i in
        (0..<nodeCount).compactMap { j in i == j ? nil : (i, j) }
      }
      receivers = SegmentIndex(of: pairs.map(\.0), count: nodeCount)
      senders = SegmentIndex(of: pairs.map(\.1), count: nodeCount)
      x = generator.normals(nodeCount * product.first.dimension)
      positions = generator.normals(3 * nodeCount)
    }

    /// The convolution, with weights off the table or from the functions.
    func apply(_ x: Tensor, _ positions: Tensor, _ table: RadialTable?) -> Tensor {
      let vectors = positions.gather(at: senders) - positions.gather(at: receivers)
      let distances = sqrt((vectors * vectors).sum(along: [1]))
      let filters = sphericalHarmonics(of: vectors, upTo: 1)
      let convolution = EquivariantConvolution(product)
      if let table {
        return convolution(
          x, filters: filters, weights: table, at: distances, senders: senders,
          receivers: receivers)
      }
      return convolution(
        x, filters: filters, weights: functions(distances), senders: senders,
        receivers: receivers)
    }
  }

  @Test("a convolution with tabulated weights agrees with one whose weights are computed")
  func values() throws {
    let table = try #require(
      try RadialTable(Self.product.weightCount, upTo: 8, as: .float64, of: Self.functions))
    let graph = Graph(seed: 40)
    let x = Tensor(
      graph.x, shape: [Dimension(Self.nodeCount), Dimension(Self.product.first.dimension)])
    let positions = Tensor(graph.positions, shape: [Dimension(Self.nodeCount), 3])
    let results = [table, nil].map { graph.apply(x, positions, $0) }
    let gradients = results.map {
      gradient(of: ($0 * $0).sum(), withRespectTo: [positions])[0]
    }
    // The fourth derivative of the functions is below 30, so with knots 1/128 apart a cubic errs by
    // 30/384/128⁴ < 3e-10 in value and 30·√3/216/128³ < 1.2e-7 in slope; sums over 5 edges of 3
    // paths with features of size up to 3, and their squares, stay below 100 times that.
    expectClose(try results[0].doubles(), try results[1].doubles(), tolerance: 3e-8)
    expectClose(try gradients[0].doubles(), try gradients[1].doubles(), tolerance: 1.2e-5)
  }

  @Test("its derivatives are those of the table's own cubics")
  func differences() throws {
    let table = try #require(
      try RadialTable(Self.product.weightCount, upTo: 8, as: .float64, of: Self.functions))
    let graph = Graph(seed: 41)
    try expectGradientMatchesDifferences(
      at: [
        (graph.x, [Self.nodeCount, Self.product.first.dimension]),
        (graph.positions, [Self.nodeCount, 3]),
      ]
    ) { tensors in
      let result = graph.apply(tensors[0], tensors[1], table)
      return (result * result).sum()
    }
  }

  @Test("knots are as many as the tolerance asks for, and none where none suffice")
  func tolerance() throws {
    func table(_ tolerance: Double, _ frequency: Double) throws -> RadialTable? {
      try RadialTable(1, upTo: 4, tolerance: tolerance, as: .float64) {
        sin(frequency * $0).expanded(at: 1)
      }
    }
    let coarse = try #require(try table(1e-4, 6))
    let fine = try #require(try table(1e-6, 20))
    #expect(coarse.spacing == 1.0 / 128)
    #expect(fine.spacing < coarse.spacing)
    // The error of a slope is √3/216·h³·f⁗, relative to the largest slope √3/216·(hω)³.
    let expected =
      3.0.squareRoot() / 216 * (20 * fine.spacing) * (20 * fine.spacing)
      * (20 * fine.spacing)
    #expect(abs(fine.slopeError / expected - 1) < 0.05)
    #expect(try table(1e-6, 500) == nil)
    let undefined = try RadialTable(1, upTo: 4, as: .float64) { log($0 - 1).expanded(at: 1) }
    #expect(undefined == nil)
  }
}
