import Foundation

/// A file under construction that takes its final name only when it is complete.
///
/// - The bytes go to a temporary file in the same folder, which `commit` renames over the final
///   name. Whatever happens before, a reader of the final name sees the old file or none.
/// - A symbolic link is followed: the file that it names is replaced, the link stays.
/// - A device or a pipe (`/dev/stdout`) cannot be replaced and is written to directly.
package final class AtomicFile {
  /// The final name as the user gave it.
  let path: String
  private let finalPath: String
  private let temporaryPath: String?
  private var handle: FileHandle?

  init(path: String) throws {
    self.path = path
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    finalPath = target.path
    switch try? FileManager.default.attributesOfItem(atPath: finalPath)[.type] as? FileAttributeType
    {
    case nil, .typeRegular?:
      let unique = "\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
      let temporary = target.deletingLastPathComponent().appendingPathComponent(
        ".\(target.lastPathComponent).\(unique).partial"
      ).path
      temporaryPath = temporary
      handle = try openForWriting(temporary, flags: O_CREAT | O_EXCL, reportedAs: path)
    case .typeDirectory?:
      throw FileFormatError(
        kind: .cannotWrite, file: path, found: "this is a folder", expected: "the name of a file")
    default:
      temporaryPath = nil
      handle = try openForWriting(finalPath, flags: 0, reportedAs: path)
    }
  }

  deinit {
    discard()
  }

  func write(_ bytes: [UInt8]) throws {
    guard let handle else { preconditionFailure("write to \(path) after it was closed") }
    do {
      try handle.write(contentsOf: Data(bytes))
    } catch {
      throw cannotWrite(path, because: error)
    }
  }

  /// Brings the bytes to the disk and gives the file its final name.
  func commit() throws {
    guard let handle else { preconditionFailure("\(path) was closed before commit") }
    do {
      if temporaryPath != nil { try handle.synchronize() }
      try handle.close()
    } catch {
      throw cannotWrite(path, because: error)
    }
    if let temporaryPath, rename(temporaryPath, finalPath) != 0 {
      throw cannotWrite(path, because: NSError(domain: NSPOSIXErrorDomain, code: Int(errno)))
    }
    self.handle = nil
  }

  /// Removes what was written, leaving whatever stood under the final name.
  func discard() {
    guard let handle else { return }
    self.handle = nil
    try? handle.close()
    if let temporaryPath { try? FileManager.default.removeItem(atPath: temporaryPath) }
  }

  /// Writes a whole file in one go.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }
}

/// Opens a file for writing with the flags of `open(2)` beside `O_WRONLY`.
func openForWriting(_ path: String, flags: Int32, reportedAs name: String) throws -> FileHandle {
  let descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0o666)
  guard descriptor >= 0 else {
    throw cannotWrite(name, because: NSError(domain: NSPOSIXErrorDomain, code: Int(errno)))
  }
  return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
}

func cannotWrite(_ path: String, because error: any Error) -> FileFormatError {
  FileFormatError(
    kind: .cannotWrite, file: path, found: "the file cannot be written (\(reason(of: error)))",
    expected: "a folder that exists, may be written to and has room")
}
