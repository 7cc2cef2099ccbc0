import OpenCLRuntime
import Potentials
import Synchronization
import TensorGraph

/// Where benchmarks run: a device, a precision, and the models that are at hand.
///
/// A model that several benchmarks use is loaded once; only the last one is kept, since models are
/// large.
public final class BenchmarkBed: Sendable {
  public let context: Context
  public let precision: Precision
  let profile: DeviceProfile
  private let locate: @Sendable (_ model: String) -> String?
  private let loaded = Mutex<(model: String, potential: Potential)?>(nil)

  /// - Parameter locate: The checkpoint of a published model; nil where it is not at hand.
  public init(
    on context: Context, precision: Precision = .single,
    locatingModelsBy locate: @escaping @Sendable (_ model: String) -> String?
  ) {
    self.context = context
    self.precision = precision
    self.locate = locate
    profile = DeviceProfile(of: context)
  }

  var elementType: ElementType { precision.elementType }

  /// Whether the benchmark's model is at hand, or it needs none.
  public func canRun(_ benchmark: Benchmark) -> Bool {
    benchmark.model.map { locate($0) != nil } ?? true
  }

  /// A published model, compiled.
  ///
  /// - Throws: what loading throws.
  /// - Precondition: it is at hand.
  func potential(_ model: String) throws -> Potential {
    try loaded.withLock { loaded in
      if let loaded, loaded.model == model { return loaded.potential }
      loaded = nil
      guard let path = locate(model) else {
        preconditionFailure("benchmark: the model '\(model)' is not at hand")
      }
      let potential = try Potential(contentsOf: path, precision: precision, on: context)
      loaded = (model, potential)
      return potential
    }
  }
}
