/// A file that PyTorch's `torch.save` wrote, read without Python.
///
/// Such a file is a zip archive: a pickle, which describes the objects, and one entry a tensor
/// storage. A pickle is a program for a machine that can call anything; here a machine that knows
/// only the vocabulary of tensors and plain values interprets it (see `PickleGlobal`). A file that
/// asks for more is refused, with the name of what it asked for, and nothing of it is run.
///
/// Opening reads the archive's directory and the pickle, and checks every storage's size; tensors
/// are read when asked for.
public struct TorchCheckpoint: Sendable {
  /// What was saved; for a training checkpoint a dictionary.
  public let root: CheckpointValue
  private let archive: ZipArchive

  /// Opens a file.
  ///
  /// - Throws: `FileFormatError`.
  public init(contentsOf path: String) throws {
    try self.init(ByteSource(contentsOf: path))
  }

  /// Opens a file that is in memory already; `name` stands for it in errors.
  ///
  /// - Throws: `FileFormatError`.
  public init(data: [UInt8], name: String) throws {
    try self.init(ByteSource(data, name: name))
  }

  private init(_ source: ByteSource) throws {
    let archive = try ZipArchive(source)
    let pickles = archive.entries.filter { $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1 else {
      throw FileFormatError(
        kind: .malformed, file: source.name,
        found: "the zip archive has \(pickles.count) entries 'data.pkl'",
        expected: "one, as torch.save writes it")
    }
    let pickle = pickles[0]
    guard pickle.count <= PickleMachine.greatestByteCount else {
      throw FileFormatError(
        kind: .malformed, file: source.name, location: .entry(pickle.name, byte: nil),
        found: "the pickle has \(pickle.count) bytes",
        expected: "at most \(PickleMachine.greatestByteCount)")
    }
    let root = String(pickle.name.dropLast("data.pkl".count))
    if let order = archive.entry(named: root + "byteorder") {
      let text = order.count <= 16 ? try archive.read(order) : []
      guard String(decoding: text, as: UTF8.self) == "little" else {
        throw FileFormatError(
          kind: .malformed, file: source.name, location: .entry(order.name, byte: nil),
          found: "numbers are stored in the order \(quoted(bytes: text))", expected: "'little'")
      }
    }
    var machine = PickleMachine(
      bytes: try archive.read(pickle), archive: archive, entry: pickle.name,
      storageFolder: root + "data/")
    self.root = try machine.run()
    self.archive = archive
  }

  /// The name of the file as it was given.
  public var name: String { archive.source.name }

  /// Reads a tensor of this checkpoint, checking its storage against the archive's checksum.
  ///
  /// - Returns: The elements in row-major order, whatever their order in the file.
  /// - Throws: `FileFormatError` if the file is damaged or has changed since it was opened.
  public func tensor(_ reference: TorchTensorReference) throws -> TensorData {
    let storage = reference.storage
    guard let entry = archive.entry(named: storage.entry),
      entry.count == storage.count * storage.elementType.byteCount
    else {
      throw FileFormatError(
        kind: .malformed, file: name, location: .entry(storage.entry, byte: nil),
        found: "this checkpoint has no such storage",
        expected: "a reference that came from this checkpoint")
    }
    return reference.gather(from: try archive.read(entry))
  }
}
