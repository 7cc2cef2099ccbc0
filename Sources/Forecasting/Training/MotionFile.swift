import FileFormats
import Neighbours
import Potentials
import Training

/// Motion samples from an extended XYZ file, read when they are asked for.
///
/// A file whose frames have the columns `displacements` and `update_velocities` holds a sample a
/// frame. Of any other a sample is a pair of frames of a trajectory, one forecast step apart; frames
/// then need `velocities` and their time as `time_fs` in the comment line.
package struct MotionFile: SampleSource {
  /// Which frames a file's samples are.
  private enum Layout: Sendable {
    case targets
    /// A frame and the one this many frames later.
    case pairs(stride: Int)
  }

  private let index: ExtendedXYZIndex
  private let layout: Layout
  /// fs.
  private let timestep: Double
  /// The frames that samples begin with.
  private let frames: Range<Int>
  private let includesReversed: Bool

  /// - Parameters:
  ///   - timestep: the forecast step, fs.
  ///   - frameInterval: the time between frames in fs, for files that do not say.
  ///   - includesReversed: whether every sample is there a second time, with time running backwards.
  /// - Throws: `FileFormatError`, `TrainingError.sample` for a time step that does not fit, or
  ///   frames without velocities.
  package init(
    path: String, timestep: Double, frameInterval: Double? = nil, includesReversed: Bool = false
  ) throws {
    index = try ExtendedXYZIndex(path: path)
    self.timestep = timestep
    self.includesReversed = includesReversed
    let first = try index.frame(at: 0)
    if first.properties["displacements"] != nil || first.properties["update_velocities"] != nil {
      layout = .targets
      frames = 0..<index.count
      return
    }
    guard index.count > 1 else {
      throw TrainingError.sample(
        path, found: "a single frame, without the columns 'displacements' and 'update_velocities'",
        expected: "a trajectory of at least two frames")
    }
    let interval = try Self.interval(first, try index.frame(at: 1), frameInterval, path: path)
    let stride = (timestep / interval).rounded()
    guard stride >= 1, abs(stride * interval - timestep) < 1e-3 * timestep else {
      throw TrainingError.sample(
        path, found: "frames every \(interval) fs for a forecast step of \(timestep) fs",
        expected: "a step that is a whole number of frames")
    }
    guard Int(stride) < index.count else {
      throw TrainingError.sample(
        path, found: "\(index.count) frames every \(interval) fs",
        expected: "a trajectory longer than the forecast step of \(timestep) fs")
    }
    layout = .pairs(stride: Int(stride))
    frames = 0..<(index.count - Int(stride))
  }

  private init(_ file: MotionFile, frames: Range<Int>) {
    index = file.index
    layout = file.layout
    timestep = file.timestep
    includesReversed = file.includesReversed
    self.frames = frames
  }

  private static func interval(
    _ first: ExtendedXYZFrame, _ second: ExtendedXYZFrame, _ given: Double?, path: String
  ) throws -> Double {
    if let start = first.time, let end = second.time, end > start { return end - start }
    guard let given else {
      throw TrainingError.sample(
        path, found: "frames without their time",
        expected: "'time_fs' in the comment lines, as 'clebsch md' writes it, or "
          + "'data.frame_interval' in fs")
    }
    return given
  }

  /// The samples but those of the last part of the file, and those; no frame is in both.
  package func split(validationFraction: Double) -> (training: MotionFile, validation: MotionFile) {
    let last = Int((Double(frames.count) * validationFraction).rounded())
    let cut = frames.upperBound - min(max(last, 1), frames.count - 1)
    var gap = 0
    if case .pairs(let stride) = layout { gap = stride }
    return (
      MotionFile(self, frames: frames.lowerBound..<max(cut - gap, frames.lowerBound + 1)),
      MotionFile(self, frames: cut..<frames.upperBound)
    )
  }

  package var count: Int { includesReversed ? 2 * frames.count : frames.count }

  package func name(at index: Int) -> String {
    let frame = frames.lowerBound + (includesReversed ? index / 2 : index)
    return "\(self.index.path) frame \(frame)"
      + (includesReversed && !index.isMultiple(of: 2) ? " reversed" : "")
  }

  package func sample(at index: Int) throws -> MotionSample {
    let frame = frames.lowerBound + (includesReversed ? index / 2 : index)
    let sample =
      switch layout {
      case .targets: try self.sample(ofFrame: frame, named: name(at: index))
      case .pairs(let stride): try pair(frame, frame + stride)
      }
    return includesReversed && !index.isMultiple(of: 2) ? sample.reversed : sample
  }

  private func sample(ofFrame place: Int, named name: String) throws -> MotionSample {
    let frame = try index.frame(at: place)
    func vectors(_ key: String) throws -> [SIMD3<Double>] {
      guard let vectors = frame.properties[key]?.vectors else {
        throw TrainingError.sample(
          name, found: "there is no column '\(key)' of three numbers",
          expected: "'velocities', 'displacements' and 'update_velocities'")
      }
      return vectors
    }
    if let found = frame.info["timestep"]?.realValue, abs(found - timestep) > 1e-6 * timestep {
      throw TrainingError.sample(
        name, found: "a time step of \(found) fs",
        expected: "\(timestep) fs, the forecast step of the model")
    }
    return MotionSample(
      structure: try structure(frame, name), velocities: try vectors("velocities"),
      displacements: try vectors("displacements"),
      updatedVelocities: try vectors("update_velocities"))
  }

  private func pair(_ from: Int, _ to: Int) throws -> MotionSample {
    let (before, after) = (try index.frame(at: from), try index.frame(at: to))
    let (name, later) = ("\(index.path) frame \(from)", "\(index.path) frame \(to)")
    guard before.species == after.species else {
      throw TrainingError.sample(
        later,
        found: before.atomCount == after.atomCount
          ? "other elements than in frame \(from)"
          : "\(after.atomCount) atoms, and frame \(from) has \(before.atomCount)",
        expected: "the same atoms in the same order throughout a trajectory")
    }
    if let start = before.time, let end = after.time,
      abs(end - start - timestep) > 1e-3 * timestep
    {
      throw TrainingError.sample(
        later, found: "\(end - start) fs after frame \(from)",
        expected: "\(timestep) fs, the forecast step; frames have to be evenly spaced")
    }
    let structure = try structure(before, name)
    return MotionSample(
      structure: structure, velocities: try velocities(before, name),
      displacements: zip(before.positions, after.positions).map {
        nearestImage(of: $1 - $0, in: structure.cell)
      }, updatedVelocities: try velocities(after, later))
  }

  private func velocities(_ frame: ExtendedXYZFrame, _ name: String) throws -> [SIMD3<Double>] {
    guard let velocities = frame.properties["velocities"]?.vectors else {
      throw TrainingError.sample(
        name, found: "the frame has no velocities",
        expected: "a column 'velocities' in Å/fs; 'clebsch md … --trajectory FILE' writes one")
    }
    return velocities
  }

  private func structure(_ frame: ExtendedXYZFrame, _ name: String) throws -> AtomicStructure {
    do {
      return try AtomicStructure(frame)
    } catch {
      throw TrainingError.sample(name, found: "\(error)", expected: "a structure")
    }
  }
}

extension ExtendedXYZFrame {
  /// fs since the start of the trajectory.
  var time: Double? { info["time_fs"]?.realValue }
}

/// The shortest of the vectors that differ by vectors of the cell, for vectors shorter than half of
/// it: a move of an atom, however a file has folded its positions.
package func nearestImage(of vector: SIMD3<Double>, in cell: Cell?) -> SIMD3<Double> {
  guard let cell else { return vector }
  var result = vector
  for (axis, fraction) in cell.fractions(of: vector).enumerated() {
    result -= fraction.rounded() * cell.vectors[axis]
  }
  return result
}

extension Cell {
  /// The coordinates of a vector along the cell's vectors; 0 along axes that do not repeat.
  func fractions(of vector: SIMD3<Double>) -> [Double] {
    let (a, b, c) = (vectors[0], vectors[1], vectors[2])
    func dot(_ x: SIMD3<Double>, _ y: SIMD3<Double>) -> Double { (x * y).sum() }
    func cross(_ x: SIMD3<Double>, _ y: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(x.y * y.z - x.z * y.y, x.z * y.x - x.x * y.z, x.x * y.y - x.y * y.x)
    }
    if let only = (0..<3).first(where: { periodic[$0] }), periodic.count(where: { $0 }) == 1 {
      let along = dot(vector, vectors[only]) / dot(vectors[only], vectors[only])
      return (0..<3).map { $0 == only ? along : 0 }
    }
    // The vector of an axis that does not repeat may be zero; the normal of the others serves.
    var basis = [a, b, c]
    for axis in 0..<3 where !periodic[axis] {
      let (other, third) = (basis[(axis + 1) % 3], basis[(axis + 2) % 3])
      let normal = cross(other, third)
      let length = dot(normal, normal).squareRoot()
      if length > 0 { basis[axis] = normal / length }
    }
    let volume = dot(basis[0], cross(basis[1], basis[2]))
    guard volume != 0 else { return [0, 0, 0] }
    return (0..<3).map { axis in
      guard periodic[axis] else { return 0 }
      return dot(vector, cross(basis[(axis + 1) % 3], basis[(axis + 2) % 3])) / volume
    }
  }
}
