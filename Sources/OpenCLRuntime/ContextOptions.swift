/// What can be chosen when a device is opened.
public struct ContextOptions: Sendable {
  /// Whether each command's time on the device is kept, for `Context.profile`.
  public var profiling = false

  /// Whether memory handed out by the pool is first filled with NaN, so that reading what was never
  /// written shows. For tests; `CLEBSCH_POISON=1` turns it on.
  public var poisonsScratch = Environment["CLEBSCH_POISON"] == "1"

  /// The most bytes that buffers may hold at one time; the device's memory where none is given.
  public var memoryLimitBytes: Int?

  /// The most bytes that dropped buffers may hold in wait for the next one; an eighth of the limit
  /// where none is given.
  public var idleLimitBytes: Int?

  /// Where built programs are kept between runs; nil keeps none.
  ///
  /// The default is `kernels` below `CLEBSCH_CACHE`, else below `$XDG_CACHE_HOME/clebsch`, else below
  /// `~/.cache/clebsch`.
  public var programCacheFolder: String? = ProgramCache.defaultFolder(named: "kernels")

  /// The most bytes that the programs kept between runs may take.
  public var programCacheLimitBytes = 256 << 20

  /// Where it is kept which kernel families are right on a device and which parameters are fastest;
  /// nil keeps and heeds nothing. The default is `devices` beside the folder of built programs.
  public var recordFolder: String? = ProgramCache.defaultFolder(named: "devices")

  /// Values of tuned parameters, by name, in place of those that are kept for the device.
  public var tunedParameters: [String: Int]?

  /// Whether kernel families that were found to disagree on this device are used all the same: only
  /// a self-check wants that.
  public var usesRefusedFamilies = false

  /// Hears of what does not stop the work but should be known, in a line or two.
  public var warn: @Sendable (String) -> Void = { message in
    // A closed standard error leaves nowhere to say so.
    try? FileDescriptor.standardError.write(Array("clebsch: warning: \(message)\n".utf8))
  }

  public init() {}
}
