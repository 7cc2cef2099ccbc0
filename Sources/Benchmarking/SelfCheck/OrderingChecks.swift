import OpenCLRuntime
import TensorGraph

/// Checks of sorting and of prefix sums, on lines that a work-item treats and on ones cut into parts.
enum OrderingChecks {
  static let all = [
    order("an order of short lines", 7, 60), order("an order of long lines", 2, 3000), sums,
  ]

  private static func order(_ name: String, _ lines: Int, _ extent: Int) -> KernelCheck {
    var numbers = CheckNumbers(seed: 31)
    // Few different numbers, so that there are ties.
    let values = numbers.next(lines * extent).map { ($0 * 16).rounded() / 8 }
    let shape: Shape = [Dimension(lines), Dimension(extent)]
    return .function(.ordering, name, of: [CheckArgument(values, shape)], roundings: 0) { tensors in
      [
        ("order", tensors[0].sortOrder().converted(to: tensors[0].elementType)),
        ("sorted", tensors[0].sorted(descending: true)),
      ]
    } onHost: { values in
      let lines = stride(from: 0, to: values[0].count, by: extent).map {
        Array(values[0][$0..<$0 + extent])
      }
      return [
        lines.flatMap { line in
          line.indices.sorted { line[$0] == line[$1] ? $0 < $1 : line[$0] < line[$1] }
            .map { HostSum(Double($0)) }
        },
        lines.flatMap { line in line.sorted(by: >).map { HostSum($0) } },
      ]
    }
  }

  private static let sums: KernelCheck = {
    var numbers = CheckNumbers(seed: 32)
    let (outer, extent, inner) = (2, 5000, 2)
    let shape: Shape = [Dimension(outer), Dimension(extent), Dimension(inner)]
    return .function(
      .ordering, "prefix sums", of: [CheckArgument(numbers.next(outer * extent * inner), shape)],
      roundings: 1
    ) { tensors in
      [("sums", tensors[0].prefixSums(along: 1))]
    } onHost: { values in
      var sums = [HostSum](repeating: HostSum(), count: outer * (extent + 1) * inner)
      for line in 0..<outer * inner {
        var sum = HostSum()
        for k in 0..<extent {
          sum.add(values[0][(line / inner * extent + k) * inner + line % inner])
          sums[(line / inner * (extent + 1) + k + 1) * inner + line % inner] = sum
        }
      }
      return [sums]
    }
  }()
}
