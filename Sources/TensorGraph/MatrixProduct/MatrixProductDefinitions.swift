/// The macros that stand before the kernels of matrix products, and the sizes that go with them.
///
/// Only what changes the form of the machine code is written into the text: types, tiling, numbers
/// of components, strides of 0 and 1. Every other size is an argument of the kernel, so that the
/// products of a model share a handful of builds.
struct MatrixProductDefinitions {
  private(set) var text = ""
  /// The arguments after the buffers.
  private(set) var sizes: [KernelCall.Argument] = []
  let vectorWidth: Int

  init(_ plan: MatrixProductPlan, _ description: MatrixProductDescription) {
    switch plan.tiling {
    case .registers(let tiling):
      vectorWidth = tiling.vectorWidth
      define("VECTORS_PER_PANEL", "\(tiling.vectorsPerPanel)")
      define("ROWS_PER_STEP", "\(tiling.rowsPerStep)")
      define("ROW_TILE", "\(tiling.rowsPerItem)")
      define("PANELS_PER_ITEM", "\(tiling.panelsPerItem)")
      define("DEPTH_BLOCK", "\(tiling.depthBlock)")
      define("PACKS_FIRST", tiling.packsFirst ? "1" : "0")
      let hasNarrowPanel =
        tiling.vectorsPerPanel > 1
        && description.columns.fixed.map {
          (1...tiling.vectorWidth).contains($0 % tiling.panelWidth)
        } ?? true
      define("HAS_NARROW_PANEL", hasNarrowPanel ? "1" : "0")
    case .localMemory(let tiling):
      vectorWidth = 1
      define("GROUP_EDGE", "\(tiling.groupEdge)")
      define("ITEM_EDGE", "\(tiling.itemEdge)")
      define("DEPTH_BLOCK", "\(tiling.depthBlock)")
    }
    defineTypes(description.elementType)
    defineSizes(plan, description)
    defineTerms(description)
    define("ACCUMULATES", description.accumulates ? "1" : "0")
    define("EPILOGUE(value)", "(\(description.epilogue ?? "value"))")
    let parameters = sizes.enumerated().map { place, size in
      if case .number = size { return ", const real size\(place)" }
      return ", const int size\(place)"
    }
    define("SIZE_PARAMETERS", parameters.joined())
    text += "\n"
  }

  private mutating func define(_ name: String, _ value: String) {
    text += "#define \(name) \(value)\n"
  }

  private mutating func defineTypes(_ type: ElementType) {
    define("real", type.kernelName)
    define("vector", KernelType(type, width: vectorWidth).name)
    define("VECTOR_WIDTH", "\(vectorWidth)")
    let isScalar = vectorWidth == 1
    define("LOAD(pointer)", isScalar ? "(*(pointer))" : "vload\(vectorWidth)(0, pointer)")
    define(
      "STORE(value, pointer)",
      isScalar ? "(*(pointer) = (value))" : "vstore\(vectorWidth)(value, 0, pointer)")
  }

  private mutating func defineSizes(
    _ plan: MatrixProductPlan, _ description: MatrixProductDescription
  ) {
    define("ROW_ITEMS", argument(description.rows.items))
    define("ROW_COMPONENTS", count(of: description.rows.components))
    define("COLUMN_COUNT", argument(description.columns))
    define("DEPTH_COMPONENTS", "\(description.terms[0].depth.components)")
    define("SPLITS", plan.splits == 1 ? "1" : argument(Dimension(plan.splits)))
    define("SPLIT_STRIDE", plan.splits == 1 ? "0" : argument(plan.partLength))
    let layout = initializer(
      description.result, description, rows: description.rows.components, columns: 1)
    define("RESULT", "((layout)\(layout))")
  }

  private mutating func defineTerms(_ description: MatrixProductDescription) {
    let terms = description.terms.map { term in
      let depth = argument(term.depth.items)
      let first = initializer(
        term.first, description, rows: description.rows.components,
        columns: term.depth.components)
      let second = initializer(
        term.second, description, rows: term.depth.components, columns: 1)
      sizes.append(.number(term.scale, description.elementType))
      let scale = "size\(sizes.count - 1)"
      return "{\(depth), \(first), \(second), \(scale)}"
    }
    define("TERM_COUNT", "\(terms.count)")
    define("TERMS", terms.joined(separator: ", \\\n  "))
    let readsAlongDepth = description.terms.allSatisfy { $0.first.column.item == 1 }
    define("FIRST_DEPTH_STRIDE", readsAlongDepth ? "1" : "t.first.column_item_stride")
    let readsAlongColumns = description.terms.allSatisfy { $0.second.column.item == 1 }
    define("SECOND_COLUMN_STRIDE", readsAlongColumns ? "1" : "t.second.column_item_stride")
  }

  /// A size as OpenCL C text, which names an argument.
  private mutating func argument(_ dimension: Dimension) -> String {
    sizes.append(.size(dimension))
    return "size\(sizes.count - 1)"
  }

  /// A number of components as OpenCL C text; 1 as it is, for the divisions it saves.
  private mutating func count(of components: Int) -> String {
    components == 1 ? "1" : argument(Dimension(components))
  }

  /// A stride as OpenCL C text: 0 and 1 as they are, for what they simplify, any other as an
  /// argument.
  private mutating func stride(_ dimension: Dimension, isUsed: Bool = true) -> String {
    if !isUsed || dimension == 0 { return "0" }
    return dimension == 1 ? "1" : argument(dimension)
  }

  /// The members of the kernels' type `layout` for a matrix of so many components a row and a
  /// column.
  private mutating func initializer(
    _ layout: MatrixProductDescription.Layout, _ description: MatrixProductDescription,
    rows rowComponents: Int, columns columnComponents: Int
  ) -> String {
    let members = [
      argument(layout.offset), stride(layout.batch, isUsed: description.batches != 1),
      stride(layout.row.item), stride(layout.row.component, isUsed: rowComponents > 1),
      stride(layout.column.item), stride(layout.column.component, isUsed: columnComponents > 1),
      count(of: rowComponents),
    ]
    return "{\(members.joined(separator: ", "))}"
  }
}
