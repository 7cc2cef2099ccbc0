import Foundation
import OpenCLRuntime
import TensorGraph

/// Tries the parameters that kernels offer on a device, one after the other, and keeps those that
/// beat the shipped ones.
///
/// Values are measured in turns, several times, and the shortest times count, so that other work on
/// the machine hits all alike. Winners are stored only if the kernels that they make agree with the
/// host.
public struct Tuning {
  /// One value of a parameter.
  public struct Candidate: Sendable {
    /// Nil for what the generators choose by themselves.
    public let value: Int?
    /// Seconds of each work.
    public fileprivate(set) var seconds: [(work: String, seconds: Double)]

    /// The geometric mean of the works' times.
    public var score: Double {
      exp(seconds.reduce(0) { $0 + log($1.seconds) } / Double(max(1, seconds.count)))
    }
  }

  /// What was found about one parameter.
  public struct Outcome: Sendable {
    public let parameter: String
    public let candidates: [Candidate]
    /// Nil where no value beats the generators' own choice.
    public let winner: Int?
  }

  /// Values must be faster by this part.
  private static let margin = 0.03
  private static let turns = 3

  private let device: Device
  private let tasks: [TuningTask]

  /// - Parameter filter: Only parameters whose name contains this.
  public init(on device: Device, filter: String? = nil) {
    self.device = device
    tasks = TuningTask.all(for: DeviceProfile(of: device.description)).filter { task in
      filter.map { task.parameter.rawValue.contains($0) } ?? true
    }
  }

  /// The parameters that will be tuned.
  public var parameters: [String] { tasks.map(\.parameter.rawValue) }

  /// All parameters that this device offers.
  public static func parameters(of device: Device) -> [String] {
    TuningTask.all(for: DeviceProfile(of: device.description)).map(\.parameter.rawValue)
  }

  /// Measures.
  ///
  /// - Parameter report: Hears of each parameter when it is decided.
  /// - Returns: The winners by name; what was tuned earlier and not now is among them.
  /// - Throws: errors of the device and of building kernels.
  public func run(report: (Outcome) throws -> Void) throws -> [String: Int] {
    var chosen = try Context(device: device).record.parameters
    for task in tasks {
      let name = task.parameter.rawValue
      chosen[name] = nil
      let candidates = try measure(task, beside: chosen)
      let shipped = candidates[0].score
      let best = candidates.min { $0.score < $1.score } ?? candidates[0]
      let winner = best.score < shipped * (1 - Self.margin) ? best.value : nil
      chosen[name] = winner
      try report(Outcome(parameter: name, candidates: candidates, winner: winner))
    }
    return chosen
  }

  /// Whether kernels made with these parameters agree with the host.
  ///
  /// - Returns: What does not, in words; nil where all do.
  /// - Throws: where the device cannot be opened.
  public func disagreement(with parameters: [String: Int]) throws -> String? {
    var options = ContextOptions()
    options.tunedParameters = parameters
    options.recordFolder = nil
    return try SelfCheck().run(on: device, anew: true, options: options)
      .first { !$0.agrees }.map { "'\($0.family.rawValue)': \($0.text)" }
  }

  /// Keeps the parameters for this device and its driver.
  ///
  /// - Returns: The file; nil where it could not be written, of which a warning was given.
  /// - Throws: where the device cannot be opened.
  public func store(_ parameters: [String: Int]) throws -> String? {
    let context = try Context(device: device)
    return context.updateRecord { $0.parameters = parameters } ? context.recordPath : nil
  }

  /// All values, the generators' own choice first.
  private func measure(
    _ task: TuningTask, beside chosen: [String: Int]
  ) throws -> [Candidate] {
    let values = [nil] + task.values.map(Optional.some)
    let works = Benchmark.all.filter { task.works.contains($0.name) }
    let beds = try values.map { value in
      var options = ContextOptions()
      var parameters = chosen
      parameters[task.parameter.rawValue] = value
      options.tunedParameters = parameters
      return BenchmarkBed(on: try Context(device: device, options: options)) { _ in nil }
    }
    var candidates = values.map { value in
      Candidate(value: value, seconds: works.map { ($0.name, .infinity) })
    }
    var plan = MeasurementPlan()
    plan.seconds = 0.15
    for _ in 0..<Self.turns {
      for (place, bed) in beds.enumerated() {
        for (number, work) in works.enumerated() {
          let found = try bed.measure(work, plan: plan).minimumSeconds
          let known = candidates[place].seconds[number].seconds
          candidates[place].seconds[number].seconds = min(known, found)
        }
      }
    }
    return candidates
  }
}
