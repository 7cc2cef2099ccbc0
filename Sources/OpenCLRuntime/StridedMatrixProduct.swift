/// A matrix product, or a batch of equal ones, as BLAS knows it: one stride a matrix.
///
///     result[b] = scale · first[b] · second[b], added to what the result holds where `accumulates`
package struct StridedMatrixProduct: Sendable, Equatable {
  /// Where a row-major matrix stands in its buffer, in elements.
  package struct Matrix: Sendable, Equatable {
    package var offset: Int
    /// From a stored row to the next.
    package var rowLength: Int
    /// From a matrix of the batch to the next; 0 where all use the same.
    package var batchStride: Int
    /// Whether the stored matrix is the transpose of the factor.
    package var isTransposed: Bool

    package init(offset: Int, rowLength: Int, batchStride: Int, isTransposed: Bool) {
      self.offset = offset
      self.rowLength = rowLength
      self.batchStride = batchStride
      self.isTransposed = isTransposed
    }
  }

  package var isDouble: Bool
  package var batches: Int
  package var rows: Int
  package var columns: Int
  package var depth: Int
  package var scale: Double
  package var accumulates: Bool
  package var first: Matrix
  package var second: Matrix
  /// Not transposed.
  package var result: Matrix

  package init(
    isDouble: Bool, batches: Int, rows: Int, columns: Int, depth: Int, scale: Double,
    accumulates: Bool, first: Matrix, second: Matrix, result: Matrix
  ) {
    self.isDouble = isDouble
    self.batches = batches
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.scale = scale
    self.accumulates = accumulates
    self.first = first
    self.second = second
    self.result = result
  }
}
