import FoundationEssentials
import Synchronization

/// Binaries of programs in a folder on disk, shared by all processes of a user.
///
/// - An entry appears whole or not at all: it is written under a name of its own and renamed.
/// - An entry that is damaged is removed, and reads as if it were not there.
/// - The folder is bounded: when it grows over the limit, what was not used for longest goes.
/// - Where the folder cannot be written, work goes on without it, and `warn` hears so once.
package final class ProgramCache: Sendable {
  private struct State {
    /// Bytes in the folder as far as known; nil before the folder was looked at.
    var knownBytes: Int?
    var isWritable = true
  }

  let folder: String
  let limitBytes: Int
  private let warn: @Sendable (String) -> Void
  private let state = Mutex(State())

  package init(folder: String, limitBytes: Int, warn: @escaping @Sendable (String) -> Void) {
    self.folder = folder
    self.limitBytes = limitBytes
    self.warn = warn
  }

  /// A folder below `CLEBSCH_CACHE`, else below `$XDG_CACHE_HOME/clebsch`, else below
  /// `~/.cache/clebsch`; nil where there is none of them.
  static func defaultFolder(named name: String) -> String? {
    if let folder = Environment["CLEBSCH_CACHE"] { return "\(folder)/\(name)" }
    if let folder = Environment["XDG_CACHE_HOME"] { return "\(folder)/clebsch/\(name)" }
    return Environment["HOME"].map { "\($0)/.cache/clebsch/\(name)" }
  }

  // MARK: - Reading

  /// The binary stored under `name`; nil where there is none, or a damaged one.
  package func binary(named name: String) -> [UInt8]? {
    let path = path(of: name)
    guard let entry = FileManager.default.contents(atPath: path) else { return nil }
    guard let binary = ProgramCacheEntry.payload(of: [UInt8](entry)) else {
      remove(name)
      return nil
    }
    FileInformation.markUsed(path)
    return binary
  }

  func remove(_ name: String) {
    // Another process may have removed it already, which is as good.
    try? FileManager.default.removeItem(atPath: path(of: name))
  }

  // MARK: - Writing

  package func store(_ binary: [UInt8], named name: String) {
    guard state.withLock({ $0.isWritable }) else { return }
    let entry = ProgramCacheEntry.bytes(holding: binary)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      // A name that no other thread, context or process has.
      let unique = String(UInt64.random(in: 0 ... .max), radix: 16)
      try FileDescriptor.writeFile(
        entry, to: path(of: name), by: path(of: "\(name).\(unique)\(Self.unfinished)"))
      makeRoom(for: entry.count)
    } catch {
      giveUp(because: error)
    }
  }

  private func giveUp(because error: any Error) {
    let isFirst = state.withLock { state in
      defer { state.isWritable = false }
      return state.isWritable
    }
    guard isFirst else { return }
    warn(
      "kernels cannot be kept in '\(folder)': \(error); they are built anew in every run.\n"
        + "Set CLEBSCH_CACHE to a folder that can be written.")
  }

  // MARK: - The bound on its size

  private static let unfinished = ".unfinished"
  /// After this time, in seconds, an unfinished file is what a killed process left behind.
  private static let unfinishedLifetime = 3600.0

  private func makeRoom(for byteCount: Int) {
    let isOver = state.withLock { state in
      if let known = state.knownBytes { state.knownBytes = known + byteCount }
      return state.knownBytes.map { $0 > limitBytes } ?? true
    }
    guard isOver else { return }
    let remaining = removeOldest()
    state.withLock { $0.knownBytes = remaining }
  }

  /// Removes what was not used for longest until the folder is within its limit, and returns how
  /// many bytes remain. Shrinks to three quarters, so as not to start again with the next entry.
  private func removeOldest() -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let now = Date().timeIntervalSince1970
    var files: [(name: String, information: FileInformation)] = []
    for name in names {
      guard let information = FileInformation(of: path(of: name)) else { continue }
      if name.hasSuffix(Self.unfinished) {
        if now - information.lastUse > Self.unfinishedLifetime { remove(name) }
      } else {
        files.append((name, information))
      }
    }
    var total = files.reduce(0) { $0 + $1.information.byteCount }
    guard total > limitBytes else { return total }
    for file in files.sorted(by: { $0.information.lastUse < $1.information.lastUse }) {
      guard total > limitBytes / 4 * 3 else { break }
      remove(file.name)
      total -= file.information.byteCount
    }
    return total
  }

  private func path(of name: String) -> String { folder + "/" + name }
}
