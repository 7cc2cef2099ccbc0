import Synchronization

/// The programs of a context: each is built once, in this process or in an earlier one.
final class ProgramLibrary: Sendable {
  struct Counts: Sendable {
    var built = 0
    var memoryHits = 0
    var diskHits = 0
  }

  private struct Key: Hashable {
    let source: String
    let options: [String]
  }

  /// The place of one program. Its lock lets threads build different programs at the same time, and
  /// the same one only once.
  private final class Slot: Sendable {
    let program = Mutex<Program?>(nil)
  }

  private let builder: ProgramBuilder
  private let cache: ProgramCache?
  private let slots = Mutex<[Key: Slot]>([:])
  private let state = Mutex(Counts())

  init(builder: ProgramBuilder, cache: ProgramCache?) {
    self.builder = builder
    self.cache = cache
  }

  var counts: Counts { state.withLock { $0 } }

  func program(_ source: String, options: [String], name: String) throws -> Program {
    let key = Key(source: source, options: options)
    let slot = slots.withLock { slots in
      if let slot = slots[key] { return slot }
      let slot = Slot()
      slots[key] = slot
      return slot
    }
    return try slot.program.withLock { program in
      if let program {
        state.withLock { $0.memoryHits += 1 }
        return program
      }
      let made = try load(key, name: name) ?? build(key, name: name)
      program = made
      return made
    }
  }

  private func load(_ key: Key, name: String) -> Program? {
    guard let cache else { return nil }
    let entry = entryName(of: key)
    guard let binary = cache.binary(named: entry) else { return nil }
    guard let program = builder.load(binary, options: key.options, name: name) else {
      // The driver does not take its own binary back: it has changed under the same version.
      cache.remove(entry)
      return nil
    }
    state.withLock { $0.diskHits += 1 }
    return program
  }

  private func build(_ key: Key, name: String) throws -> Program {
    let program = try builder.build(key.source, options: key.options, name: name)
    state.withLock { $0.built += 1 }
    if let cache, let binary = builder.binary(of: program) {
      cache.store(binary, named: entryName(of: key))
    }
    return program
  }

  /// What a binary depends on, hashed: source, options, device, driver, and the variables that
  /// change what PoCL makes of a source.
  private func entryName(of key: Key) -> String {
    let device = builder.queue.device.description
    let parts =
      [
        "\(ProgramCacheEntry.version)", key.source, device.name, device.driverVersion,
        device.deviceVersion.text, device.platformName, device.platformVersion,
      ] + key.options + PoCLDefaults.codeSettings
    // The lengths keep "ab", "c" and "a", "bc" apart.
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
    return SHA256.hash(Array(text.utf8)).map(Self.hexadecimal).joined()
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
