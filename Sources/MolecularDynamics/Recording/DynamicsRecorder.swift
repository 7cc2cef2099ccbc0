import FileFormats
import Foundation

/// Where a run is written down, and how often, in steps.
public struct DynamicsOutputs: Sendable, Hashable {
  /// Extended XYZ.
  public var trajectory: String?
  public var trajectoryInterval: Int
  /// Whether positions, velocities and forces have all their digits, or eight decimals.
  public var exactNumbers: Bool
  /// Comma-separated values.
  public var log: String?
  public var logInterval: Int
  public var checkpoint: String?
  public var checkpointInterval: Int

  public init(
    trajectory: String? = nil, trajectoryInterval: Int = 10, exactNumbers: Bool = false,
    log: String? = nil, logInterval: Int = 10, checkpoint: String? = nil,
    checkpointInterval: Int = 1000
  ) {
    self.trajectory = trajectory
    self.trajectoryInterval = trajectoryInterval
    self.exactNumbers = exactNumbers
    self.log = log
    self.logInterval = logInterval
    self.checkpoint = checkpoint
    self.checkpointInterval = checkpointInterval
  }
}

/// Writes trajectory, log and checkpoints of a run, so that it can be killed at any moment: records
/// are added whole, checkpoints replace each other whole, and a resumed run cuts off what lies
/// beyond its checkpoint.
public struct DynamicsRecorder: ~Copyable {
  private let outputs: DynamicsOutputs
  private let model: String
  private let trajectory: AppendedFile?
  private let log: AppendedFile?
  /// Goes into every checkpoint, for the caller to find again.
  public var notes: [String: String] = [:]
  /// The step of the checkpoint that a run could go on from.
  public private(set) var lastCheckpoint: Int?
  private var lastRecord = -1

  /// Begins the files of a run; `record` then writes its first step.
  ///
  /// - Parameters:
  ///   - model: what names the model in checkpoints.
  ///   - overwrites: whether files that exist are replaced.
  /// - Throws: `FileFormatError` where a file exists or cannot be written.
  public init(
    beginning simulation: Simulation, _ outputs: DynamicsOutputs, model: String,
    overwrites: Bool = false, notes: [String: String] = [:]
  ) throws {
    if !overwrites {
      for path in [outputs.trajectory, outputs.log, outputs.checkpoint].compactMap(\.self)
      where isRegularFile(path) {
        throw FileFormatError(
          kind: .cannotWrite, file: path, found: "the file exists",
          expected: "--overwrite to replace it, --resume to go on, or another name")
      }
    }
    let trajectory = try outputs.trajectory.map { try AppendedFile(path: $0, completeCount: 0) }
    let log = try outputs.log.map { try AppendedFile(path: $0, completeCount: 0) }
    try log?.append(Array(DynamicsLog.header(for: simulation.observation).utf8))
    self.init(outputs, model: model, trajectory: trajectory, log: log, notes: notes)
  }

  /// Goes on with the files of a run, as they were at a checkpoint.
  ///
  /// - Parameter path: the checkpoint's file, for errors.
  /// - Throws: `CheckpointError` where the files are not those of the run; `FileFormatError` where
  ///   they cannot be written.
  public init(
    resuming checkpoint: Checkpoint, from path: String, _ outputs: DynamicsOutputs
  ) throws {
    func reopen(_ file: String?, as role: String) throws -> AppendedFile? {
      guard let file else { return nil }
      // A device or pipe has no past; a file must have the one that the checkpoint knows.
      if FileManager.default.fileExists(atPath: file), !isRegularFile(file) {
        return try AppendedFile(path: file, completeCount: 0)
      }
      guard FileManager.default.fileExists(atPath: file) else {
        throw CheckpointError.missingRecord(file: file, checkpoint: path)
      }
      guard let recorded = checkpoint.files[role],
        Self.record(of: file, upTo: recorded.byteCount) == recorded
      else { throw CheckpointError.otherRecord(file: file, checkpoint: path) }
      return try AppendedFile(path: file, completeCount: recorded.byteCount)
    }
    let trajectory = try reopen(outputs.trajectory, as: "trajectory")
    let log = try reopen(outputs.log, as: "log")
    self.init(
      outputs, model: checkpoint.model, trajectory: trajectory, log: log, notes: checkpoint.notes)
    lastCheckpoint = checkpoint.state.step
    lastRecord = checkpoint.state.step
  }

  private init(
    _ outputs: DynamicsOutputs, model: String, trajectory: AppendedFile?, log: AppendedFile?,
    notes: [String: String]
  ) {
    self.outputs = outputs
    self.model = model
    self.trajectory = trajectory
    self.log = log
    self.notes = notes
  }

  /// Writes what is due at the step that the simulation is at: to be called at the start and after
  /// every step. A step that was written already is not written again.
  ///
  /// - Throws: `FileFormatError` if a file cannot be written. Nothing that was written before is
  ///   lost, and no half record stays.
  public mutating func record(_ simulation: Simulation) throws {
    let step = simulation.state.step
    guard step > lastRecord else { return }
    try writeRecords(simulation)
    lastRecord = step
    if step.isMultiple(of: outputs.checkpointInterval) { try writeCheckpoint(simulation) }
  }

  private func writeRecords(_ simulation: Simulation) throws {
    let step = simulation.state.step
    if let log, step.isMultiple(of: outputs.logInterval) {
      try log.append(Array(DynamicsLog.row(simulation.observation).utf8))
    }
    if let trajectory, step.isMultiple(of: outputs.trajectoryInterval) {
      try trajectory.append(
        simulation.frame().encoded(outputs.exactNumbers ? .exact : .eightDecimals))
    }
  }

  /// Writes a checkpoint of the present step, once what it counts on is on the disk.
  ///
  /// - Throws: `FileFormatError` if it cannot be written; the former one is then still there.
  public mutating func writeCheckpoint(_ simulation: Simulation) throws {
    guard let path = outputs.checkpoint, lastCheckpoint != simulation.state.step else { return }
    try trajectory?.synchronize()
    try log?.synchronize()
    var files: [String: RecordedFile] = [:]
    if let trajectory, let name = outputs.trajectory {
      files["trajectory"] = Self.record(of: name, upTo: trajectory.byteCount ?? 0)
    }
    if let log, let name = outputs.log {
      files["log"] = Self.record(of: name, upTo: log.byteCount ?? 0)
    }
    try Checkpoint(of: simulation, model: model, files: files, notes: notes).write(to: path)
    lastCheckpoint = simulation.state.step
  }

  /// Closes the files, with a checkpoint of the last step.
  ///
  /// - Throws: `FileFormatError` if something cannot be written.
  public consuming func finish(_ simulation: Simulation) throws {
    try writeCheckpoint(simulation)
    try trajectory?.close()
    try log?.close()
  }

  /// The length that a file is to have, and a fingerprint of the kilobytes before that.
  private static func record(of path: String, upTo byteCount: Int) -> RecordedFile {
    var fingerprint = Fingerprint()
    let start = max(0, byteCount - 4096)
    if let handle = FileHandle(forReadingAtPath: path) {
      defer { try? handle.close() }
      if (try? handle.seek(toOffset: UInt64(start))) != nil,
        let bytes = try? handle.read(upToCount: byteCount - start)
      {
        fingerprint.combine(bytes)
      }
    }
    return RecordedFile(byteCount: byteCount, ending: "\(fingerprint)")
  }
}
