import Foundation
import OpenCLRuntime
import TensorGraph

/// Tries the parameters that kernels offer on a device, one after the other, and keeps those that
/// beat the shipped ones.
///
/// A value must be better by a margin, twice: when all are compared, and when the best is held
/// against the shipped one again, in turns. Winners are stored only if the kernels that they make
/// agree with the host.
public struct Tuning {
  /// One value of a parameter.
  public struct Candidate: Sendable {
    /// Nil for what the generators choose by themselves.
    public let value: Int?
    /// Seconds of each work.
    public let seconds: [(work: String, seconds: Double)]

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
      let candidates = try ([nil] + task.values.map(Optional.some)).map { value in
        try measure(task, value, beside: chosen)
      }
      let shipped = candidates[0].score
      let best = candidates.min { $0.score < $1.score } ?? candidates[0]
      var winner: Int?
      if let value = best.value, best.score < shipped * (1 - Self.margin) {
        winner = try isConfirmed(value, task, beside: chosen) ? value : nil
      }
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

  private func measure(
    _ task: TuningTask, _ value: Int?, beside chosen: [String: Int]
  ) throws -> Candidate {
    var options = ContextOptions()
    var parameters = chosen
    parameters[task.parameter.rawValue] = value
    options.tunedParameters = parameters
    let bed = BenchmarkBed(on: try Context(device: device, options: options)) { _ in nil }
    return Candidate(
      value: value,
      seconds: try Benchmark.all.filter { task.works.contains($0.name) }.map { benchmark in
        (benchmark.name, try bed.measure(benchmark, plan: MeasurementPlan()).minimumSeconds)
      })
  }

  private func isConfirmed(
    _ value: Int, _ task: TuningTask, beside chosen: [String: Int]
  ) throws -> Bool {
    var (shipped, best) = (Double.infinity, Double.infinity)
    for _ in 0..<2 {
      shipped = min(shipped, try measure(task, nil, beside: chosen).score)
      best = min(best, try measure(task, value, beside: chosen).score)
    }
    return best < shipped * (1 - Self.margin)
  }
}
