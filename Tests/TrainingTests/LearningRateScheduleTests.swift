import TestSupport
import Testing
import Training

/// Learning rates against their formulas.
struct LearningRateScheduleTests {
  private func rates(
    _ schedule: LearningRateSchedule, epochs: Int, losses: [Double] = []
  ) -> [Double] {
    var state = schedule.initialState
    return (0..<epochs).map { epoch in
      let rate = schedule.rate(
        state, step: epoch + 1, progress: Double(epoch), epochCount: epochs)
      if losses.indices.contains(epoch) {
        state = schedule.updated(state, validationLoss: losses[epoch])
      }
      return rate
    }
  }

  @Test("constant, cosine and exponential rates follow their formulas")
  func courses() {
    #expect(rates(LearningRateSchedule(rate: 2), epochs: 3) == [2, 2, 2])
    expectClose(
      rates(LearningRateSchedule(rate: 2, course: .exponential(factor: 0.5)), epochs: 4),
      [2, 1, 0.5, 0.25], tolerance: 1e-15)
    expectClose(
      rates(LearningRateSchedule(rate: 2, course: .cosine(finalFraction: 0.5)), epochs: 4),
      [2, 1.5 + 0.5 * 0.5.squareRoot(), 1.5, 1.5 - 0.5 * 0.5.squareRoot()], tolerance: 1e-15)
  }

  @Test("the rate rises linearly over the steps of the warm-up")
  func warmUp() {
    #expect(rates(LearningRateSchedule(rate: 2, warmUpSteps: 4), epochs: 5) == [0.5, 1, 1.5, 2, 2])
  }

  @Test("a plateau lowers the rate after more epochs without improvement than patience allows")
  func plateau() {
    let schedule = LearningRateSchedule(
      rate: 1, course: .plateau(factor: 0.5, patience: 1, minimum: 0.3))
    // As PyTorch's ReduceLROnPlateau: an improvement has to be one of a ten-thousandth.
    let losses = [1, 1, 1, 0.99999, 0.5, 0.6, 0.6, 0.6]
    #expect(rates(schedule, epochs: 9, losses: losses) == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3])
  }
}
