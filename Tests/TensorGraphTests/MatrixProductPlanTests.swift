import OpenCLRuntime
import TensorGraph
import Testing

/// Kernels of matrix products against sums in double precision on the host.
@Suite("matrix product kernels")
struct MatrixProductPlanTests {
  typealias Layout = MatrixProductDescription.Layout
  typealias Axis = MatrixProductDescription.Axis
  typealias Term = MatrixProductDescription.Term

  static let lanes8 = DeviceProfile(
    isCPU: true, floatVectorWidth: 8, localSize: 1, supportsDouble: true)
  static let lanes16 = DeviceProfile(
    isCPU: true, floatVectorWidth: 16, localSize: 1, supportsDouble: true)
  static let graphicsCard = DeviceProfile(
    isCPU: false, floatVectorWidth: 1, localSize: 64, supportsDouble: true)
  static let profiles = [lanes8, lanes16, graphicsCard]
  static let elementTypes = [ElementType.float32, .float64]

  /// Where the device's result differs from the host's by more than rounding allows.
  func check(
    _ test: MatrixProductCase, _ plan: MatrixProductPlan,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let (values, bounds) = test.expected()
    let computed = try test.computed(by: plan, on: try Context.shared())
    let wrong = computed.indices.first { !(abs(computed[$0] - values[$0]) <= bounds[$0]) }
    #expect(
      wrong == nil,
      """
      element \(wrong ?? 0): \(computed[wrong ?? 0]), expected \(values[wrong ?? 0]) \
      ± \(bounds[wrong ?? 0]); sizes \(test.sizes), splits \(plan.splits)
      """, sourceLocation: location)
  }

  @Test(
    "products of symbolic sizes equal the host's for all edges of tiles",
    arguments: elementTypes, profiles)
  func symbolicSizes(_ type: ElementType, _ profile: DeviceProfile) throws {
    let description = MatrixProductDescription.dense(
      type, rows: .symbol("m"), columns: .symbol("n"), depth: .symbol("k"))
    let plan = MatrixProductPlan(description, for: profile)
    for m in [1, 5, 6, 7, 97] {
      for n in [1, 5, 8, 9, 16, 30, 33, 65] {
        for k in [1, 3, 8, 31] {
          try check(MatrixProductCase(description, sizes: ["m": m, "n": n, "k": k]), plan)
        }
      }
    }
    for (m, n, k) in [(3, 20, 1100), (200, 150, 40), (100, 270, 600)] {
      try check(MatrixProductCase(description, sizes: ["m": m, "n": n, "k": k]), plan)
    }
  }
}

extension SizeSymbol: ExpressibleByStringLiteral {
  public init(stringLiteral name: String) { self.init(name) }
}
