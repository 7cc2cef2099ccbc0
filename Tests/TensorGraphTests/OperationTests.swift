import Foundation
import TensorGraph
import TestSupport
import Testing

/// Every operation against the host, and its derivative against central differences in double.
@Suite("Operations")
struct OperationTests {
  struct Unary: Sendable, CustomTestStringConvertible {
    var name: String
    var operation: @Sendable (Tensor) -> Tensor
    var host: @Sendable (Double) -> Double
    var range: ClosedRange<Double> = -2...2
    var testDescription: String { name }
  }

  static let unary: [Unary] = [
    Unary(name: "negate", operation: { -$0 }, host: { -$0 }),
    Unary(name: "exp", operation: { exp($0) }, host: { Foundation.exp($0) }),
    Unary(name: "log", operation: { log($0) }, host: { Foundation.log($0) }, range: 0.2...3),
    Unary(name: "sin", operation: { sin($0) }, host: { Foundation.sin($0) }),
    Unary(name: "cos", operation: { cos($0) }, host: { Foundation.cos($0) }),
    Unary(name: "tanh", operation: { tanh($0) }, host: { Foundation.tanh($0) }),
    Unary(name: "sqrt", operation: { sqrt($0) }, host: { $0.squareRoot() }, range: 0.2...3),
    Unary(name: "x³", operation: { power($0, 3) }, host: { $0 * $0 * $0 }),
    Unary(
      name: "x⁻⁵", operation: { power($0, -5) }, host: { Foundation.pow($0, -5) },
      range: 0.5...2),
    Unary(
      name: "pow", operation: { pow($0, $0.filled(with: 1.7)) }, host: { Foundation.pow($0, 1.7) },
      range: 0.3...2),
    Unary(name: "sigmoid", operation: { sigmoid($0) }, host: { 1 / (1 + Foundation.exp(-$0)) }),
    Unary(name: "silu", operation: { silu($0) }, host: { $0 / (1 + Foundation.exp(-$0)) }),
    Unary(
      name: "softplus", operation: { softplus($0) },
      host: { Foundation.log(1 + Foundation.exp($0)) }),
    Unary(name: "abs", operation: { abs($0) }, host: { Swift.abs($0) }, range: 0.1...2),
    Unary(name: "reciprocal", operation: { 1 / $0 }, host: { 1 / $0 }, range: 0.4...2),
    Unary(
      name: "clamp by select", operation: { select($0 .< 0.3, $0 * $0, 0.6 * $0 - 0.09) },
      host: { $0 < 0.3 ? $0 * $0 : 0.6 * $0 - 0.09 }),
  ]

  static func values(_ count: Int, in range: ClosedRange<Double>, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in .random(in: range, using: &random) }
  }

  @Test("elementwise functions, with every tail of a vector", arguments: unary)
  func elementwise(_ function: Unary) throws {
    for count in [1, 7, 8, 19] {
      let values = Self.values(count, in: function.range, seed: UInt64(count))
      let expected = values.map(function.host)
      // Library functions err by a few units in the last place.
      expectClose(
        try function.operation(Tensor(values)).doubles(), expected, tolerance: 1e-14)
      expectClose(
        try function.operation(Tensor(values.map(Float.init))).doubles(), expected,
        tolerance: 1e-5)
    }
  }

  @Test("derivatives of elementwise functions, first and second", arguments: unary)
  func derivatives(_ function: Unary) throws {
    let values = Self.values(11, in: function.range, seed: 5)
    let x = Tensor(values)
    let first = gradient(of: function.operation(x).sum(), withRespectTo: [x])[0]
    let second = gradient(of: first.sum(), withRespectTo: [x])[0]
    try evaluate([first, second])
    let h = 1e-3
    // Five points: the error is h⁴ times a fifth derivative, below 1e-9 here.
    let slopes = values.map { v in
      (8 * (function.host(v + h) - function.host(v - h))
        - (function.host(v + 2 * h) - function.host(v - 2 * h))) / (12 * h)
    }
    expectClose(try first.doubles(), slopes, tolerance: 1e-7)
    let curvatures = values.map { v in
      (16 * (function.host(v + h) + function.host(v - h)) - 30 * function.host(v)
        - (function.host(v + 2 * h) + function.host(v - 2 * h))) / (12 * h * h)
    }
    // A kink within the stencil would spoil the difference.
    if function.name != "clamp by select" {
      expectClose(
        try second.doubles(), curvatures, tolerance: 1e-6,
        relativeTo: max(1, curvatures.map { Swift.abs($0) }.max() ?? 1))
    }
  }

  @Test("views rearrange as on the host, vectorised or not", arguments: [3, 8, 16])
  func views(_ inner: Int) throws {
    let values = Self.values(4 * 5 * inner, in: -1...1, seed: 7)
    let x = Tensor(values, shape: Shape([4, 5, inner]))
    func at(_ i: Int, _ j: Int, _ k: Int) -> Double { values[(i * 5 + j) * inner + k] }
    let permuted = try x.permuted([1, 2, 0]).doubles()
    let sliced = try x.slice(1..<4, along: 1).doubles()
    let padded = try x.padded(along: 2, before: 8, to: Dimension(inner + 24)).doubles()
    let joined = try concatenate([x, x * 2, x.slice(0..<1, along: 2)], along: -1).doubles()
    for i in 0..<4 {
      for j in 0..<5 {
        for k in 0..<inner {
          #expect(permuted[(j * inner + k) * 4 + i] == at(i, j, k))
          if (1..<4).contains(j) { #expect(sliced[(i * 3 + j - 1) * inner + k] == at(i, j, k)) }
          #expect(padded[(i * 5 + j) * (inner + 24) + 8 + k] == at(i, j, k))
          let row = (i * 5 + j) * (2 * inner + 1)
          #expect(joined[row + k] == at(i, j, k))
          #expect(joined[row + inner + k] == 2 * at(i, j, k))
          #expect(joined[row + 2 * inner] == at(i, j, 0))
        }
      }
    }
    expectClose(
      [padded.reduce(0, +)], [values.reduce(0, +)], tolerance: 1e-13, relativeTo: 1)
  }

  @Test("the gradient passes through views, broadcasts, reductions and concatenation")
  func gradientThroughViews() throws {
    func f(_ values: [Double]) -> (Tensor, Tensor) {
      let x = Tensor(values, shape: [3, 4])
      let rows = x.sum(along: [1]).expanded(at: 1)
      let joined = concatenate([x * rows, x.transposed().reshaped(to: [3, 4])], along: 1)
      let padded = joined.padded(along: 0, before: 1, to: 6).slice(1..<7, along: 1)
      let peaks = x.maximum(along: [0]) * x.mean(along: [0])
      return (x, (sin(padded) * padded).sum() + peaks.sum())
    }
    let values = Self.values(12, in: -1...1, seed: 9)
    let (x, y) = f(values)
    let gradient = try gradient(of: y, withRespectTo: [x])[0].doubles()
    let h = 1e-4
    let differences = try values.indices.map { place in
      func shifted(_ step: Double) throws -> Double {
        var moved = values
        moved[place] += step * h
        return try f(moved).1.doubles()[0]
      }
      return try (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * h)
    }
    expectClose(gradient, differences, tolerance: 1e-9)
  }

  @Test("a tensor reshaped twice still depends on the shape between")
  func gradientThroughReshapes() throws {
    let values = Self.values(12, in: -1...1, seed: 13)
    let between = Tensor(values, shape: [12]).reshaped(to: [3, 4])
    let loss = { (y: Tensor) in y * y * y }(between.reshaped(to: [2, 6])).sum()
    let slopes = try gradient(of: loss, withRespectTo: [between])[0].doubles()
    expectClose(slopes, values.map { 3 * $0 * $0 }, tolerance: 1e-15)
  }

  @Test("sums over many elements, in two steps, are those of the host", arguments: [5000, 70_001])
  func longSums(_ count: Int) throws {
    let values = Self.values(count, in: -1...1, seed: 11)
    let total = values.reduce(0) { $0 + Foundation.exp($1) }
    // Each partial sum rounds at most once an element.
    expectClose([try exp(Tensor(values)).sum().doubles()[0]], [total], tolerance: 1e-12)
    let columns = Tensor(Array(values.prefix(5000)), shape: [2500, 2]).sum(along: [0])
    let expected = (0..<2).map { column in
      stride(from: column, to: 5000, by: 2).reduce(0) { $0 + values[$1] }
    }
    expectClose(try columns.doubles(), expected, tolerance: 1e-12, relativeTo: 50)
    #expect(try Tensor(values).maximum(along: [0]).doubles()[0] == values.max())
  }

  @Test("random bits are Philox-2×32's, whatever the vector width")
  func random() throws {
    func philox(_ counter: UInt32, _ stream: UInt32, _ key: UInt32) -> UInt32 {
      var (counter, stream, key) = (counter, stream, key)
      for _ in 0..<10 {
        let product = UInt64(0xD256_D193) * UInt64(counter)
        counter = UInt32(product >> 32) ^ key ^ stream
        stream = UInt32(truncatingIfNeeded: product)
        key &+= 0x9E37_79B9
      }
      return counter
    }
    for count in [5, 16] {
      let drawn = try RandomKey(seed: 42, stream: 3).uniform([Dimension(count)]).floats()
      let expected = (0..<UInt32(count)).map { place in
        (Float(philox(place, 24, 42) >> 9) + 0.5) * 0x1p-23
      }
      #expect(drawn == expected)
    }
    let normal = try RandomKey(seed: 1).normal([20_000], .float64).doubles()
    let mean = normal.reduce(0, +) / 20_000
    let variance = normal.reduce(0) { $0 + $1 * $1 } / 20_000
    // Four standard errors of 20,000 samples.
    #expect(Swift.abs(mean) < 4 / 20_000.0.squareRoot())
    #expect(Swift.abs(variance - 1) < 4 * (2 / 20_000.0).squareRoot())
  }

  @Test("equal work is done once, dead work never")
  func commonSubexpressions() {
    let profile = DeviceProfile(
      isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: true)
    let x = Tensor(Source(TensorDescription([64, 64], .float32), label: "x"), [])
    let a = exp(x).sum(along: [1])
    let b = exp(x).sum(along: [1])
    _ = tanh(x).sum(along: [0])
    let plan = Plan(computing: [a.node, b.node], from: [x.node], for: profile)
    #expect(plan.stepNames.count == 1)
  }

  @Test("a compiled function refuses arguments of another shape or type")
  func mismatch() throws {
    let n = Dimension.symbol("n")
    let function = try CompiledFunction(of: [
      TensorDescription([n, 3], .float32), TensorDescription([n], .float32),
    ]) { [$0[0] * $0[1].expanded(at: 1)] }
    let points = Tensor([Float](repeating: 1, count: 6), shape: [2, 3])
    #expect(throws: TensorGraphError.self) {
      try function([points, Tensor([Float](repeating: 1, count: 3))])
    }
    #expect(throws: TensorGraphError.self) { try function([points, Tensor([Int32(1), 1])]) }
    #expect(try function([points, Tensor([Float(2), 3])])[0].floats() == [2, 2, 2, 3, 3, 3])
  }
}
