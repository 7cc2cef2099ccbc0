import Synchronization

/// The programs of a context: each is built once in a process.
final class ProgramLibrary: Sendable {
  struct Key: Hashable {
    let source: String
    let options: [String]
  }

  struct Counts: Sendable {
    var built = 0
    var memoryHits = 0
    var diskHits = 0
  }

  /// The place of one program; its lock lets threads build different programs at the same time,
  /// and one program only once.
  private final class Slot: Sendable {
    let program = Mutex<Program?>(nil)
  }

  private let builder: ProgramBuilder
  private let slots = Mutex<[Key: Slot]>([:])
  private let state = Mutex(Counts())

  init(builder: ProgramBuilder) {
    self.builder = builder
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
      let made = try builder.build(source, options: options, name: name)
      state.withLock { $0.built += 1 }
      program = made
      return made
    }
  }
}
