import Benchmarking
import Equivariance
import Irreps
import Testing

@Suite("What benchmarks count")
struct CountingTests {
  /// 1o ⊗ 1o has 3 coefficients to degree 0 and 6 to degree 1: (3 + 1) + (6 + 3) multiply-adds an
  /// edge. 3 nodes of 3 numbers, 5 edges of 3 and of 2 weights, 3 nodes of 4 sums.
  @Test("a convolution's bytes and operations are those counted by hand")
  func convolution() {
    let product = TensorProduct.channelwise("1x1o", "1x1o") { $0.degree <= 1 }
    let forward = ConvolutionBenchmark.counts(of: product, edges: 5, nodes: 3, backward: false)
    #expect(forward.operations == 5 * 26)
    #expect(forward.bytes == 4 * (9 + 5 * (3 + 2) + 12) + 4 * (5 + 3 + 1))
    let both = ConvolutionBenchmark.counts(of: product, edges: 5, nodes: 3, backward: true)
    #expect(both.operations == 4 * forward.operations)
    #expect(both.bytes == 2 * forward.bytes)
  }

  /// In place of two weights an edge: its length, or seven numbers and a matrix of 7 × 2.
  @Test("an edge's weights from a table, or from a product, are not read as weights")
  func radialWeights() {
    let product = TensorProduct.channelwise("1x1o", "1x1o") { $0.degree <= 1 }
    for (backward, passes) in [(false, 1), (true, 2)] {
      func counts(_ source: RadialWeightsBenchmark.Source) -> WorkCounts {
        RadialWeightsBenchmark.counts(
          from: source, of: product, edges: 5, nodes: 3, backward: backward)
      }
      let given = ConvolutionBenchmark.counts(of: product, edges: 5, nodes: 3, backward: backward)
      #expect(counts(.table).bytes == given.bytes - passes * 4 * 5)
      #expect(counts(.table).operations == given.operations)
      #expect(counts(.product(depth: 7)).bytes == given.bytes + passes * 4 * (35 + 14 - 10))
      #expect(counts(.product(depth: 7)).operations == given.operations + passes * 140)
    }
  }

  @Test("the shapes of convolutions are those of the contract")
  func shapes() {
    let products = ConvolutionBenchmark.shapes.map(\.product)
    #expect(products.map(\.instructions.count) == [15, 13])
    #expect(products.map(\.weightCount) == [960, 13 * 128])
  }

  @Test("gathers and sums read and write each row once, and what names the rows")
  func segments() {
    let counts = SegmentBenchmark.allCases.map { $0.counts(edges: 7, nodes: 2) }
    let rows = 4 * 480 * 9
    #expect(
      counts == [
        WorkCounts(bytes: rows + 28, operations: 0), WorkCounts(bytes: rows + 12, operations: 3360),
        WorkCounts(bytes: rows + 40, operations: 3360),
      ])
  }

  @Test("a matrix product takes two operations for each of rows × columns × depth")
  func matrixProduct() {
    let counts = MatrixProductBenchmark.shapes.map { $0.counts() }
    #expect(counts[2].operations == 2 * 1536 * 64 * 128)
    #expect(counts[2].bytes == 4 * (1536 * 128 + 128 * 64 + 1536 * 64))
  }

  /// Degree 1: nine operations to scale a vector, and three terms of three.
  @Test("harmonics read vectors and write rows")
  func harmonics() {
    let counts = HarmonicsBenchmark.counts(degree: 1, vectors: 10, withGradient: false)
    #expect(counts == WorkCounts(bytes: 10 * 4 * (3 + 4), operations: 10 * 18))
    let both = HarmonicsBenchmark.counts(degree: 1, vectors: 10, withGradient: true)
    #expect(both.bytes == 10 * 4 * (3 + 4 + 4 + 3))
  }

  @Test("a fused chain reads its inputs once")
  func fusion() {
    #expect(FusionBenchmark.counts(elements: 100) == WorkCounts(bytes: 804, operations: 900))
  }

  @Test("every name of the contract is there once")
  func names() {
    let names = Benchmark.all.map(\.name)
    #expect(Set(names).count == names.count)
    let contract = [
      "convolution/nequip-128x64x32-l2/forward", "convolution/nequip-128x64x32-l2/forward+backward",
      "convolution/mace-128-l1/forward", "convolution/mace-128-l1/forward+backward",
      "harmonics/l3/forward", "harmonics/l3/forward+gradient", "harmonics/l8/forward",
      "harmonics/l8/forward+gradient", "neighbours/si1728-5A", "neighbours/si32768-5A",
      "gemm/14336x960x64", "gemm/1024x1024x1024", "gemm/1536x64x128", "gemm/3072x128x480",
      "fusion/silu-gauss-sum-16M", "potential/7net-0/si64", "potential/7net-0/si216",
      "potential/7net-0/si512", "potential/7net-l3i5/si64", "potential/7net-l3i5/si216",
      "launch/empty", "ceiling/copy", "ceiling/fma",
    ]
    #expect(Set(contract).subtracting(names).isEmpty)
  }

  @Test("large benchmarks run only when they are asked for")
  func large() {
    #expect(!Benchmark.matching(nil).contains { $0.isLarge })
    #expect(!Benchmark.matching("7net-0").contains { $0.isLarge })
    #expect(Benchmark.matching("scaling").count == 9)
    #expect(Benchmark.matching("scaling/7net-0/si100000").map(\.isLarge) == [true])
    #expect(
      Benchmark.matching("convolution/mace-128-l1/forward").map(\.name)
        == ["convolution/mace-128-l1/forward"])
  }

  @Test("short work runs often, long work a few times, and a given number is kept")
  func runs() {
    let plan = MeasurementPlan()
    #expect(plan.runs(forWorkOf: 1e-6) == 5000)
    #expect(plan.runs(forWorkOf: 0.01) == 50)
    #expect(plan.runs(forWorkOf: 1) == 7)
    #expect(plan.runs(forWorkOf: 60) == 2)
    #expect(MeasurementPlan(runs: 3).runs(forWorkOf: 1e-6) == 3)
  }
}
