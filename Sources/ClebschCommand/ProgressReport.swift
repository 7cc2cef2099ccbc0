/// Tells on standard error how far a long run has come; a short one goes by in silence.
///
/// On a terminal one line is drawn anew twice a second, elsewhere a line is added twice a minute.
struct ProgressReport {
  private let isSilent: Bool
  private let isTerminal = StandardError.isTerminal
  private let start = ContinuousClock.now
  private var latest: ContinuousClock.Instant?

  init(isSilent: Bool) { self.isSilent = isSilent }

  /// - Parameters:
  ///   - share: of the work, how much is done; nil where that cannot be known.
  ///   - text: what was done so far, given the seconds that it took.
  mutating func update(share: Double?, _ text: (_ elapsed: Double) -> String) {
    let now = ContinuousClock.now
    let elapsed = start.duration(to: now)
    let interval: Duration = isTerminal ? .milliseconds(500) : .seconds(30)
    guard !isSilent, elapsed > .seconds(2) else { return }
    if let latest, latest.duration(to: now) < interval { return }
    latest = now
    let estimate = RemainingTime(share: share, elapsed: elapsed.seconds)
    let line = text(elapsed.seconds) + (estimate.map { ", \($0.text)" } ?? "")
    StandardError.write(isTerminal ? "\r\u{1B}[K\(line)" : "clebsch: \(line)\n")
  }

  /// Leaves a terminal's line empty.
  func finish() {
    if isTerminal, latest != nil { StandardError.write("\r\u{1B}[K") }
  }
}
