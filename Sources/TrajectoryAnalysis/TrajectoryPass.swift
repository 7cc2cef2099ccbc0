/// What is gathered while a trajectory goes by for the first time.
struct TrajectoryPass {
  let atoms: TrajectoryAtoms
  private let options: AnalysisOptions
  private(set) var boxes: [PeriodicBox] = []
  private(set) var samples: [ThermodynamicSample] = []
  private(set) var radial: RadialDistributionAccumulator?
  private(set) var sample: FrameSample
  /// The centre of mass of the unwrapped positions, and its velocity, in each frame.
  private(set) var centres: [SIMD3<Double>] = []
  private(set) var centreVelocities: [SIMD3<Double>] = []
  /// The series of the first block of atoms.
  private(set) var positions: CoordinateSeries
  private(set) var velocities: CoordinateSeries
  private var unwrapper = Unwrapper()
  private var frameTimes: [Double?] = []

  init(_ atoms: TrajectoryAtoms, options: AnalysisOptions) {
    self.atoms = atoms
    self.options = options
    sample = FrameSample(atomCount: atoms.count)
    positions = CoordinateSeries(atoms: 0..<atoms.count)
    velocities = positions
  }

  var frameCount: Int { centres.count }
  var hasVelocities: Bool { centreVelocities.count == frameCount }
  var largestRelativeStep: Double { unwrapper.largestRelativeStep }

  /// Decides how many atoms' series fit into memory at a time.
  mutating func planBlocks(expectedFrames: Int) {
    let bytesPerAtom = expectedFrames * 2 * 3 * MemoryLayout<Double>.size
    let count = min(atoms.count, max(1, options.memory / max(1, bytesPerAtom)))
    positions = CoordinateSeries(atoms: 0..<count)
    velocities = positions
  }

  /// The blocks of atoms after the first.
  var remainingBlocks: [Range<Int>] {
    let size = positions.atoms.count
    return stride(from: size, to: atoms.count, by: size).map { $0..<min($0 + size, atoms.count) }
  }

  var blockCount: Int { 1 + remainingBlocks.count }

  mutating func add(_ frame: TrajectoryFrame) {
    unwrapper.add(frame)
    let centre = atoms.massCentre(of: unwrapper.positions)
    positions.add(unwrapper.positions, relativeTo: centre)
    if let vectors = frame.velocities {
      let velocity = atoms.massCentre(of: vectors)
      centreVelocities.append(velocity)
      velocities.add(vectors, relativeTo: velocity)
    }
    let index = frameCount
    centres.append(centre)
    frameTimes.append(frame.time)
    samples.append(ThermodynamicSample(frame, atoms))
    sample.add(
      FrameSample.Frame(
        index: index, time: frame.time, positions: frame.positions, box: frame.box))
    if let box = frame.box {
      boxes.append(box)
      if radial == nil {
        radial = RadialDistributionAccumulator(
          atoms, cutoff: options.radialCutoff ?? Self.defaultCutoff(box),
          binWidth: options.radialBinWidth)
      }
      radial?.add(frame.positions, in: box)
    }
  }

  /// The times in fs: multiples of a given interval between frames of the file, else what the
  /// frames say; nil where one does not.
  func times(interval: Double?) -> [Double]? {
    if let interval {
      return (0..<frameCount).map {
        Double(options.firstFrame + $0 * options.every) * interval
      }
    }
    let times = frameTimes.compactMap(\.self)
    return times.count == frameCount ? times : nil
  }

  private static func defaultCutoff(_ box: PeriodicBox) -> Double {
    min(10, max(6, (box.smallestPeriodicWidth ?? 20) / 2))
  }
}
