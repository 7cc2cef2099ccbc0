/// Tells on standard error how far a long run has come; a short one goes by in silence.
///
/// On a terminal one line is drawn anew twice a second, elsewhere a line is added twice a minute.
struct ProgressReport {
  private let isSilent: Bool
  private let isTerminal = StandardError.isTerminal
  private let start = ContinuousClock.now
  private var latest: ContinuousClock.Instant?

  init(isSilent: Bool) { self.isSilent = isSilent }

  mutating func update(structures: Int, atoms: Int) {
    let now = ContinuousClock.now
    let elapsed = start.duration(to: now)
    let interval: Duration = isTerminal ? .milliseconds(500) : .seconds(30)
    guard !isSilent, elapsed > .seconds(2) else { return }
    if let latest, latest.duration(to: now) < interval { return }
    latest = now
    let rate = Double(structures) / elapsed.seconds
    let text =
      "\(structures) structures, \(atoms) atoms, \(fixed(rate, decimals: 1)) structures a second"
    StandardError.write(isTerminal ? "\r\u{1B}[K\(text)" : "clebsch: \(text)\n")
  }

  /// Leaves a terminal's line empty.
  func finish() {
    if isTerminal, latest != nil { StandardError.write("\r\u{1B}[K") }
  }
}
