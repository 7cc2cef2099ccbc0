import Foundation

/// A file to which records are added, each as a whole or not at all.
package final class AppendedFile {
  private let path: String
  private let handle: FileHandle
  /// The length of the file up to the last whole record; nil for a device or pipe.
  private var count: UInt64?
  /// The bytes after the last whole record that were removed.
  let removedByteCount: Int

  /// The length of the file up to the last whole record; nil for a device or pipe.
  package var byteCount: Int? { count.map { Int($0) } }

  /// Opens a file, creating it if it does not exist.
  ///
  /// - Parameter completeCount: the bytes of the file that are whole records; what follows is
  ///   removed.
  package init(path: String, completeCount: Int) throws {
    self.path = path
    handle = try openForWriting(path, flags: O_CREAT, reportedAs: path)
    guard isRegularFile(path) else {
      removedByteCount = 0
      return
    }
    count = UInt64(completeCount)
    do {
      removedByteCount = Int(clamping: try handle.seekToEnd()) - completeCount
      if removedByteCount > 0 { try handle.truncate(atOffset: UInt64(completeCount)) }
    } catch {
      throw cannotWrite(path, because: error)
    }
  }

  /// Adds a record in one write. If that fails, what was written of it is taken back.
  package func append(_ record: [UInt8]) throws {
    do {
      try handle.write(contentsOf: Data(record))
      count? += UInt64(record.count)
    } catch {
      if let count { try? handle.truncate(atOffset: count) }
      throw cannotWrite(path, because: error)
    }
  }

  /// Brings the records to the disk and leaves the file open.
  package func synchronize() throws {
    do {
      if count != nil { try handle.synchronize() }
    } catch {
      throw cannotWrite(path, because: error)
    }
  }

  /// Brings the records to the disk.
  package func close() throws {
    do {
      if count != nil { try handle.synchronize() }
      try handle.close()
    } catch {
      throw cannotWrite(path, because: error)
    }
  }
}

/// Whether a path names a plain file, which can be read back and truncated.
package func isRegularFile(_ path: String) -> Bool {
  let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  let attributes = try? FileManager.default.attributesOfItem(atPath: target)
  return attributes?[.type] as? FileAttributeType == .typeRegular
}
