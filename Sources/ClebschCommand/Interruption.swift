import Foundation
import Synchronization

/// Turns Ctrl-C and a polite kill into an orderly end, so that no half-written file stays behind.
///
/// A second signal ends the program at once.
struct Interruption {
  private static let received = Atomic<Int32>(0)

  init() {
    // Before the handler is there, so that it never runs the initialiser of the counter.
    Self.received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    // A parent's thread may have had them blocked, as the worker threads of Swift have, and what
    // is blocked is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// - Throws: `Interrupted` after a signal.
  func check() throws {
    if let pending { throw pending }
  }

  /// The signal that has come, if one has.
  var pending: Interrupted? {
    let number = Self.received.load(ordering: .relaxed)
    return number == 0 ? nil : Interrupted(signal: number)
  }
}

/// A signal asked for the end; the program ends by it once everything is tidied up.
struct Interrupted: Error {
  let signal: Int32
}
