/// A matrix product on buffers, as data: which elements are multiplied and where the sums go.
///
/// For every matrix `b` of the batch, row `r` and column `c`
///
///     result[b, r, c] = epilogue(Σ over terms t, d of scaleₜ · firstₜ[b, r, d] · secondₜ[b, d, c])
///
/// with the result's old value added to the sum where `accumulates`. All terms read the same two
/// buffers, each at places of its own, so that several groups of channels that feed one group are
/// one kernel. Rows and depths may have two levels with strides of their own (`Axis`): the rows of
/// features stored `[node][group][component][channel]` are pairs (node, component), and a product
/// reads and writes them where they stand.
package struct MatrixProductDescription: Hashable, Sendable {
  /// An axis whose positions are pairs (item, component), the component running fastest.
  package struct Axis: Hashable, Sendable {
    package var items: Dimension
    package var components: Int

    package init(_ items: Dimension, components: Int = 1) {
      self.items = items
      self.components = components
    }

    package var count: Dimension { items * Dimension(components) }
  }

  /// How far apart neighbours along an axis stand, in elements.
  package struct Stride: Hashable, Sendable {
    package var item: Dimension
    package var component: Dimension

    package init(_ item: Dimension, component: Dimension = 0) {
      self.item = item
      self.component = component
    }

    /// The stride of an axis that runs over equidistant rows of `length` elements.
    package static func rows(of length: Dimension, components: Int = 1) -> Stride {
      Stride(length * Dimension(components), component: components == 1 ? 0 : length)
    }
  }

  /// Where the elements of a matrix stand in its buffer, in elements.
  package struct Layout: Hashable, Sendable {
    package var offset: Dimension
    /// From a matrix of the batch to the next; 0 where all use the same.
    package var batch: Dimension
    package var row: Stride
    package var column: Stride

    package init(
      offset: Dimension = 0, batch: Dimension = 0, row: Stride, column: Stride = Stride(1)
    ) {
      self.offset = offset
      self.batch = batch
      self.row = row
      self.column = column
    }

    /// The same elements with rows and columns exchanged.
    package var transposed: Layout {
      Layout(offset: offset, batch: batch, row: column, column: row)
    }
  }

  /// One product of the sum.
  package struct Term: Hashable, Sendable {
    /// All terms have the same number of components.
    package var depth: Axis
    /// Rows are the product's, columns the depth.
    package var first: Layout
    /// Rows are the depth; columns have one level.
    package var second: Layout
    package var scale: Double

    package init(depth: Axis, first: Layout, second: Layout, scale: Double = 1) {
      self.depth = depth
      self.first = first
      self.second = second
      self.scale = scale
    }
  }

  package var elementType: ElementType
  package var batches: Dimension
  package var rows: Axis
  package var columns: Dimension
  /// At least one.
  package var terms: [Term]
  /// Columns are contiguous.
  package var result: Layout
  /// Whether the products are added to what the result holds.
  package var accumulates: Bool
  /// OpenCL C text of what is stored, in terms of `value`, valid for scalars and vectors; `value`
  /// itself where nil.
  package var epilogue: String?

  package init(
    _ elementType: ElementType, batches: Dimension = 1, rows: Axis, columns: Dimension,
    terms: [Term], result: Layout, accumulates: Bool = false, epilogue: String? = nil
  ) {
    precondition(
      elementType.isFloatingPoint, "a matrix product of \(elementType); it takes floats or doubles")
    precondition(
      Set(terms.map(\.depth.components)).count == 1,
      "a matrix product of terms with depths of \(terms.map(\.depth.components)) components")
    precondition(
      result.column == Stride(1), "a matrix product's result has contiguous columns")
    precondition(
      terms.allSatisfy { $0.second.column.component == 0 },
      "the columns of a matrix product have one level")
    self.elementType = elementType
    self.batches = batches
    self.rows = rows
    self.columns = columns
    self.terms = terms
    self.result = result
    self.accumulates = accumulates
    self.epilogue = epilogue
  }

  /// The product of contiguous row-major matrices `[rows, depth]` and `[depth, columns]`, each
  /// stored the other way round where it is to be transposed; a batch of them where `batches` is
  /// given, of which the second matrix may be one for all.
  package static func dense(
    _ elementType: ElementType, batches: Dimension = 1, rows: Dimension, columns: Dimension,
    depth: Dimension, transposingFirst: Bool = false, transposingSecond: Bool = false,
    sharingSecond: Bool = false
  ) -> MatrixProductDescription {
    let first =
      transposingFirst
      ? Layout(batch: rows * depth, row: .rows(of: rows)).transposed
      : Layout(batch: rows * depth, row: .rows(of: depth))
    let secondBatch = sharingSecond ? 0 : depth * columns
    let second =
      transposingSecond
      ? Layout(batch: secondBatch, row: .rows(of: depth)).transposed
      : Layout(batch: secondBatch, row: .rows(of: columns))
    return MatrixProductDescription(
      elementType, batches: batches, rows: Axis(rows), columns: columns,
      terms: [Term(depth: Axis(depth), first: first, second: second)],
      result: Layout(batch: rows * columns, row: .rows(of: columns)))
  }

  /// Floating-point operations; a multiplication and an addition count as two.
  package var operationCount: Dimension {
    terms.reduce(0) { $0 + $1.depth.count } * 2 * batches * rows.count * columns
  }
}
