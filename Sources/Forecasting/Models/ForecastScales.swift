/// The units in which a forecaster counts: the root mean squares of its training targets.
public struct ForecastScales: Hashable, Sendable {
  /// Å.
  public var displacement: Double
  /// Å/fs.
  public var velocity: Double

  public init(displacement: Double, velocity: Double) {
    self.displacement = displacement
    self.velocity = velocity
  }
}
