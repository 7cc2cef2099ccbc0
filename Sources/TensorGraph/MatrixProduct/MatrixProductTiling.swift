/// How a matrix product is cut into work-items: the sizes that the kernels are compiled with.
package enum MatrixProductTiling: Hashable, Sendable {
  /// `matrix_product.cl`: one work-item computes its tile in registers, step by step.
  case registers(RegisterTiling)
  /// `matrix_product_tiled.cl`: a work-group computes its tile from local memory.
  case localMemory(LocalMemoryTiling)

  package struct RegisterTiling: Hashable, Sendable {
    /// Elements of a vector: 1, 2, 4, 8 or 16.
    package var vectorWidth: Int
    /// Vectors of a panel of columns: 1 or 2.
    package var vectorsPerPanel: Int
    /// Rows of which all sums are in registers at once.
    package var rowsPerStep: Int
    /// Rows that one work-item sweeps over with the same panel, at most.
    package var rowsPerItem: Int
    package var panelsPerItem: Int
    /// Depth of a panel.
    package var depthBlock: Int
    /// Whether blocks of the first matrix are copied too, since its depth is not contiguous.
    package var packsFirst: Bool

    package var panelWidth: Int { vectorWidth * vectorsPerPanel }
    package var columnsPerItem: Int { panelWidth * panelsPerItem }
  }

  package struct LocalMemoryTiling: Hashable, Sendable {
    /// Work-items along each edge of the group.
    package var groupEdge: Int
    /// Rows, and columns, of a work-item.
    package var itemEdge: Int
    package var depthBlock: Int
  }

  /// The tiling for a product on a device.
  package static func chosen(
    for description: MatrixProductDescription, on profile: DeviceProfile
  ) -> MatrixProductTiling {
    profile.isCPU
      ? .registers(RegisterTiling(description, for: profile))
      : .localMemory(
        LocalMemoryTiling(
          groupEdge: 16, itemEdge: profile.tuning[.matrixItemEdge] ?? 4,
          depthBlock: profile.tuning[.matrixDepthBlock] ?? 16))
  }

  /// Rows and columns of which one work-item, or one work-group, takes care.
  var tile: (rows: Int, columns: Int) {
    switch self {
    case .registers(let tiling): (tiling.rowsPerItem, tiling.columnsPerItem)
    case .localMemory(let tiling):
      (tiling.groupEdge * tiling.itemEdge, tiling.groupEdge * tiling.itemEdge)
    }
  }

  /// How many tiles keep every core, or every compute unit, of a device busy to the end.
  private var wantedTiles: Int {
    switch self {
    case .registers: 16
    case .localMemory: 256
    }
  }

  /// Into how many parts the depth is split, so that a result of few tiles, such as the gradient
  /// of a weight, still occupies the device. The number depends on no size that is a symbol: the
  /// order of additions is the same for all.
  func splits(of description: MatrixProductDescription) -> Int {
    guard let rows = description.rows.count.fixed, let columns = description.columns.fixed,
      let batches = description.batches.fixed, rows * columns * batches > 0
    else { return 1 }
    let tiles =
      batches * ((rows + tile.rows - 1) / tile.rows) * ((columns + tile.columns - 1) / tile.columns)
    let leastDepthOfPart = 256
    let depths = description.terms.map { $0.depth.count.fixed.map { $0 / leastDepthOfPart } }
    let mostSplits = depths.contains(nil) ? wantedTiles : depths.compactMap { $0 }.max() ?? 1
    return max(1, min((wantedTiles + tiles - 1) / tiles, mostSplits))
  }
}

extension MatrixProductTiling.RegisterTiling {
  /// Six rows of two vectors: twelve sums cover the latency of two multiply-add units and, with
  /// two vectors of columns and a factor, fit the sixteen vector registers of AVX2. The same
  /// holds where a compiler splits vectors of sixteen over pairs of the 32 registers of AVX-512.
  /// A result as narrow as one vector takes eight rows, of which the places are held in registers.
  ///
  /// Panels are as deep as the first-level cache allows. A panel is copied once for all rows of an
  /// item, so these are many where that leaves pieces enough for the device's cores. (Measured on two:
  /// of the time with 96 rows, 0.74 to 0.98 is left with 384.) Where the first matrix is packed as
  /// well, more panels share it, and its block and the panel fit the second-level cache together.
  ///
  /// Of a deep product the rows of an item stay in no cache from panel to panel. So an item takes more of
  /// them, and a panel is deeper and read from the second-level cache: the second matrix, whose rows lie
  /// far apart, and the sums between blocks of the depth then come from memory less often. (Measured with 512
  /// to 2,048 rows and columns and depths from 768: 0.88 to 0.94 of the time.)
  init(_ description: MatrixProductDescription, for profile: DeviceProfile) {
    var width = max(1, profile.vectorWidth(of: description.elementType))
    if let columns = description.columns.fixed {
      while width > 1, width / 2 >= columns { width /= 2 }
      vectorsPerPanel = columns > width ? 2 : 1
    } else {
      vectorsPerPanel = 2
    }
    self.vectorWidth = width
    rowsPerStep = vectorsPerPanel == 2 ? 6 : 8
    packsFirst = !description.terms.allSatisfy { $0.first.column.item == 1 }
    let cores = profile.computeUnits
    let depth = description.terms.compactMap(\.depth.count.fixed).max() ?? 0
    let isDeep = !packsFirst && depth > 512 && (description.columns.fixed ?? 0) >= 256
    let manyRows = isDeep ? 1024 : 384
    rowsPerItem =
      packsFirst
      ? 96 : profile.tuning[.matrixRowsPerItem] ?? (cores <= 4 ? manyRows : cores <= 16 ? 192 : 96)
    panelsPerItem = packsFirst ? 8 : profile.tuning[.matrixPanelsPerItem] ?? 1
    let panelBytes =
      packsFirst ? 16 << 10 : profile.tuning[.matrixPanelBytes] ?? (isDeep ? 64 << 10 : 32 << 10)
    let rowBytes = width * vectorsPerPanel * description.elementType.byteCount
    depthBlock = min(isDeep ? 1024 : 512, panelBytes / rowBytes)
  }
}
