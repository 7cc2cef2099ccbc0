/// What can be chosen when a device is opened.
public struct ContextOptions: Sendable {
  /// Whether each command's time on the device is kept, for `Context.profile`.
  public var profiling = false

  /// Whether memory handed out by the pool is first filled with NaN, so that reading what was never
  /// written shows. For tests; `CLEBSCH_POISON=1` turns it on.
  public var poisonsScratch = Environment["CLEBSCH_POISON"] == "1"

  /// The most bytes that dropped buffers may hold in wait for the next one; an eighth of the device's
  /// memory where none is given.
  public var idleLimitBytes: Int?

  public init() {}
}
