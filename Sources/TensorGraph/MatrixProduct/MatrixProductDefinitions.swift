/// The macros that stand before the kernels of matrix products, and the sizes that go with them, for a
/// launch that computes one product or several.
///
/// Only what changes the form of the machine code is written into the text: types, tiling, numbers of
/// components, strides of 0 and 1. Every other size is read from a table, a row a product, or is an
/// argument of the kernel if it may be a symbol, so that the products of a model share a handful of
/// builds.
struct MatrixProductDefinitions {
  private(set) var text = ""
  let vectorWidth: Int
  private let products: [MatrixProductDescription]
  /// The columns of the table.
  private var entries: [[Int32]] = []
  /// The sizes that are arguments.
  private var shared: [Dimension] = []
  /// Whether some size is a symbol for one product and a number, or another symbol, for the next.
  private var disagrees = false

  /// - Returns: nil for several products of which one text cannot speak.
  init?(_ plan: MatrixProductPlan, _ products: [MatrixProductDescription]) {
    self.products = products
    let model = products[0]
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
        && products.contains { product in
          product.columns.fixed.map {
            (1...tiling.vectorWidth).contains($0 % tiling.panelWidth)
          } ?? true
        }
      define("HAS_NARROW_PANEL", hasNarrowPanel ? "1" : "0")
    case .localMemory(let tiling):
      vectorWidth = 1
      define("GROUP_EDGE", "\(tiling.groupEdge)")
      define("ITEM_EDGE", "\(tiling.itemEdge)")
      define("DEPTH_BLOCK", "\(tiling.depthBlock)")
    }
    defineTypes(model.elementType)
    defineSizes(plan)
    defineTerms()
    define("ACCUMULATES", model.accumulates ? "1" : "0")
    define("EPILOGUE(value)", "(\(model.epilogue ?? "value"))")
    // A second matrix that is stored transposed is turned in registers where vectors make blocks.
    let hasTurn =
      vectorWidth >= 4 && model.terms[0].depth.components == 1
      && !products.flatMap(\.terms).allSatisfy { $0.second.column.item == 1 }
    define("HAS_TURN", hasTurn ? "1" : "0")
    define("HAS_SEVERAL_PRODUCTS", products.count > 1 ? "1" : "0")
    define("MATRIX", "get_global_id(2)")
    define("ENTRY_COUNT", "\(entries.count)")
    let parameters = shared.indices.map { ", const int size\($0)" }
    define("SIZE_PARAMETERS", ", __global const int* restrict table" + parameters.joined())
    text +=
      hasTurn ? "\n" + BlockTransposition.function(vector: "vector", width: vectorWidth) : "\n"
    if disagrees { return nil }
  }

  /// The arguments after the buffers: the table, a row a product, and the sizes that all share.
  var arguments: [KernelCall.Argument] {
    let rows = products.indices.flatMap { product in entries.map { $0[product] } }
    return [.table(rows)] + shared.map { .size($0) }
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

  private mutating func defineSizes(_ plan: MatrixProductPlan) {
    define("ROW_ITEMS", argument { $0.rows.items })
    define("ROW_COMPONENTS", count { $0.rows.components })
    define("COLUMN_COUNT", size { $0.columns })
    define("DEPTH_COMPONENTS", "\(products[0].terms[0].depth.components)")
    define("SPLITS", plan.splits == 1 ? "1" : size { _ in Dimension(plan.splits) })
    define("SPLIT_STRIDE", plan.splits == 1 ? "0" : size { _ in plan.partLength })
    let layout = initializer(of: \.result, rows: \.rows.components, columns: { _ in 1 })
    define("RESULT", "((layout)\(layout))")
  }

  private mutating func defineTerms() {
    let terms = products[0].terms.indices.map { place in
      let depth = size { $0.terms[place].depth.items }
      let first = initializer(
        of: \.terms[place].first, rows: \.rows.components,
        columns: \.terms[place].depth.components)
      let second = initializer(
        of: \.terms[place].second, rows: \.terms[place].depth.components, columns: { _ in 1 })
      return "{\(depth), \(first), \(second), \(scale { $0.terms[place].scale })}"
    }
    define("TERM_COUNT", "\(terms.count)")
    define("TERMS", terms.joined(separator: ", \\\n  "))
    let all = products.flatMap(\.terms)
    let readsAlongDepth = all.allSatisfy { $0.first.column.item == 1 }
    define("FIRST_DEPTH_STRIDE", readsAlongDepth ? "1" : "t.first.column_item_stride")
    let readsAlongColumns = all.allSatisfy { $0.second.column.item == 1 }
    define("SECOND_COLUMN_STRIDE", readsAlongColumns ? "1" : "t.second.column_item_stride")
  }

  /// A size as OpenCL C text, which names a column of the table, or an argument for a symbol. A number
  /// beyond 32 bits is an argument too, which is an error when the kernel runs.
  private mutating func size(_ value: (MatrixProductDescription) -> Dimension) -> String {
    let fixed = products.compactMap { value($0).fixed.flatMap(Int32.init(exactly:)) }
    return fixed.count == products.count ? entry(fixed) : argument(value)
  }

  /// A size that all products share as OpenCL C text, which names an argument.
  private mutating func argument(_ value: (MatrixProductDescription) -> Dimension) -> String {
    if Set(products.map(value)).count > 1 { disagrees = true }
    shared.append(value(products[0]))
    return "size\(shared.count - 1)"
  }

  /// A column of its own even where another has the same numbers: which do is chance, and must not
  /// show in the text.
  private mutating func entry(_ column: [Int32]) -> String {
    entries.append(column)
    return "entry[\(entries.count - 1)]"
  }

  /// A number of components as OpenCL C text; 1 as it is, for the divisions it saves.
  private mutating func count(of components: (MatrixProductDescription) -> Int) -> String {
    products.allSatisfy { components($0) == 1 } ? "1" : size { Dimension(components($0)) }
  }

  /// A stride as OpenCL C text: 0 and 1 as they are, for what they simplify.
  private mutating func stride(
    _ value: (MatrixProductDescription) -> Dimension,
    isUsed: (MatrixProductDescription) -> Bool = { _ in true }
  ) -> String {
    let values = products.map { isUsed($0) ? value($0) : 0 }
    if let common = values.first, common == 0 || common == 1, Set(values).count == 1 {
      return "\(common)"
    }
    return size { isUsed($0) ? value($0) : 0 }
  }

  /// A factor as OpenCL C text: its bits stand in the table.
  private mutating func scale(_ value: (MatrixProductDescription) -> Double) -> String {
    if products[0].elementType == .float64 {
      let bits = products.map { value($0).bitPattern }
      let low = entry(bits.map { Int32(truncatingIfNeeded: $0) })
      let high = entry(bits.map { Int32(truncatingIfNeeded: $0 >> 32) })
      return "as_double((int2)(\(low), \(high)))"
    }
    return "as_float("
      + entry(products.map { Int32(bitPattern: Float(value($0)).bitPattern) }) + ")"
  }

  /// The members of the kernels' type `layout` for a matrix of so many components a row and a column.
  private mutating func initializer(
    of layout: (MatrixProductDescription) -> MatrixProductDescription.Layout,
    rows rowComponents: (MatrixProductDescription) -> Int,
    columns columnComponents: (MatrixProductDescription) -> Int
  ) -> String {
    let members = [
      size { layout($0).offset },
      stride({ layout($0).batch }, isUsed: { $0.batches != 1 }),
      stride { layout($0).row.item },
      stride({ layout($0).row.component }, isUsed: { rowComponents($0) > 1 }),
      stride { layout($0).column.item },
      stride({ layout($0).column.component }, isUsed: { columnComponents($0) > 1 }),
      count(of: rowComponents),
    ]
    return "{\(members.joined(separator: ", "))}"
  }
}
