import FileFormats
import Foundation
import Neighbours
import Potentials

/// A simulation on disk, from which it goes on bit for bit.
///
/// The file is a safetensors file: numbers in double precision, settings and identities as text. It
/// appears whole or not at all, and is checked when it is read: the format's version, a checksum
/// over everything in it, and that model and structure are those of the run.
public struct Checkpoint: Sendable {
  public var settings: DynamicsSettings
  public var state: DynamicsState
  /// u, an atom.
  public var masses: [Double]
  public var fixedAtoms: Set<Int>
  /// What names the model: a checksum of its file, with the precision.
  public var model: String
  /// How far the files of the run had come.
  public var files: [String: RecordedFile]
  /// Whatever else the caller wants back.
  public var notes: [String: String]

  /// - Parameter model: what names the model, to be checked on resuming.
  public init(
    of simulation: Simulation, model: String, files: [String: RecordedFile] = [:],
    notes: [String: String] = [:]
  ) {
    settings = simulation.settings
    state = simulation.state
    masses = simulation.masses
    fixedAtoms = simulation.fixedAtoms
    self.model = model
    self.files = files
    self.notes = notes
  }

  /// Checks that this is the checkpoint of a run of that model and structure.
  ///
  /// - Throws: `CheckpointError`.
  public func check(file: String, model: String, structure: AtomicStructure) throws {
    guard model == self.model else {
      throw CheckpointError.otherModel(file: file, found: self.model, expected: model)
    }
    guard structure.identity == state.structure.identity else {
      throw CheckpointError.otherStructure(
        file: file, found: state.structure.identity, expected: structure.identity)
    }
  }

  /// The simulation that goes on from here.
  ///
  /// - Throws: `DynamicsError`.
  public func simulation(with forceField: some ForceField) throws -> Simulation {
    try Simulation(
      resuming: state, with: forceField, settings, masses: masses, fixedAtoms: fixedAtoms)
  }

  /// The simulation that goes on from here by another way to move than the ensemble's.
  package func simulation(
    with forceField: some ForceField, movedBy integrator: any Integrator
  ) throws -> Simulation {
    try Simulation(
      resuming: state, with: forceField, settings, masses: masses, fixedAtoms: fixedAtoms,
      integrator: integrator)
  }
}

/// How far a file that grows had come when a checkpoint was written.
public struct RecordedFile: Sendable, Hashable, Codable {
  public var byteCount: Int
  /// A fingerprint of the last bytes before that.
  public var ending: String
}

/// Why a checkpoint cannot be used. What is wrong with the file itself is a `FileFormatError`.
public enum CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
  case otherModel(file: String, found: String, expected: String)
  case otherStructure(file: String, found: String, expected: String)
  /// A trajectory or log is shorter than it was, or other bytes are in it.
  case otherRecord(file: String, checkpoint: String)
  /// A trajectory or log that was being written is gone, or has another name.
  case missingRecord(file: String, checkpoint: String)

  public var description: String {
    switch self {
    case .otherModel(let file, let found, let expected):
      "\(file): the checkpoint is of the model \(found)\n  expected \(expected)"
    case .otherStructure(let file, let found, let expected):
      "\(file): the checkpoint is of another structure: \(found)\n  expected \(expected)"
    case .otherRecord(let file, let checkpoint):
      "\(file): this is not the file that was being written when \(checkpoint) was made, or it was "
        + "changed since\n  expected it as it was, for the records after the checkpoint are cut off"
    case .missingRecord(let file, let checkpoint):
      "\(file): there is no such file, and the run of \(checkpoint) is to go on in it\n"
        + "  expected the file that was being written, under this name"
    }
  }
}

// MARK: - The file

extension Checkpoint {
  private static let format = "clebsch-dynamics"
  private static let version = "1"

  /// Writes the checkpoint; the file appears, or replaces an older one, when it is complete.
  ///
  /// - Throws: `FileFormatError` if it cannot be written; the older one is then still there.
  public func write(to path: String) throws {
    let tensors = self.tensors
    var metadata: [String: String] = [
      "format": Self.format, "version": Self.version, "model": model,
      "structure": state.structure.identity, "step": "\(state.step)",
      "settings": try Self.json(settings), "files": try Self.json(files),
      "notes": try Self.json(notes),
      "periodic": state.structure.cell.map { "\($0.periodic.map { $0 ? "T" : "F" }.joined())" }
        ?? "",
    ]
    metadata["checksum"] = Self.checksum(tensors, metadata)
    try SafetensorsFile.write(tensors, metadata: metadata, to: path)
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `FileFormatError` where there is no such file, it is no checkpoint, or it is damaged.
  public init(contentsOf path: String) throws {
    let file = try SafetensorsFile(contentsOf: path)
    func problem(_ found: String, _ expected: String) -> FileFormatError {
      FileFormatError(kind: .malformed, file: path, found: found, expected: expected)
    }
    guard file.metadata["format"] == Self.format else {
      throw problem(
        "the file is no checkpoint of a simulation", "one that 'md' wrote with --checkpoint")
    }
    guard file.metadata["version"] == Self.version else {
      throw problem(
        "the checkpoint has the version '\(file.metadata["version"] ?? "")'",
        "version \(Self.version); another version of Clebsch wrote it")
    }
    let tensors = file.names.compactMap { name in file.tensors[name].map { (name, $0) } }
    guard file.metadata["checksum"] == Self.checksum(tensors, file.metadata) else {
      throw problem("the checkpoint is damaged: its checksum is not right", "an undamaged copy")
    }
    do {
      try self.init(file)
    } catch let error as FileFormatError {
      throw error
    } catch {
      throw problem("the checkpoint does not hold what it should (\(error))", "an undamaged copy")
    }
  }

  /// Over all that is in the file but the checksum. Tensors are named in the order of the file.
  private static func checksum(
    _ tensors: [(String, TensorData)], _ metadata: [String: String]
  ) -> String {
    var fingerprint = Fingerprint()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != "checksum" {
      fingerprint.combine("\(key)=\(value)\n".utf8)
    }
    for (name, tensor) in tensors {
      fingerprint.combine("\(name) \(tensor.shape)\n".utf8)
      fingerprint.combine(tensor.bytes)
    }
    return "\(fingerprint)"
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private var tensors: [(String, TensorData)] {
    func vectors(_ values: [SIMD3<Double>]) -> TensorData {
      TensorData(doubles: values.flatMap { [$0.x, $0.y, $0.z] }, shape: [values.count, 3])
    }
    var tensors: [(String, TensorData)] = [
      ("positions", vectors(state.structure.positions)),
      ("velocities", vectors(state.velocities)),
      ("forces", vectors(state.evaluation.forces)),
      ("atomic_numbers", TensorData(integers: state.structure.atomicNumbers)),
      ("masses", TensorData(doubles: masses)),
      ("fixed_atoms", TensorData(integers: fixedAtoms.sorted())),
      (
        "energies",
        TensorData(doubles: [
          state.evaluation.energy, state.heat, state.initialConservedEnergy,
          state.initialTemperature,
        ])
      ),
    ]
    if let cell = state.structure.cell { tensors.append(("cell", vectors(cell.vectors))) }
    if let stress = state.evaluation.stress {
      tensors.append(("stress", TensorData(doubles: stress)))
    }
    if let reference = state.neighbourReference {
      tensors.append(("neighbour_positions", vectors(reference.positions)))
      if let cell = reference.cell { tensors.append(("neighbour_cell", vectors(cell.vectors))) }
    }
    if let chain = state.particleChain {
      tensors.append(("chain", TensorData(doubles: chain.positions + chain.momenta)))
    }
    if let barostat = state.barostat {
      tensors.append(("barostat", TensorData(doubles: [barostat.strain, barostat.momentum])))
      tensors.append(
        (
          "barostat_chain",
          TensorData(doubles: barostat.chain.positions + barostat.chain.momenta)
        ))
      tensors.append(("initial_cell", vectors(barostat.initialCell)))
    }
    return tensors
  }

  private init(_ file: SafetensorsFile) throws {
    func doubles(_ name: String) throws -> [Double] { try file.tensor(name).doubles() }
    func vectors(_ name: String) throws -> [SIMD3<Double>] {
      let values = try doubles(name)
      return stride(from: 0, to: values.count, by: 3).map {
        SIMD3(values[$0], values[$0 + 1], values[$0 + 2])
      }
    }
    func chain(_ name: String) throws -> ThermostatChain {
      let values = try doubles(name)
      var chain = ThermostatChain(length: values.count / 2)
      chain.positions = Array(values[..<(values.count / 2)])
      chain.momenta = Array(values[(values.count / 2)...])
      return chain
    }
    func decoded<Value: Decodable>(_ key: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data((file.metadata[key] ?? "").utf8))
    }
    let periodic = (file.metadata["periodic"] ?? "").map { $0 == "T" }
    let cell =
      try file.names.contains("cell")
      ? vectors("cell").withCell { try Cell($0, $1, $2, periodic: periodic) } : nil
    let energies = try doubles("energies")
    state = DynamicsState(
      step: Int(file.metadata["step"] ?? "") ?? 0,
      structure: AtomicStructure(
        atomicNumbers: try file.tensor("atomic_numbers").integers(),
        positions: try vectors("positions"), cell: cell),
      velocities: try vectors("velocities"),
      evaluation: ForceEvaluation(
        energy: energies[0], forces: try vectors("forces"),
        stress: try file.names.contains("stress") ? doubles("stress") : nil),
      neighbourReference: nil, heat: energies[1],
      particleChain: try file.names.contains("chain") ? chain("chain") : nil, barostat: nil,
      initialConservedEnergy: energies[2], initialTemperature: energies[3])
    if file.names.contains("neighbour_positions") {
      var reference = state.structure
      reference.positions = try vectors("neighbour_positions")
      reference.cell =
        try file.names.contains("neighbour_cell")
        ? vectors("neighbour_cell").withCell { try Cell($0, $1, $2, periodic: periodic) } : nil
      state.neighbourReference = reference
    }
    if file.names.contains("barostat") {
      let values = try doubles("barostat")
      state.barostat = BarostatVariables(
        strain: values[0], momentum: values[1], chain: try chain("barostat_chain"),
        initialCell: try vectors("initial_cell"))
    }
    masses = try doubles("masses")
    fixedAtoms = Set(try file.tensor("fixed_atoms").integers())
    model = file.metadata["model"] ?? ""
    settings = try decoded("settings")
    files = try decoded("files")
    notes = try decoded("notes")
  }
}

extension [SIMD3<Double>] {
  fileprivate func withCell(
    _ make: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) throws -> Cell
  ) rethrows -> Cell { try make(self[0], self[1], self[2]) }
}
