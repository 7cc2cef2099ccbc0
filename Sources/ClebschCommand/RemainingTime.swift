/// How long a run will still take, if it goes on as it did.
package struct RemainingTime: Equatable, Sendable {
  package let seconds: Double
  /// Of the work, how much is done.
  package let share: Double

  /// - Returns: nil where too little is known: no share, or less than a hundredth of the work.
  package init?(share: Double?, elapsed: Double) {
    guard let share, share >= 0.01, share.isFinite else { return nil }
    self.share = min(share, 1)
    seconds = elapsed * (1 - self.share) / self.share
  }

  /// "34 %, 12 s left", "34 %, 5 min left", "34 %, 2 h 10 min left".
  package var text: String {
    let percent = "\(Int(share * 100)) %"
    let whole = Int(seconds.rounded(.up))
    if whole < 100 { return "\(percent), \(whole) s left" }
    let minutes = (whole + 59) / 60
    if minutes < 100 { return "\(percent), \(minutes) min left" }
    return "\(percent), \(minutes / 60) h \(minutes % 60) min left"
  }
}
