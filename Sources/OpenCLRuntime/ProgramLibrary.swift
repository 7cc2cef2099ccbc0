import Synchronization

/// The programs of a context: each is built once, in this process or in an earlier one.
///
/// A program goes by its entry's name in the cache on disk, a hash of all that it depends on.
final class ProgramLibrary: Sendable {
  struct Counts: Sendable {
    var built = 0
    var memoryHits = 0
    var diskHits = 0
  }

  /// The place of one program. Its lock lets threads build different programs at the same time, and
  /// the same one only once.
  private final class Slot: Sendable {
    let program = Mutex<Program?>(nil)
  }

  private let builder: ProgramBuilder
  private let cache: ProgramCache?
  private let slots = Mutex<[String: Slot]>([:])
  private let state = Mutex(Counts())

  init(builder: ProgramBuilder, cache: ProgramCache?) {
    self.builder = builder
    self.cache = cache
  }

  var counts: Counts { state.withLock { $0 } }

  /// A program from memory, from disk, or built from `source`.
  func program(_ source: String, options: [String], name: String) throws -> Program {
    let entry = entryName(for: [source], options: options)
    return try slot(of: entry).program.withLock { program in
      if let known = recall(entry, in: &program, options: options, name: name) { return known }
      let built = try builder.build(source, options: options, name: name)
      state.withLock { $0.built += 1 }
      if let cache, let binary = builder.binary(of: built) {
        cache.store(binary, named: entry)
      }
      program = built
      return built
    }
  }

  /// The program of an entry, from memory or from disk.
  func stored(_ entry: String, options: [String]) -> Program? {
    slot(of: entry).program.withLock { program in
      recall(entry, in: &program, options: options, name: entry)
    }
  }

  private func slot(of entry: String) -> Slot {
    slots.withLock { slots in
      if let slot = slots[entry] { return slot }
      let slot = Slot()
      slots[entry] = slot
      return slot
    }
  }

  private func recall(
    _ entry: String, in program: inout Program?, options: [String], name: String
  ) -> Program? {
    if let program {
      state.withLock { $0.memoryHits += 1 }
      return program
    }
    guard let cache, let binary = cache.binary(named: entry) else { return nil }
    guard let loaded = builder.load(binary, options: options, name: name) else {
      // The driver does not take its own binary back: it has changed under the same version.
      cache.remove(entry)
      return nil
    }
    state.withLock { $0.diskHits += 1 }
    program = loaded
    return loaded
  }

  /// The name of what is made out of `texts`: a hash of them, the options, the device, its driver and
  /// the variables that change what PoCL makes of a source.
  func entryName(for texts: [String], options: [String]) -> String {
    let device = builder.queue.device.description
    let parts =
      ["\(ProgramCacheEntry.version)", "\(texts.count)"] + texts + [
        device.name, device.driverVersion, device.deviceVersion.text, device.platformName,
        device.platformVersion,
      ] + options + PoCLDefaults.codeSettings
    // The lengths keep "ab", "c" and "a", "bc" apart.
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
    return SHA256.hexadecimal(of: Array(text.utf8))
  }
}
