import FileFormats

/// The cell over time.
public struct CellHistory: Sendable {
  /// In Å for a, b and c, in degrees for α, β and γ; one a frame.
  public let parameters: [[Double]]
  /// In Å³, one a frame.
  public let volumes: [Double]
  /// In g/cm³.
  public let density: BlockAverage
  /// Whether the cell ever changes.
  public let varies: Bool

  public static let parameterNames = ["a", "b", "c", "alpha", "beta", "gamma"]

  init?(_ boxes: [PeriodicBox], mass: Double) {
    guard let first = boxes.first else { return nil }
    let frames = boxes.map(\.parameters)
    parameters = (0..<6).map { column in frames.map { $0[column] } }
    volumes = boxes.map(\.volume)
    density = BlockAverage(
      volumes.map { mass / $0 * PhysicalConstants.gramPerCubicCentimetre })
    varies = boxes.contains { $0.vectors != first.vectors }
  }
}
