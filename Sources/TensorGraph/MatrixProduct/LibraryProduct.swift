import OpenCLRuntime

/// A matrix product that CLBlast computes in place of kernels of our own: its sizes, which may be
/// symbols.
///
/// CLBlast takes one stride a matrix, no epilogue, and one term a call. Its result is the same run after
/// run, but how it cuts a product, and so the order of additions, depends on all of its sizes.
package struct LibraryProduct: Hashable, Sendable {
  private struct Matrix: Hashable, Sendable {
    var offset: Dimension
    var rowLength: Dimension
    var batchStride: Dimension
    var isTransposed: Bool

    /// - Parameters: rows and columns as they are stored.
    func bound(in sizes: [SizeSymbol: Int], rows: Int, columns: Int) -> StridedMatrixProduct.Matrix
    {
      let rowLength = rowLength.value(in: sizes)
      return StridedMatrixProduct.Matrix(
        offset: offset.value(in: sizes),
        // Of a single row the length does not matter; the library asks for one that fits.
        rowLength: rows == 1 ? max(rowLength, columns) : rowLength,
        batchStride: batchStride.value(in: sizes), isTransposed: isTransposed)
    }
  }

  private var isDouble: Bool
  private var batches: Dimension
  private var rows: Dimension
  private var columns: Dimension
  private var depth: Dimension
  private var scale: Double
  private var accumulates: Bool
  private var first: Matrix
  private var second: Matrix
  private var result: Matrix

  /// The products, one a term, that compute a description on a device where tuning has found CLBlast
  /// the faster for such sizes; nil for all others, which our own kernels compute.
  ///
  /// A size that is a symbol counts as large: it is a number of nodes or edges.
  static func chosen(
    for description: MatrixProductDescription, on profile: DeviceProfile
  ) -> [LibraryProduct]? {
    guard let least = profile.tuning[.matrixLibraryEdge] else { return nil }
    let depths = description.terms.map(\.depth.count)
    let extents = [description.rows.count, description.columns] + depths
    guard extents.allSatisfy({ $0.fixed.map { $0 >= least } ?? true }) else { return nil }
    return products(of: description)
  }

  /// Nil where CLBlast does not take what is described.
  package static func products(of description: MatrixProductDescription) -> [LibraryProduct]? {
    guard description.epilogue == nil else { return nil }
    let products = description.terms.enumerated().compactMap { number, term in
      LibraryProduct(term, of: description, accumulates: description.accumulates || number > 0)
    }
    return products.count == description.terms.count ? products : nil
  }

  private init?(
    _ term: MatrixProductDescription.Term, of description: MatrixProductDescription,
    accumulates: Bool
  ) {
    guard let rowsOfFirst = term.first.row.uniform(over: description.rows.components),
      let depthOfFirst = term.first.column.uniform(over: term.depth.components),
      let depthOfSecond = term.second.row.uniform(over: term.depth.components),
      let rowsOfResult = description.result.row.uniform(over: description.rows.components),
      let first = Self.matrix(term.first, rows: rowsOfFirst, columns: depthOfFirst),
      let second = Self.matrix(
        term.second, rows: depthOfSecond, columns: term.second.column.item)
    else { return nil }
    isDouble = description.elementType == .float64
    batches = description.batches
    rows = description.rows.count
    columns = description.columns
    depth = term.depth.count
    scale = term.scale
    self.accumulates = accumulates
    self.first = first
    self.second = second
    result = Matrix(
      offset: description.result.offset, rowLength: rowsOfResult,
      batchStride: description.result.batch, isTransposed: false)
  }

  /// Nil where neither of the distances between rows and between columns is 1, or the other is 0: one
  /// row stands for all.
  private static func matrix(
    _ layout: MatrixProductDescription.Layout, rows: Dimension, columns: Dimension
  ) -> Matrix? {
    guard columns == 1 || rows == 1, columns != 0, rows != 0 else { return nil }
    return Matrix(
      offset: layout.offset, rowLength: columns == 1 ? rows : columns, batchStride: layout.batch,
      isTransposed: columns != 1)
  }

  /// The product under an assignment of symbols.
  package func bound(in sizes: [SizeSymbol: Int]) -> StridedMatrixProduct {
    let (rows, columns, depth) = (
      self.rows.value(in: sizes), self.columns.value(in: sizes), self.depth.value(in: sizes)
    )
    return StridedMatrixProduct(
      isDouble: isDouble, batches: batches.value(in: sizes), rows: rows, columns: columns,
      depth: depth, scale: scale, accumulates: accumulates,
      first: first.isTransposed
        ? first.bound(in: sizes, rows: depth, columns: rows)
        : first.bound(in: sizes, rows: rows, columns: depth),
      second: second.isTransposed
        ? second.bound(in: sizes, rows: columns, columns: depth)
        : second.bound(in: sizes, rows: depth, columns: columns),
      result: result.bound(in: sizes, rows: rows, columns: columns))
  }

  /// The step of a plan.
  func call(
    _ first: KernelCall.Argument, _ second: KernelCall.Argument, into result: KernelCall.Argument
  ) -> KernelCall {
    KernelCall(
      name: "matrixProduct (CLBlast)", library: self, arguments: [first, second, result],
      operationCount: 2 * batches * rows * columns * depth, family: .clblast)
  }
}

extension MatrixProductDescription.Stride {
  /// The distance of neighbours where all of an axis's positions are equally far apart, else nil.
  fileprivate func uniform(over components: Int) -> Dimension? {
    if components == 1 { return item }
    return item == component * Dimension(components) ? component : nil
  }
}
