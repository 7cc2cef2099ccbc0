import Foundation
import TensorGraph
import Testing

@Suite("Evaluation")
struct EvaluationTests {
  @Test("a chain of elementwise operations gives what the host gives")
  func elementwiseChain() throws {
    let x = Tensor((0..<37).map { Double($0) / 10 - 1 })
    let y = exp(-(x * x)) + 2 * sin(x) / (x + 3)
    let expected = try x.doubles().map { v in
      Double.exp(-v * v) + 2 * Double.sin(v) / (v + 3)
    }
    for (a, b) in zip(try y.doubles(), expected) { #expect(abs(a - b) < 1e-14) }
  }

  @Test("broadcasts, reductions and their gradients agree with finite differences")
  func reductions() throws {
    let values = (0..<24).map { Double($0 * 7 % 11) / 5 - 1 }
    func f(_ values: [Double]) -> (Tensor, Tensor) {
      let x = Tensor(values, shape: [4, 6])
      let rows = (x * x).sum(along: [1])
      let scaled = tanh(x / (1 + rows.expanded(at: 1)))
      return (x, (scaled * silu(x).permuted([1, 0]).reshaped(to: [4, 6])).sum())
    }
    let (x, y) = f(values)
    let g = try gradient(of: y, withRespectTo: [x])[0].doubles()
    for i in values.indices {
      var up = values
      var down = values
      up[i] += 1e-5
      down[i] -= 1e-5
      let difference = (try f(up).1.doubles()[0] - f(down).1.doubles()[0]) / 2e-5
      #expect(abs(difference - g[i]) < 1e-8)
    }
  }

  @Test(
    "rows in memory are gathered and added up by segment, in one vector or several",
    arguments: [[7], [16], [2, 32], [48], [64], [96], [3, 40]])
  func segmentsOfStoredRows(_ row: [Int]) throws {
    let targets: [Int32] = [3, 0, 3, 5, 0, 3]
    let order = targets.indices.sorted { (targets[$0], $0) < (targets[$1], $1) }
    let offsets = Tensor((0...7).map { t in Int32(targets.count { $0 < Int32(t) }) })
    let width = row.reduce(1, *)
    let values = (0..<(targets.count * width)).map { Double($0 * 37 % 101) }
    let rows = Tensor(values, shape: Shape([targets.count] + row))
    for isSorted in [true, false] {
      let receivers = isSorted ? targets.sorted() : targets
      let index = SegmentIndex(
        indices: Tensor(receivers), order: isSorted ? nil : Tensor(order.map(Int32.init)),
        offsets: offsets)
      var expected = [Double](repeating: 0, count: 7 * width)
      for (item, receiver) in receivers.enumerated() {
        for place in 0..<width {
          expected[Int(receiver) * width + place] += values[item * width + place]
        }
      }
      #expect(try rows.segmentSum(by: index).doubles() == expected)
      let sums = Tensor(expected, shape: Shape([7] + row))
      let gathered = receivers.flatMap { expected[(Int($0) * width)...].prefix(width) }
      #expect(try sums.gather(at: index).doubles() == gathered)
    }
  }

  @Test("gather and segment sum are each other's derivative, for compiled sizes that change")
  func segments() throws {
    let edges = Dimension.symbol("edges")
    let nodes = Dimension.symbol("nodes")
    let f = try CompiledFunction(of: [
      TensorDescription([nodes, 8], .float32), TensorDescription([edges], .int32),
      TensorDescription([nodes + 1], .int32), TensorDescription([edges], .int32),
    ]) { a in
      let index = SegmentIndex(indices: a[1], order: a[3], offsets: a[2])
      let y = (silu(a[0].gather(at: index)).segmentSum(by: index) * a[0]).sum()
      return [y, gradient(of: y, withRespectTo: [a[0]])[0]]
    }
    for (n, indices) in [(3, [0, 2, 2, 0] as [Int32]), (5, [4, 4, 1, 0, 3, 3, 4])] {
      let order = indices.indices.sorted { (indices[$0], $0) < (indices[$1], $1) }
      let offsets = (0...n).map { t in Int32(indices.count { $0 < Int32(t) }) }
      let x = (0..<n * 8).map { Float($0 % 7) - 3 }
      let result = try f([
        Tensor(x, shape: Shape([n, 8])), Tensor(indices), Tensor(offsets),
        Tensor(order.map(Int32.init)),
      ])
      func silu(_ v: Float) -> Float { v / (1 + Float.exp(-v)) }
      func slope(_ v: Float) -> Float {
        let s = 1 / (1 + Float.exp(-v))
        return s * (1 + v * (1 - s))
      }
      var sum: Float = 0
      var g = [Float](repeating: 0, count: n * 8)
      for i in indices {
        for c in 0..<8 {
          let k = Int(i) * 8 + c
          sum += silu(x[k]) * x[k]
          g[k] += silu(x[k]) + slope(x[k]) * x[k]
        }
      }
      #expect(abs(try result[0].floats()[0] - sum) < 1e-4 * abs(sum))
      for (a, b) in zip(try result[1].floats(), g) { #expect(abs(a - b) < 1e-4) }
    }
  }
}

extension Double {
  static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  static func sin(_ x: Double) -> Double { Foundation.sin(x) }
}
extension Float {
  static func exp(_ x: Float) -> Float { Foundation.exp(x) }
}
