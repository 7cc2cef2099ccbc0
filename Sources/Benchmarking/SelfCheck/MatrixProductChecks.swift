import OpenCLRuntime
import TensorGraph

/// Checks of dense matrix products: sizes that fill tiles and that do not, operands stored either
/// way, batches, and a depth long enough to be split.
enum MatrixProductChecks {
  static let all = [
    check("matrix products", [(1, 96, 64, 128), (1, 37, 29, 53), (3, 20, 33, 17)], false, false),
    check("products with a transposed first matrix", [(1, 40, 48, 600)], true, false),
    check("products with a transposed second matrix", [(1, 50, 31, 70)], false, true),
  ]

  private typealias Size = (batch: Int, rows: Int, columns: Int, depth: Int)

  private static func check(
    _ name: String, _ sizes: [(Int, Int, Int, Int)], _ transposingFirst: Bool,
    _ transposingSecond: Bool
  ) -> KernelCheck {
    var numbers = CheckNumbers(seed: 21)
    let sizes: [Size] = sizes.map { Size($0, $1, $2, $3) }
    var arguments: [CheckArgument] = []
    for size in sizes {
      let first = transposingFirst ? (size.depth, size.rows) : (size.rows, size.depth)
      let second = transposingSecond ? (size.columns, size.depth) : (size.depth, size.columns)
      for (rows, columns) in [first, second] {
        arguments.append(
          CheckArgument(
            numbers.next(size.batch * rows * columns),
            [Dimension(size.batch), Dimension(rows), Dimension(columns)]))
      }
    }
    return .function(.matrixProduct, name, of: arguments, roundings: 8) { tensors in
      sizes.indices.map { place in
        (
          "\(sizes[place].rows)x\(sizes[place].columns)x\(sizes[place].depth)",
          matrixProduct(
            tensors[2 * place], tensors[2 * place + 1], transposingFirst: transposingFirst,
            transposingSecond: transposingSecond)
        )
      }
    } onHost: { values in
      sizes.indices.map { place in
        product(
          values[2 * place], transposingFirst, values[2 * place + 1], transposingSecond,
          sizes[place])
      }
    }
  }

  private static func product(
    _ a: [Double], _ transposingFirst: Bool, _ b: [Double], _ transposingSecond: Bool, _ size: Size
  ) -> [HostSum] {
    var result: [HostSum] = []
    for batch in 0..<size.batch {
      let (firstA, firstB) = (
        batch * size.rows * size.depth, batch * size.depth * size.columns
      )
      for row in 0..<size.rows {
        for column in 0..<size.columns {
          var sum = HostSum()
          for depth in 0..<size.depth {
            let x = transposingFirst ? depth * size.rows + row : row * size.depth + depth
            let y = transposingSecond ? column * size.depth + depth : depth * size.columns + column
            sum.add(a[firstA + x] * b[firstB + y])
          }
          result.append(sum)
        }
      }
    }
    return result
  }
}
