/// Positions in space, with the cell they repeat in.
public struct PointCloud: Sendable, Hashable {
  /// In ångström; they may lie outside the cell.
  public var positions: [SIMD3<Double>]
  /// nil where nothing repeats.
  public var cell: Cell?

  public init(_ positions: [SIMD3<Double>], in cell: Cell? = nil) {
    self.positions = positions
    self.cell = cell
  }
}
