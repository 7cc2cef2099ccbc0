/// A 3 × 3 matrix that is no rotation.
public struct RotationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The largest |MᵀM − 1| of the matrix.
  public let deviation: Double
  public let determinant: Double

  public var description: String {
    "the matrix is no rotation: its determinant is \(determinant), expected 1; "
      + "its columns deviate by \(deviation) from orthonormal ones"
  }
}

extension Rotation {
  /// The matrix R with R x = `apply(to: x)`; row-major, shape 3 × 3.
  public var matrix: SquareMatrix {
    let columns = [SIMD3<Double>(1, 0, 0), [0, 1, 0], [0, 0, 1]].map(apply(to:))
    var matrix = SquareMatrix(zeroOfDimension: 3)
    for row in 0..<3 {
      for column in 0..<3 { matrix[row, column] = columns[column][row] }
    }
    return matrix
  }

  /// The rotation that a matrix describes, as `matrix` gives it.
  ///
  /// - Parameter tolerance: How far MᵀM may be from 1 and the determinant from 1.
  /// - Throws: `RotationError` when the matrix is no rotation: a reflection, say.
  /// - Precondition: The matrix is 3 × 3.
  public init(matrix: SquareMatrix, tolerance: Double = 1e-6) throws(RotationError) {
    precondition(
      matrix.dimension == 3,
      "a rotation has a matrix of shape [3, 3], not [\(matrix.dimension), \(matrix.dimension)]")
    let columns = (0..<3).map { SIMD3(matrix[0, $0], matrix[1, $0], matrix[2, $0]) }
    let determinant = columns[0].cross(columns[1]).dot(columns[2])
    var deviation = 0.0
    for row in 0..<3 {
      for column in 0..<3 {
        let product = columns[row].dot(columns[column]) - (row == column ? 1 : 0)
        // Written so that a NaN is kept.
        if !(abs(product) <= deviation) { deviation = abs(product) }
      }
    }
    guard deviation <= tolerance, abs(determinant - 1) <= tolerance else {
      throw RotationError(deviation: deviation, determinant: determinant)
    }
    self.init(Self.quaternion(of: matrix))
  }

  /// Shepperd's method (J. Guidance and Control 1, 223, 1978): of the four components the largest is
  /// taken from the diagonal and the others from their products with it, so that none cancels.
  private static func quaternion(of matrix: SquareMatrix) -> Quaternion {
    let (xx, yy, zz) = (matrix[0, 0], matrix[1, 1], matrix[2, 2])
    let (wx, wy, wz) = (
      matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]
    )
    let (xy, xz, yz) = (
      matrix[0, 1] + matrix[1, 0], matrix[0, 2] + matrix[2, 0], matrix[1, 2] + matrix[2, 1]
    )
    // Four times the squares of w, x, y, z; each row below is 4 times the quaternion times one.
    let squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz]
    switch squares.indices.max(by: { squares[$0] < squares[$1] }) {
    case 1: return Quaternion(real: wx, imaginary: [squares[1], xy, xz])
    case 2: return Quaternion(real: wy, imaginary: [xy, squares[2], yz])
    case 3: return Quaternion(real: wz, imaginary: [xz, yz, squares[3]])
    default: return Quaternion(real: squares[0], imaginary: [wx, wy, wz])
    }
  }
}
