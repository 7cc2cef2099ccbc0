import ClebschCommand
import Testing

@Suite("The remaining time that progress shows")
struct RemainingTimeTests {
  @Test("it is the time so far, scaled by what is left")
  func extrapolation() {
    #expect(RemainingTime(share: 0.25, elapsed: 10)?.seconds == 30)
    #expect(RemainingTime(share: 1, elapsed: 10)?.seconds == 0)
    // A file that grows while it is read.
    #expect(RemainingTime(share: 1.5, elapsed: 10)?.seconds == 0)
  }

  @Test("it is not guessed from too little")
  func unknown() {
    #expect(RemainingTime(share: nil, elapsed: 10) == nil)
    #expect(RemainingTime(share: 0.001, elapsed: 10) == nil)
    #expect(RemainingTime(share: .nan, elapsed: 10) == nil)
  }

  @Test(
    "it is written in the unit that fits",
    arguments: [
      (0.5, 12.0, "50 %, 12 s left"), (0.1, 10.0, "10 %, 90 s left"),
      (0.25, 100.0, "25 %, 5 min left"), (0.02, 200.0, "2 %, 2 h 44 min left"),
    ])
  func text(share: Double, elapsed: Double, expected: String) {
    #expect(RemainingTime(share: share, elapsed: elapsed)?.text == expected)
  }
}
