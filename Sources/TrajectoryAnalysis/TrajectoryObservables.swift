import FileFormats
import Foundation

/// What a trajectory says of the matter in it: the observables of one file.
///
///     let observables = try TrajectoryObservables(contentsOf: "trajectory.extxyz")
///     print(observables.thermodynamics.temperature ?? [])
///
/// - The file is read once, frame by frame. Only the coordinates that make time series are kept,
///   within the memory that the options allow; where that is not enough, it is read again.
/// - What a file does not hold (times, velocities, a cell) leaves observables out; `notes` says
///   which and why.
public struct TrajectoryObservables: Sendable {
  /// What tables and legends call the trajectory.
  public private(set) var name: String
  /// The file.
  public let path: String
  /// Symbols and numbers: "O64H128".
  public let formula: String
  public let atomCount: Int
  /// The number of frames that were looked at.
  public let frameCount: Int
  /// The times of the frames in fs; nil where the file does not say.
  public let times: [Double]?
  /// The time between frames in fs; nil if not known or not even.
  public let interval: Double?

  public let thermodynamics: Thermodynamics
  public let cell: CellHistory?
  public let radialDistribution: RadialDistribution?
  public let angularDistribution: AngularDistribution?
  public let meanSquareDisplacement: MeanSquareDisplacement?
  public let velocityAutocorrelation: VelocityAutocorrelation?
  public let spectrum: VibrationalSpectrum?
  /// What was left out and why, and what to be careful about: a sentence each.
  public let notes: [String]

  let symbols: [String]
  let sample: [FrameSample.Frame]

  /// Reads and analyses a trajectory.
  ///
  /// - Parameters:
  ///   - name: what to call it; nil takes the file's name without its extension.
  ///   - log: the run's log in CSV, which then decides about temperature, energy and pressure.
  ///   - progress: is told the share of the work that is done; what it throws ends the analysis.
  /// - Throws: `FileFormatError` where a file cannot be read or its frames do not belong together.
  public init(
    contentsOf path: String, name: String? = nil, log logPath: String? = nil,
    options: AnalysisOptions = AnalysisOptions(), progress: (Double) throws -> Void = { _ in }
  ) throws {
    let log = try logPath.map { try ThermodynamicLog(contentsOf: $0) }
    var reader = try TrajectoryReader(path: path, selection: options.selection)
    let atoms = reader.atoms
    var pass = TrajectoryPass(atoms, options: options)
    let fileSize = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    while let frame = try reader.next() {
      if pass.frameCount == 0 {
        pass.planBlocks(expectedFrames: (fileSize ?? 0) / max(1, reader.fileOffset) + 1)
      }
      pass.add(frame)
      if let fileSize, fileSize > 0 {
        try progress(
          Double(reader.fileOffset) / Double(fileSize) / Double(pass.blockCount))
      }
    }
    guard pass.frameCount > 0 else {
      throw FileFormatError(
        kind: .malformed, file: path,
        found: "there is no frame \(options.firstFrame)",
        expected: "a first frame within the trajectory")
    }

    var notes: [String] = []
    let times = pass.times(interval: options.interval)
    let interval = times.flatMap(Self.evenInterval)
    let dynamics = try Self.dynamics(
      pass, path, interval: interval, options: options, notes: &notes, progress: progress)

    self.name = name ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    self.path = path
    formula = atoms.formula
    atomCount = atoms.count
    symbols = atoms.symbols
    frameCount = pass.frameCount
    self.times = times
    self.interval = interval
    thermodynamics =
      log.map { log in
        Thermodynamics(times?.first.map(log.from) ?? log, atomCount: atoms.count)
      }
      ?? Thermodynamics(
        pass.samples, times: times ?? [], atomCount: atoms.count,
        degreesOfFreedom: options.degreesOfFreedom ?? 3 * atoms.count - 3)
    cell =
      pass.boxes.count == pass.frameCount
      ? CellHistory(pass.boxes, mass: atoms.totalMass) : nil
    let radial = pass.radial?.result()
    radialDistribution = radial
    angularDistribution = Self.angles(
      pass, bondCutoff: options.bondCutoff ?? radial?.pairs.first?.firstMinimum)
    meanSquareDisplacement = dynamics.displacement
    velocityAutocorrelation = dynamics.velocity
    spectrum = dynamics.velocity.flatMap { VibrationalSpectrum($0) }
    sample = pass.sample.frames

    if radial == nil {
      notes.append("There is no cell, hence no density and no radial distribution.")
    }
    if pass.largestRelativeStep > 0.4 {
      notes.append(
        "Between frames an atom moves \(Int(100 * pass.largestRelativeStep)) % of the cell: "
          + "displacements through its faces cannot be told. Write frames more often.")
    }
    if let exponent = dynamics.displacement?.curves.first?.diffusion?.exponent, exponent < 0.5 {
      notes.append(
        "Displacements do not grow with time (exponent \(NumberText.fixed(exponent, decimals: 2))"
          + "): within the fitted range nothing diffuses, whatever the coefficient says.")
    }
    self.notes = notes
  }

  /// The same under another name.
  public func renamed(_ name: String) -> TrajectoryObservables {
    var result = self
    result.name = name
    return result
  }

  /// The interval of times that are evenly spaced to a millionth of it.
  private static func evenInterval(_ times: [Double]) -> Double? {
    guard times.count >= 2, let first = times.first, let last = times.last else { return nil }
    let interval = (last - first) / Double(times.count - 1)
    let rounding = 1e-12 * max(abs(first), abs(last))
    guard interval > 0,
      times.enumerated().allSatisfy({
        abs($1 - first - Double($0) * interval) <= 1e-6 * interval + rounding
      })
    else { return nil }
    return interval
  }

  private static func angles(_ pass: TrajectoryPass, bondCutoff: Double?) -> AngularDistribution? {
    guard let bondCutoff else { return nil }
    var accumulator = AngularDistributionAccumulator(pass.atoms, bondCutoff: bondCutoff)
    for frame in pass.sample.frames {
      accumulator.add(frame.positions, in: frame.box ?? PeriodicBox(around: frame.positions))
    }
    return accumulator.result()
  }
}
