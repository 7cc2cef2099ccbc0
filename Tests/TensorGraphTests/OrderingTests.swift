import Foundation
import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

/// Sorting and prefix sums, in the forms for CPUs and for GPUs.
@Suite("Ordering")
struct OrderingTests {
  /// Extents that a single work-item adds up or counts, and ones that are cut into parts, even and not.
  static let extents = [0, 1, 5, 128, 129, 1000, 9001]

  private func values(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Double(Float.random(in: -2...2, using: &random)) }
  }

  @Test("prefix sums of integers are the host's, along every axis", arguments: extents, forms)
  func sumsOfIntegers(_ extent: Int, _ form: Form) throws {
    var random = SeededGenerator(seed: UInt64(extent))
    for (outer, inner) in [(1, 1), (2, 3)] {
      let shape = Shape([outer, extent, inner])
      let numbers = (0..<outer * extent * inner).map { _ in Int32.random(in: -9...9, using: &random)
      }
      let found = try form.integers([Tensor(numbers, shape: shape)]) { $0[0].prefixSums(along: 1) }
      var expected = [Int32](repeating: 0, count: outer * (extent + 1) * inner)
      for line in 0..<outer * inner {
        let (a, c) = (line / inner, line % inner)
        var sum: Int32 = 0
        for k in 0..<extent {
          sum += numbers[(a * extent + k) * inner + c]
          expected[(a * (extent + 1) + k + 1) * inner + c] = sum
        }
      }
      #expect(found == expected, "\(outer) × \(extent) × \(inner)")
    }
  }

  @Test("prefix sums of real numbers err by rounding alone", arguments: [7, 9001], forms)
  func sumsOfReals(_ extent: Int, _ form: Form) throws {
    let numbers = values(extent, seed: 3)
    for type in [ElementType.float32, .float64] {
      let found = try form.doubles([Tensor(numbers, shape: [Dimension(extent)], as: type)]) {
        $0[0].cumulativeSum(along: -1)
      }
      var (sum, magnitude) = (0.0, 0.0)
      for k in 0..<extent {
        sum += numbers[k]
        magnitude += abs(numbers[k])
        // Each of the additions before rounds once (Higham, section 4.2).
        #expect(abs(found[k] - sum) <= Double(k + 1) * type.unitRoundoff * magnitude)
      }
    }
  }

  @Test("the derivative of a prefix sum is a sum of what comes after, to any order")
  func derivativeOfSums() throws {
    let numbers = values(12, seed: 5)
    try expectDerivatives(of: [numbers], [[2, 3, 2]]) { x in
      let sums = x[0].prefixSums(along: 1)
      return (sin(sums) * sums).sum()
    }
  }

  @Test("the order is the host's, ties in their order", arguments: extents, forms)
  func order(_ extent: Int, _ form: Form) throws {
    let lines = 2
    // Few different numbers: many ties.
    let numbers = values(lines * extent, seed: 7).map { ($0 * 8).rounded() / 4 }
    func expected(descending: Bool) -> [Int32] {
      (0..<lines).flatMap { line -> [Int32] in
        let own = numbers[line * extent..<(line + 1) * extent]
        return own.indices.sorted { a, b in
          let (x, y) = (numbers[a], numbers[b])
          return x == y ? a < b : (descending ? x > y : x < y)
        }.map { Int32($0 - line * extent) }
      }
    }
    let shape = Shape([lines, extent])
    for descending in [false, true] {
      let sorted = expected(descending: descending)
      for type in [ElementType.float32, .float64] {
        let found = try form.integers([Tensor(numbers, shape: shape, as: type)]) {
          $0[0].sortOrder(descending: descending)
        }
        #expect(found == sorted, "\(type), descending: \(descending)")
      }
      let whole = Tensor(numbers.map { Int32($0 * 4) }, shape: shape)
      #expect(try form.integers([whole]) { $0[0].sortOrder(descending: descending) } == sorted)
    }
  }

  @Test(
    "infinities end the line, NaN comes last, the zeros are equal", arguments: [8, 2000], forms)
  func extremes(_ extent: Int, _ form: Form) throws {
    let special: [Double] = [.nan, 0, -.infinity, -0.0, 1e-40, .infinity, -1e-40, -.nan]
    let numbers = (special + values(extent - special.count, seed: 9)).map(Float.init)
    let places = try form.integers([Tensor(numbers)]) { $0[0].sortOrder() }.map(Int.init)
    #expect(Set(places) == Set(0..<extent))
    #expect(places.suffix(2) == [0, 7] && places[0] == 2 && places[extent - 3] == 5)
    let zero = try #require(places.firstIndex(of: 1))
    #expect(places[zero - 1...zero + 2] == [6, 1, 3, 4])
    let falling = try form.integers([Tensor(numbers)]) { $0[0].sortOrder(descending: true) }
    #expect(falling.suffix(2) == [0, 7] && falling[0] == 5 && falling[extent - 3] == 2)
  }

  @Test("sizes may be symbols, and the same bits come again")
  func symbols() throws {
    let (lines, extent) = (Dimension.symbol("lines"), Dimension.symbol("extent"))
    let function = try CompiledFunction(of: [TensorDescription([lines, extent], .float32)]) {
      let total = $0[0].sorted().prefixSums(along: 1)
      return [total, gradient(of: (total * total).sum(), withRespectTo: [$0[0]])[0]]
    }
    for (lines, extent) in [(3, 5), (1, 0), (2, 3000)] {
      let numbers = values(lines * extent, seed: 11).map(Float.init)
      let tensor = Tensor(numbers, shape: Shape([lines, extent]))
      let first = try function([tensor]).map { try $0.floats() }
      #expect(try function([tensor]).map { try $0.floats() } == first)
      for line in 0..<lines {
        let sorted = numbers[line * extent..<(line + 1) * extent].sorted().map(Double.init)
        let total = sorted.reduce(0, +)
        let magnitude = sorted.reduce(0) { $0 + abs($1) }
        expectClose(
          Double(first[0][line * (extent + 1) + extent]), total,
          tolerance: Double(extent + 1) * 0x1p-23, relativeTo: max(1, magnitude))
      }
    }
  }

  @Test("a sorted tensor's derivative goes where its elements come from")
  func derivativeOfSorting() throws {
    let numbers = values(10, seed: 13)
    try expectDerivatives(of: [numbers], [[2, 5]]) { x in
      let weights = Tensor.coordinate(along: 1, of: [2, 5], .float64) + 1
      return (weights * sin(x[0].sorted(descending: true))).sum()
    }
  }

  @Test("ranks are the inverse of the order")
  func ranks() throws {
    let numbers = values(300, seed: 15)
    let order = Tensor(numbers, shape: [3, 100]).sortOrder()
    let ranks = try order.inversePermutation().integers()
    let places = try order.integers()
    for line in 0..<3 {
      for k in 0..<100 { #expect(ranks[line * 100 + Int(places[line * 100 + k])] == k) }
    }
  }

  /// Which form of the kernels computes: the device's own, or that of a GPU.
  struct Form: Sendable, CustomTestStringConvertible {
    var isGPU: Bool
    var testDescription: String { isGPU ? "GPU form" : "the device's form" }

    private func run(_ arguments: [Tensor], _ body: ([Tensor]) -> Tensor) throws -> Tensor {
      let context = try Context.shared()
      var profile = DeviceProfile(of: context)
      if isGPU {
        profile = DeviceProfile(
          isCPU: false, floatVectorWidth: 1, localSize: 64, supportsDouble: true)
      }
      let result = body(arguments)
      let plan = Plan(computing: [result.node], from: [], for: profile)
      let buffer = try PlanExecutor(plan, on: context).run([], in: [:])[0]
      return Tensor(buffer, result.node.description, on: context)
    }

    func integers(_ arguments: [Tensor], _ body: ([Tensor]) -> Tensor) throws -> [Int32] {
      try run(arguments, body).integers()
    }

    func doubles(_ arguments: [Tensor], _ body: ([Tensor]) -> Tensor) throws -> [Double] {
      try run(arguments, body).doubles()
    }
  }

  static let forms = [Form(isGPU: false), Form(isGPU: true)]
}
