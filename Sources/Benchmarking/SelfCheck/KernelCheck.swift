import OpenCLRuntime
import TensorGraph

/// A small computation by the kernels of one family, and the same on the host.
package struct KernelCheck: Sendable {
  let family: KernelFamily
  /// What is compared, as a person would say it.
  let name: String
  /// Whether the family may be used on this device.
  var applies: @Sendable (Context) -> Bool = { _ in true }
  /// Plans the kernels, which compiles nothing yet.
  let prepare: @Sendable (Context, ElementType) throws -> Prepared

  package struct Prepared {
    /// The texts of the kernels, by which it is known that they are those of an earlier check.
    let sources: String
    let compare: () throws -> Comparison

    package init(sources: String, compare: @escaping () throws -> Comparison) {
      self.sources = sources
      self.compare = compare
    }
  }

  package init(
    _ family: KernelFamily, _ name: String,
    prepare: @escaping @Sendable (Context, ElementType) throws -> Prepared
  ) {
    self.family = family
    self.name = name
    self.prepare = prepare
  }

  /// A check of a compiled function: its results beside sums on the host.
  ///
  /// - Parameters:
  ///   - arguments: values and shapes, rounded to single precision.
  ///   - roundings: what a term of a result goes through.
  static func function(
    _ family: KernelFamily, _ name: String, of arguments: [CheckArgument],
    roundings: Int, _ body: @escaping @Sendable ([Tensor]) -> [(quantity: String, tensor: Tensor)],
    onHost reference: @escaping @Sendable ([[Double]]) -> [[HostSum]]
  ) -> KernelCheck {
    KernelCheck(family, name) { context, type in
      // What a device gets must be what the host computes with.
      let values = arguments.map { $0.values.map { Double(Float($0)) } }
      var names: [String] = []
      let function = try CompiledFunction(
        of: arguments.map { TensorDescription($0.shape, type) }, on: context
      ) { tensors in
        let results = body(tensors)
        names = results.map(\.quantity)
        return results.map(\.tensor)
      }
      return Prepared(sources: function.kernelText) {
        let tensors = zip(values, arguments).map { Tensor($0, shape: $1.shape, as: type) }
        let results = try function(tensors)
        var comparison = Comparison()
        for (index, (result, host)) in zip(results, reference(values)).enumerated() {
          comparison.compare(
            try result.doubles(on: context), with: host, roundings: roundings,
            unitRoundoff: type.unitRoundoff, names[index])
        }
        return comparison
      }
    }
  }
}

/// An argument of a function that is checked.
struct CheckArgument: Sendable {
  let values: [Double]
  let shape: Shape

  init(_ values: [Double], _ shape: Shape) {
    self.values = values
    self.shape = shape
  }
}

/// Numbers for checks: reproducible, of either sign, between −2 and 2.
struct CheckNumbers {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(state: seed) }

  mutating func next(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double.random(in: -2...2, using: &generator) }
  }

  mutating func indices(_ count: Int, below bound: Int) -> [Int] {
    (0..<count).map { _ in Int.random(in: 0..<bound, using: &generator) }
  }
}
