/// A dense real square matrix on the host, as a representation gives for a rotation.
public struct SquareMatrix: Hashable, Sendable {
  /// The number of rows, and of columns.
  public let dimension: Int

  /// The elements, row-major.
  public private(set) var elements: [Double]

  public init(dimension: Int, elements: [Double]) {
    precondition(
      elements.count == dimension * dimension,
      "a matrix of shape [\(dimension), \(dimension)] has \(dimension * dimension) elements, "
        + "not \(elements.count)")
    self.dimension = dimension
    self.elements = elements
  }

  public init(zeroOfDimension dimension: Int) {
    self.init(dimension: dimension, elements: [Double](repeating: 0, count: dimension * dimension))
  }

  public init(identityOfDimension dimension: Int) {
    self.init(zeroOfDimension: dimension)
    for index in 0..<dimension { self[index, index] = 1 }
  }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * dimension + column] }
    set { elements[row * dimension + column] = newValue }
  }

  public var transposed: SquareMatrix {
    var result = SquareMatrix(zeroOfDimension: dimension)
    for row in 0..<dimension {
      for column in 0..<dimension { result[column, row] = self[row, column] }
    }
    return result
  }

  public static func * (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix {
    let dimension = left.dimension
    precondition(
      right.dimension == dimension,
      "product of matrices of shapes [\(dimension), \(dimension)] and "
        + "[\(right.dimension), \(right.dimension)]")
    var result = SquareMatrix(zeroOfDimension: dimension)
    for row in 0..<dimension {
      for inner in 0..<dimension where left[row, inner] != 0 {
        for column in 0..<dimension {
          result[row, column] += left[row, inner] * right[inner, column]
        }
      }
    }
    return result
  }

  public static func * (matrix: SquareMatrix, vector: [Double]) -> [Double] {
    precondition(
      vector.count == matrix.dimension,
      "product of a matrix of shape [\(matrix.dimension), \(matrix.dimension)] "
        + "and a vector of \(vector.count) components")
    return (0..<matrix.dimension).map { row in
      vector.indices.reduce(0) { $0 + matrix[row, $1] * vector[$1] }
    }
  }
}
