import Foundation
import OpenCLRuntime
import TensorGraph

/// Checks of fused kernels: elementwise chains, reductions, gathers and segment sums.
enum GraphChecks {
  static let all = [elementwise, sumOfAll, axes, segments]

  /// 1,003 elements: whole vectors and a tail.
  private static let elementwise: KernelCheck = {
    var numbers = CheckNumbers(seed: 11)
    let shape: Shape = [1003]
    return .function(
      .elementwise, "an elementwise chain",
      of: [CheckArgument(numbers.next(1003), shape), CheckArgument(numbers.next(1003), shape)],
      roundings: 24
    ) { tensors in
      let (a, b) = (tensors[0], tensors[1])
      return [
        ("silu · gauss", silu(a * b + 0.5) * exp(-(b * b))),
        ("tanh / root", tanh(a) / sqrt(b * b + 1)),
        ("larger", maximum(a, b)),
      ]
    } onHost: { values in
      let pairs = Array(zip(values[0], values[1]))
      return [
        pairs.map { a, b in
          let x = a * b + 0.5
          let gauss = exp(-b * b)
          // The argument's rounding comes through each function's slope.
          return HostSum(
            x / (1 + exp(-x)) * gauss, magnitude: (abs(a * b) + 1) * (1 + b * b) * gauss)
        },
        pairs.map { a, b in HostSum(tanh(a) / (b * b + 1).squareRoot()) },
        pairs.map { a, b in HostSum(max(a, b)) },
      ]
    }
  }()

  /// Long enough to be made in two steps.
  private static let sumOfAll: KernelCheck = {
    var numbers = CheckNumbers(seed: 12)
    return .function(
      .reduction, "a sum of all elements", of: [CheckArgument(numbers.next(10_007), [10_007])],
      roundings: 8
    ) { tensors in
      [("sum", (tensors[0] * tensors[0] - 1).sum())]
    } onHost: { values in
      var sum = HostSum()
      for value in values[0] {
        sum.add(value * value)
        sum.add(-1)
      }
      return [[sum]]
    }
  }()

  private static let axes: KernelCheck = {
    var numbers = CheckNumbers(seed: 13)
    let (rows, columns) = (37, 45)
    return .function(
      .reduction, "sums and maxima along axes",
      of: [CheckArgument(numbers.next(rows * columns), [Dimension(rows), Dimension(columns)])],
      roundings: 8
    ) { tensors in
      [
        ("row sums", tensors[0].sum(along: [1])), ("column sums", tensors[0].sum(along: [0])),
        ("row maxima", tensors[0].maximum(along: [1])),
      ]
    } onHost: { values in
      func element(_ row: Int, _ column: Int) -> Double { values[0][row * columns + column] }
      let rowSums = (0..<rows).map { row in
        (0..<columns).reduce(into: HostSum()) { $0.add(element(row, $1)) }
      }
      let columnSums = (0..<columns).map { column in
        (0..<rows).reduce(into: HostSum()) { $0.add(element($1, column)) }
      }
      let maxima = (0..<rows).map { row in
        HostSum((0..<columns).map { element(row, $0) }.max() ?? 0)
      }
      return [rowSums, columnSums, maxima]
    }
  }()

  /// One target has no items.
  private static let segments: KernelCheck = {
    var numbers = CheckNumbers(seed: 14)
    let (targets, items, width) = (19, 101, 24)
    let indices = numbers.indices(items, below: targets - 1)
    let table = numbers.next(targets * width)
    return .function(
      .segments, "a gather and its segment sum",
      of: [CheckArgument(table, [Dimension(targets), Dimension(width)])], roundings: 8
    ) { tensors in
      let index = SegmentIndex(of: indices, count: targets)
      let rows = tensors[0].gather(at: index)
      return [("gathered", rows), ("summed", (rows * rows).segmentSum(by: index))]
    } onHost: { values in
      let gathered = indices.flatMap { target in
        values[0][(target * width)..<((target + 1) * width)].map { HostSum($0) }
      }
      var sums = [HostSum](repeating: HostSum(), count: targets * width)
      for target in indices {
        for column in 0..<width {
          let value = values[0][target * width + column]
          sums[target * width + column].add(value * value)
        }
      }
      return [gathered, sums]
    }
  }()
}
