extension Simulation {
  /// The simulation as it goes on, to be walked through with `for try await`.
  ///
  /// Steps are made when they are asked for, away from the caller's actor. Cancelling the task ends
  /// the walk with `CancellationError`. The simulation that this is called on stays where it is; each
  /// element is the simulation at a later step, and can be kept, written down or gone on from.
  ///
  /// - Parameters:
  ///   - count: Time steps in all.
  ///   - interval: Time steps between elements; the last element is always the last step.
  /// - Precondition: `interval` is at least 1.
  public func steps(_ count: Int, every interval: Int = 1) -> SimulationSteps {
    precondition(interval >= 1, "steps: an element after every \(interval) steps")
    return SimulationSteps(start: self, count: count, interval: interval)
  }
}

/// A simulation at later and later steps. See ``Simulation/steps(_:every:)``.
public struct SimulationSteps: AsyncSequence, Sendable {
  public typealias Element = Simulation

  let start: Simulation
  let count: Int
  let interval: Int

  public func makeAsyncIterator() -> Iterator {
    Iterator(simulation: start, remaining: count, interval: interval)
  }

  public struct Iterator: AsyncIteratorProtocol {
    var simulation: Simulation
    var remaining: Int
    let interval: Int

    public mutating func next() async throws -> Simulation? {
      guard remaining > 0 else { return nil }
      for _ in 0..<Swift.min(interval, remaining) {
        try Task.checkCancellation()
        try simulation.advance()
        remaining -= 1
        await Task.yield()
      }
      return simulation
    }
  }
}
