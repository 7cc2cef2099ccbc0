/// What to look at in a trajectory, and how.
public struct AnalysisOptions: Sendable {
  /// The index of the first frame, from 0: what comes before is equilibration.
  public var firstFrame = 0
  /// The index of the last frame, or nil for the last in the file.
  public var lastFrame: Int?
  /// Of the frames, each how many-th.
  public var every = 1
  /// The time between successive frames of the file in fs; nil reads `time_fs`.
  public var interval: Double?
  /// Up to where pairs are counted, in Å; nil takes half the smallest width of the cell, but at
  /// least 6 and at most 10 Å.
  public var radialCutoff: Double?
  /// The thickness of the shells in Å.
  public var radialBinWidth = 0.02
  /// Up to where atoms are neighbours, in Å; nil takes the first minimum of g(r) of all atoms.
  public var bondCutoff: Double?
  /// The lags in fs to which the straight line of diffusion is fitted; nil takes 5 % to 20 % of
  /// the trajectory.
  public var fitRange: ClosedRange<Double>?
  /// The length in fs of the velocity autocorrelation, which decides the resolution of the
  /// spectrum; nil takes 4000 fs, at most half the trajectory.
  public var spectrumLength: Double?
  /// How many degrees of freedom share the kinetic energy; nil takes 3N − 3.
  public var degreesOfFreedom: Int?
  /// How many bytes the time series of coordinates may take. Longer trajectories are read several
  /// times, for some of the atoms each time.
  public var memory = 1 << 30

  public init() {}

  /// - Precondition: the numbers make sense: the command line checks them.
  var selection: FrameSelection {
    FrameSelection(first: firstFrame, last: lastFrame, every: every)
  }
}
