import OpenCLRuntime

/// The launch of a kernel that treats one small matrix a work-item, in its registers and its private
/// memory: what such kernels have in common.
struct SmallMatrixKernel {
  /// The most rows; beyond, a work-group should share a matrix.
  static let mostRows = 16

  let operation: String
  let rows: Int
  let columns: Int
  /// How many matrices there are.
  let count: Dimension
  let elementType: ElementType

  /// - Precondition: the operand has matrices of fixed, small extents on its last axes, square ones
  ///   unless `isTall`, which asks for at least as many rows as columns.
  init(_ operation: String, of operand: TensorDescription, isTall: Bool = false) {
    let extents = operand.shape.dimensions.suffix(2).map { $0.fixed ?? 0 }
    precondition(
      operand.elementType.isFloatingPoint && operand.shape.rank >= 2
        && extents.allSatisfy { (1...Self.mostRows).contains($0) }
        && (isTall ? extents[0] >= extents[1] : extents[0] == extents[1]),
      "\(operation): \(operand); expected matrices of at most \(Self.mostRows) rows on the last two "
        + "axes, \(isTall ? "no wider than high" : "square")")
    self.operation = operation
    rows = extents[0]
    columns = extents[1]
    count = Shape(Array(operand.shape.dimensions.dropLast(2))).elementCount
    elementType = operand.elementType
  }

  /// The shape of one row of numbers, or several, a matrix.
  static func shape(_ operand: Shape, with last: [Dimension]) -> Shape {
    Shape(operand.dimensions.dropLast(2) + last)
  }

  /// - Parameters:
  ///   - sizes: arguments after the number of matrices.
  ///   - operationCount: floating-point operations a matrix.
  func sequence(
    _ source: String, _ entryPoint: String, sizes: [Dimension] = [], operandCount: Int = 1,
    operationCount: Dimension, for profile: DeviceProfile
  ) -> KernelSequence {
    let definitions = """
      typedef \(elementType.kernelName) real;
      #define ROWS \(rows)
      #define COLUMNS \(columns)
      #define EPSILON \(KernelType(elementType).literal(elementType.unitRoundoff))

      """
    return KernelSequence([
      KernelCall(
        name: operation, source: definitions + source, entryPoint: entryPoint,
        arguments: [.size(count)] + sizes.map { .size($0) }
          + (0..<operandCount).map { .operand($0) } + [.result],
        globalSize: [WorkSize(count)], localSize: [profile.isCPU ? 16 : min(64, profile.localSize)],
        operationCount: count * operationCount)
    ])
  }
}

extension Tensor {
  /// The identity matrix of as many rows as this tensor's matrices have, without leading axes.
  func identityMatrix() -> Tensor {
    let shape = Shape(Array(self.shape.dimensions.suffix(2)))
    return (Tensor.coordinate(along: 0, of: shape) .== Tensor.coordinate(along: 1, of: shape))
      .converted(to: elementType)
  }

  /// The elements of each matrix on or below its diagonal, and zeros above; where `isStrict`, below.
  func lowerTriangle(isStrict: Bool = false) -> Tensor {
    let shape = Shape(Array(self.shape.dimensions.suffix(2)))
    let (row, column) = (
      Tensor.coordinate(along: 0, of: shape), Tensor.coordinate(along: 1, of: shape)
    )
    return select(isStrict ? column .< row : column .<= row, self, filled(with: 0))
  }

  /// The mean of each matrix and its transpose.
  func symmetrized() -> Tensor { 0.5 * (self + transposed()) }

  /// Rows of each matrix.
  func matrixRows(_ rows: Range<Int>) -> Tensor { slice(rows, along: -2) }
}
