import Clebsch

/// Tells on standard error how far a run has come, how fast it is and how long it will take; a
/// short one goes by in silence.
struct StepProgress {
  private let isSilent: Bool
  private let total: Int
  private let first: Int
  private let isTerminal = StandardError.isTerminal
  private let start = ContinuousClock.now
  private var latest: ContinuousClock.Instant?

  init(from first: Int, to total: Int, isSilent: Bool) {
    self.first = first
    self.total = total
    self.isSilent = isSilent
  }

  /// - Parameter status: What is worth seeing of the step; asked for only when it is shown.
  mutating func update(step: Int, status: @autoclosure () -> String) {
    guard !isSilent else { return }
    let now = ContinuousClock.now
    let elapsed = start.duration(to: now)
    let interval: Duration = isTerminal ? .milliseconds(500) : .seconds(30)
    guard elapsed > .seconds(2), latest.map({ $0.duration(to: now) >= interval }) ?? true else {
      return
    }
    latest = now
    let rate = Double(step - first) / elapsed.seconds
    let remaining = RemainingTime(
      share: Double(step - first) / Double(max(1, total - first)), elapsed: elapsed.seconds)
    let text =
      "step \(step) of \(total), \(fixed(rate, decimals: 1)) steps a second"
      + (remaining.map { ", \($0.text)" } ?? "") + "; \(status())"
    StandardError.write(isTerminal ? "\r\u{1B}[K\(text)" : "clebsch: \(text)\n")
  }

  /// Leaves a terminal's line empty.
  func finish() {
    if isTerminal, latest != nil { StandardError.write("\r\u{1B}[K") }
  }
}
