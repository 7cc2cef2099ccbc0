import OpenCLRuntime

/// The product of two matrices, or of two equally long batches of them, each of which may be
/// stored transposed.
struct MatrixProduct: Operation {
  var transposingFirst = false
  var transposingSecond = false

  var name: String { "matrixProduct" }
  var kernelFamily: KernelFamily? { .matrixProduct }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let (first, second) = (operands[0], operands[1])
    func mismatch() -> String {
      "matrixProduct: \(first)\(transposingFirst ? " transposed" : "") times "
        + "\(second)\(transposingSecond ? " transposed" : "")"
    }
    precondition(
      first.elementType == second.elementType && first.elementType.isFloatingPoint
        && first.shape.rank == second.shape.rank && (2...3).contains(first.shape.rank)
        && (first.shape.rank == 2 || first.shape[0] == second.shape[0]), mismatch())
    let sizes = sizes(first.shape, second.shape)
    precondition(sizes.depth == sizes.secondDepth, mismatch())
    return TensorDescription(
      Shape(first.shape.dimensions.dropLast(2) + [sizes.rows, sizes.columns]), first.elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (first, second) = (operands[0], operands[1])
    func product(_ a: Tensor, _ transposingA: Bool, _ b: Tensor, _ transposingB: Bool) -> Tensor {
      Tensor(
        MatrixProduct(transposingFirst: transposingA, transposingSecond: transposingB), [a, b])
    }
    return [
      transposingFirst
        ? product(second, transposingSecond, cotangent, true)
        : product(cotangent, false, second, !transposingSecond),
      transposingSecond
        ? product(cotangent, true, first, transposingFirst)
        : product(first, !transposingFirst, cotangent, false),
    ]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let shape = operands[0].shape
    let sizes = sizes(shape, operands[1].shape)
    let description = MatrixProductDescription.dense(
      result.elementType, batches: shape.rank == 3 ? shape[0] : 1, rows: sizes.rows,
      columns: sizes.columns, depth: sizes.depth, transposingFirst: transposingFirst,
      transposingSecond: transposingSecond)
    return .kernels(MatrixProductPlan(description, for: profile).kernels())
  }

  private func sizes(
    _ first: Shape, _ second: Shape
  ) -> (rows: Dimension, depth: Dimension, secondDepth: Dimension, columns: Dimension) {
    let (a, b) = (first.dimensions.suffix(2), second.dimensions.suffix(2))
    let (rows, depth) = transposingFirst ? (a.last, a.first) : (a.first, a.last)
    let (secondDepth, columns) = transposingSecond ? (b.last, b.first) : (b.first, b.last)
    return (rows ?? 1, depth ?? 1, secondDepth ?? 1, columns ?? 1)
  }
}

/// The product of matrices that stand on the last two axes.
///
/// - Parameters:
///   - a: `[..., rows, depth]`, or `[..., depth, rows]` where `transposingFirst`; floating point.
///   - b: `[depth, columns]`, or `[columns, depth]` where `transposingSecond`, the same matrix for
///     all leading axes of `a`; or with the same leading axes as `a`. The type of `a`.
/// - Returns: `[..., rows, columns]`.
/// - Precondition: depths, types and leading axes agree; the first matrix is transposed only where
///   `b` has its leading axes.
public func matrixProduct(
  _ a: Tensor, _ b: Tensor, transposingFirst: Bool = false, transposingSecond: Bool = false
) -> Tensor {
  let product = MatrixProduct(
    transposingFirst: transposingFirst, transposingSecond: transposingSecond)
  let leading = Array(a.shape.dimensions.dropLast(2))
  if a.rank == b.rank, (2...3).contains(a.rank) { return Tensor(product, [a, b]) }

  let mismatch: () -> String = {
    "matrixProduct: \(a.shape)\(transposingFirst ? " transposed" : "") times "
      + "\(b.shape)\(transposingSecond ? " transposed" : "")"
  }
  precondition(a.rank > 2, mismatch())
  if b.rank == 2 {
    precondition(!transposingFirst, mismatch())
    let rows = a.shape.dimensions.dropLast()
    let flat = a.reshaped(to: [rows.reduce(1, *), a.shape[a.rank - 1]])
    let result = Tensor(product, [flat, b])
    return result.reshaped(to: Shape(rows + [result.shape[1]]))
  }
  precondition(b.rank == a.rank && Array(b.shape.dimensions.dropLast(2)) == leading, mismatch())
  let batch = leading.reduce(1, *)
  let flat = [a, b].map { $0.reshaped(to: Shape([batch] + $0.shape.dimensions.suffix(2))) }
  let result = Tensor(product, flat)
  return result.reshaped(to: Shape(leading + result.shape.dimensions.suffix(2)))
}
