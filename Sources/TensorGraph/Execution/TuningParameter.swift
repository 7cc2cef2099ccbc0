/// A parameter of generated kernels that a measurement on a device may set; without one, generators
/// choose by their own rules, which need no tuning.
///
/// The raw value names it in the device's record and on the command line.
package enum TuningParameter: String, Hashable, Sendable, CaseIterable {
  /// Elements that a work-item of a fused kernel processes as a vector.
  case fusedVectorWidth = "fused.vector-width"
  /// Work-items a group of a fused kernel.
  case fusedGroup = "fused.group"
  /// Items that a contraction takes together (CPUs).
  case contractionItems = "contraction.items-per-block"
  /// Lanes that a contraction takes together; half as many where it sums lanes (CPUs).
  case contractionLanes = "contraction.lanes-per-tile"
  /// Vectors of results that a contraction keeps in registers (CPUs).
  case contractionRegisters = "contraction.result-registers"
  /// Work-items a group of a contraction (GPUs).
  case contractionGroup = "contraction.group"
  /// Rows that one work-item sweeps over with the same panel, at most (CPUs).
  case matrixRowsPerItem = "matrix-product.rows-per-item"
  /// Bytes of a panel of the second matrix (CPUs).
  case matrixPanelBytes = "matrix-product.panel-bytes"
  /// Panels of columns of one work-item (CPUs).
  case matrixPanelsPerItem = "matrix-product.panels-per-item"
  /// Rows, and columns, of one work-item (GPUs).
  case matrixItemEdge = "matrix-product.item-edge"
  /// Depth of the tiles in local memory (GPUs).
  case matrixDepthBlock = "matrix-product.depth-block"
  /// The least number of rows, of columns and of the depth from which CLBlast computes a product (GPUs
  /// where it is installed); where it is not set, all products are ours.
  case matrixLibraryEdge = "matrix-product.clblast-from"
}
