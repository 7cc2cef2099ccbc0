/// The macros that stand before the kernels of matrix products: types, sizes, layouts, terms.
///
/// Fixed sizes become constants of the kernel, symbols become 64-bit variables of it, so that no
/// place in a buffer is computed in 32 bits.
struct MatrixProductDefinitions {
  let text: String
  let vectorWidth: Int

  init(
    _ description: MatrixProductDescription, tiling: MatrixProductTiling, splits: Int,
    splitStride: Dimension
  ) {
    var lines: [String] = []
    func define(_ name: String, _ value: some CustomStringConvertible) {
      lines.append("#define \(name) \(value)")
    }

    let width: Int
    switch tiling {
    case .registers(let tiling):
      width = tiling.vectorWidth
      define("VECTORS_PER_PANEL", tiling.vectorsPerPanel)
      define("ROWS_PER_STEP", tiling.rowsPerStep)
      define("ROW_TILE", tiling.rowsPerItem)
      define("PANELS_PER_ITEM", tiling.panelsPerItem)
      define("DEPTH_BLOCK", tiling.depthBlock)
    case .localMemory(let tiling):
      width = 1
      define("GROUP_EDGE", tiling.groupEdge)
      define("ITEM_EDGE", tiling.itemEdge)
      define("DEPTH_BLOCK", tiling.depthBlock)
    }
    vectorWidth = width
    define("VECTOR_WIDTH", width)
    define("real", description.elementType.kernelName)
    define("vector", KernelType(description.elementType, width: width).name)
    define("LOAD(pointer)", width == 1 ? "(*(pointer))" : "vload\(width)(0, pointer)")
    define(
      "STORE(value, pointer)",
      width == 1 ? "(*(pointer) = (value))" : "vstore\(width)(value, 0, pointer)")

    let symbols = description.symbols.map(\.name)
    define("SIZE_PARAMETERS", symbols.map { ", const int argument_\($0)" }.joined())
    define(
      "SIZE_VALUES",
      symbols.map { "const long size_\($0) = argument_\($0);" }.joined(separator: " "))
    define("ROW_COUNT", description.rows.count.kernelExpression)
    define("ROW_COMPONENTS", description.rows.components)
    define("COLUMN_COUNT", description.columns.kernelExpression)
    define("RESULT", Self.text(of: description.result))
    define("ACCUMULATES", description.accumulates ? 1 : 0)
    define("EPILOGUE(value)", "(\(description.epilogue ?? "value"))")
    define("SPLITS", splits)
    define("SPLIT_STRIDE", splits == 1 ? "0" : splitStride.kernelExpression)
    define("TERM_COUNT", description.terms.count)
    define(
      "FOR_EACH_TERM(action)",
      description.terms.enumerated().map { index, term in
        let depth = "((axis){\(term.depth.items.kernelExpression), \(term.depth.components)})"
        let scale = KernelType(description.elementType).literal(term.scale)
        return "action(\(index), \(depth), \(Self.text(of: term.first)), "
          + "\(Self.text(of: term.second)), \(scale))"
      }.joined(separator: " \\\n  "))
    text = lines.joined(separator: "\n") + "\n\n"
  }

  /// A literal of the kernels' type `layout`.
  private static func text(of layout: MatrixProductDescription.Layout) -> String {
    let fields = [
      layout.offset, layout.batch, layout.row.item, layout.row.component, layout.column.item,
      layout.column.component,
    ]
    return "((layout){\(fields.map(\.kernelExpression).joined(separator: ", "))})"
  }
}
