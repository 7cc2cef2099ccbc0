import FileFormats

extension TrajectoryObservables {
  /// What follows from time series of coordinates, block of atoms after block of atoms.
  static func dynamics(
    _ pass: TrajectoryPass, _ path: String, interval: Double?, options: AnalysisOptions,
    notes: inout [String], progress: (Double) throws -> Void
  ) throws -> (displacement: MeanSquareDisplacement?, velocity: VelocityAutocorrelation?) {
    guard pass.frameCount >= 2 else {
      notes.append("One frame has no dynamics.")
      return (nil, nil)
    }
    guard let interval else {
      notes.append(
        pass.times(interval: options.interval) == nil
          ? "The frames have no time_fs: without the time between them (--interval) there are no "
            + "displacements and no spectrum."
          : "The frames are not evenly spaced in time: there are no displacements and no spectrum.")
      return (nil, nil)
    }
    let duration = Double(pass.frameCount - 1) * interval
    let length = options.spectrumLength ?? min(4000, duration / 2)
    let lags = min(pass.frameCount - 1, Int((length / interval).rounded()))
    var displacement = MeanSquareDisplacementAccumulator(pass.atoms, frameCount: pass.frameCount)
    var velocity =
      pass.hasVelocities
      ? VelocityAutocorrelationAccumulator(
        pass.atoms, frameCount: pass.frameCount, greatestLag: lags) : nil

    func add(_ positions: CoordinateSeries, _ velocities: CoordinateSeries) {
      for atom in positions.atoms {
        for axis in 0..<3 {
          displacement.add(positions.series(ofAtom: atom, axis: axis), ofAtom: atom)
          velocity?.add(velocities.series(ofAtom: atom, axis: axis), ofAtom: atom)
        }
      }
    }
    add(pass.positions, pass.velocities)
    for (index, block) in pass.remainingBlocks.enumerated() {
      let (positions, velocities) = try series(of: block, pass, path, options: options)
      add(positions, velocities)
      try progress(Double(index + 2) / Double(pass.blockCount))
    }
    if velocity == nil {
      notes.append("There are no velocities (or momenta) in every frame, hence no spectrum.")
    }
    return (
      displacement.result(interval: interval, fitting: options.fitRange),
      velocity?.result(interval: interval)
    )
  }

  /// Reads the trajectory once more for other atoms.
  private static func series(
    of atoms: Range<Int>, _ pass: TrajectoryPass, _ path: String, options: AnalysisOptions
  ) throws -> (positions: CoordinateSeries, velocities: CoordinateSeries) {
    var reader = try TrajectoryReader(path: path, selection: options.selection)
    var positions = CoordinateSeries(atoms: atoms)
    var velocities = CoordinateSeries(atoms: atoms)
    var unwrapper = Unwrapper()
    while positions.frameCount < pass.frameCount, let frame = try reader.next() {
      unwrapper.add(frame)
      let index = positions.frameCount
      positions.add(unwrapper.positions, relativeTo: pass.centres[index])
      if let vectors = frame.velocities, pass.hasVelocities {
        velocities.add(vectors, relativeTo: pass.centreVelocities[index])
      }
    }
    guard positions.frameCount == pass.frameCount,
      !pass.hasVelocities || velocities.frameCount == pass.frameCount
    else {
      throw FileFormatError(
        kind: .malformed, file: path, found: "the file changed while it was read",
        expected: "a trajectory that nobody writes to")
    }
    return (positions, velocities)
  }
}
