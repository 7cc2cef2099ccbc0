import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

/// Kernels of matrix products against sums in double precision on the host.
@Suite("matrix product kernels")
struct MatrixProductPlanTests {
  typealias Axis = MatrixProductDescription.Axis
  typealias Layout = MatrixProductDescription.Layout
  typealias Stride = MatrixProductDescription.Stride
  typealias Term = MatrixProductDescription.Term

  /// A form of kernel: the element type, and what the generator is told of the device. All run on
  /// whatever device there is.
  struct Target: Sendable, CustomTestStringConvertible {
    var type: ElementType
    var profile: DeviceProfile

    var testDescription: String {
      "\(type), \(profile.isCPU ? "vectors of \(profile.vectorWidth(of: type))" : "local memory")"
    }

    init(_ type: ElementType, floatVectorWidth: Int) {
      self.type = type
      profile = DeviceProfile(
        isCPU: floatVectorWidth > 1, floatVectorWidth: floatVectorWidth, localSize: 64,
        supportsDouble: true)
    }

    static let singleVectors = Target(.float32, floatVectorWidth: 8)
    static let doubleVectors = Target(.float64, floatVectorWidth: 16)
    static let singleTiles = Target(.float32, floatVectorWidth: 1)

    static let all: [Target] = [ElementType.float32, .float64].flatMap { type in
      [8, 16, 1].map { Target(type, floatVectorWidth: $0) }
    }
    /// Each type and each kernel once, where more would only cost builds.
    static let some = [singleVectors, doubleVectors, singleTiles]
    static let bothKernels = [singleVectors, singleTiles]
  }

  /// Expects what the device computes to differ from the host's sums by rounding alone.
  func check(
    _ test: MatrixProductCase, _ target: Target, splits: Int? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let plan = MatrixProductPlan(test.description, for: target.profile, splits: splits)
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

  @Test("every size comes out right at the edges of tiles, none too", arguments: Target.all)
  func sizes(_ target: Target) throws {
    let description = MatrixProductDescription.dense(
      target.type, rows: .symbol("m"), columns: .symbol("n"), depth: .symbol("k"))
    func check(_ m: Int, _ n: Int, _ k: Int) throws {
      try self.check(MatrixProductCase(description, sizes: ["m": m, "n": n, "k": k]), target)
    }
    for m in [0, 1, 5, 6, 7, 97] {
      for n in [1, 5, 8, 9, 16, 30, 33, 65] {
        for k in [0, 1, 3, 8, 31] { try check(m, n, k) }
      }
    }
    for (m, n, k) in [(3, 20, 1100), (200, 150, 40), (100, 70, 600)] { try check(m, n, k) }
    // Rows of one, two and four items.
    for (m, n, k) in [(384, 9, 3), (385, 20, 3), (1153, 17, 5)] { try check(m, n, k) }
  }

  @Test("deep products, whose panels outgrow the first-level cache")
  func deepProducts() throws {
    let description = MatrixProductDescription.dense(
      .float32, rows: .symbol("m"), columns: 263, depth: 1100)
    for m in [1, 13] { try check(MatrixProductCase(description, sizes: ["m": m]), .singleVectors) }
  }

  @Test("results narrower than a panel take fewer or narrower vectors", arguments: [1, 3, 9, 24])
  func narrowResults(_ columns: Int) throws {
    let description = MatrixProductDescription.dense(
      .float32, rows: .symbol("m"), columns: Dimension(columns), depth: 7)
    try check(MatrixProductCase(description, sizes: ["m": 29]), .singleVectors)
  }

  @Test(
    "either matrix may be stored transposed",
    arguments: [
      (Target.singleVectors, false, true), (.singleVectors, true, false),
      (.singleVectors, true, true), (.doubleVectors, false, true), (.doubleVectors, true, false),
      (.singleTiles, false, true), (.singleTiles, true, false),
    ])
  func transposes(_ target: Target, _ first: Bool, _ second: Bool) throws {
    let description = MatrixProductDescription.dense(
      target.type, batches: .symbol("b"), rows: .symbol("m"), columns: .symbol("n"),
      depth: .symbol("k"), transposingFirst: first, transposingSecond: second)
    for (b, m, n, k) in [(1, 1, 1, 1), (1, 7, 9, 5), (3, 13, 33, 40), (1, 103, 30, 700)] {
      try check(
        MatrixProductCase(description, sizes: ["b": b, "m": m, "n": n, "k": k]), target)
    }
  }

  /// Features of `items` nodes with groups of 10 scalars, 9 vectors and 4 tensors of degree two:
  /// the vectors are read and written where they stand.
  func vectorLayer(_ type: ElementType) -> MatrixProductDescription {
    let (width, channels) = (10 + 3 * 9 + 5 * 4, 9)
    let vectors = Stride(Dimension(width), component: Dimension(channels))
    return MatrixProductDescription(
      type, rows: Axis(.symbol("items"), components: 3), columns: 12,
      terms: [
        Term(
          depth: Axis(9), first: Layout(offset: 10, row: vectors),
          second: Layout(offset: 100, row: Stride(12)), scale: 1 / 3)
      ],
      result: Layout(offset: 5, row: Stride(5 + 3 * 12, component: 12)))
  }

  @Test("rows of two levels are read and written where they stand", arguments: Target.some)
  func twoLevelRows(_ target: Target) throws {
    for items in [1, 2, 5, 33, 70, 301] {
      try check(MatrixProductCase(vectorLayer(target.type), sizes: ["items": items]), target)
    }
  }

  @Test("a depth of two levels gives the gradient of a layer's weight", arguments: Target.some)
  func twoLevelDepth(_ target: Target) throws {
    let layer = vectorLayer(target.type)
    let description = MatrixProductDescription(
      target.type, rows: Axis(9), columns: 12,
      terms: [
        Term(
          depth: layer.rows, first: layer.terms[0].first.transposed, second: layer.result,
          scale: 1 / 3)
      ],
      result: layer.terms[0].second)
    for (items, splits) in [(0, 2), (1, 2), (7, 3), (211, 4)] {
      try check(
        MatrixProductCase(description, sizes: ["items": items]), target, splits: splits)
    }
  }

  @Test("terms add up, also to what was there before", arguments: Target.bothKernels)
  func terms(_ target: Target) throws {
    func term(_ offset: Int, depth: Int, scale: Double) -> Term {
      Term(
        depth: Axis(Dimension(depth)), first: Layout(offset: Dimension(offset), row: Stride(40)),
        second: Layout(offset: Dimension(offset * 20), row: Stride(20)), scale: scale)
    }
    for (accumulates, splits) in [(false, 1), (true, 1), (true, 2)] {
      let description = MatrixProductDescription(
        target.type, rows: Axis(.symbol("m")), columns: 20,
        terms: [
          term(0, depth: 17, scale: 0.5), term(17, depth: 3, scale: -2),
          term(20, depth: 20, scale: 1),
        ],
        result: Layout(row: Stride(23)), accumulates: accumulates)
      for m in [1, 8, 100] {
        try check(MatrixProductCase(description, sizes: ["m": m]), target, splits: splits)
      }
    }
  }

  @Test("the epilogue is applied to the finished sum, once", arguments: Target.bothKernels)
  func epilogue(_ target: Target) throws {
    var description = MatrixProductDescription.dense(
      target.type, rows: 8, columns: 10, depth: 1100)
    for splits in [1, 2] {
      let plain = MatrixProductCase(description, seed: 7)
      var squared = plain
      squared.description.epilogue = "value * value"
      let context = try Context.shared()
      let values = try plain.computed(
        by: MatrixProductPlan(description, for: target.profile, splits: splits), on: context)
      let squares = try squared.computed(
        by: MatrixProductPlan(squared.description, for: target.profile, splits: splits),
        on: context)
      for (value, square) in zip(values, squares) {
        // One multiplication, rounded once.
        #expect(abs(square - value * value) <= value * value * target.type.unitRoundoff)
      }
      description.accumulates = true
    }
  }

  @Test("the same product gives the same bits every time", arguments: [Target.singleVectors])
  func determinism(_ target: Target) throws {
    let description = MatrixProductDescription.dense(
      target.type, rows: 64, columns: 48, depth: .symbol("k"), transposingFirst: true)
    let test = MatrixProductCase(description, sizes: ["k": 3000])
    let plan = MatrixProductPlan(description, for: target.profile)
    #expect(plan.splits > 1)
    let first = try test.computed(by: plan, on: try Context.shared())
    for _ in 0..<5 {
      #expect(try test.computed(by: plan, on: try Context.shared()) == first)
    }
  }

  @Test("the definitions before the kernels are what was reviewed")
  func golden() throws {
    let layer = vectorLayer(.float32)
    let products = [
      ("layer", layer),
      (
        "weight-gradient",
        MatrixProductDescription(
          .float32, rows: Axis(9), columns: 12,
          terms: [
            Term(
              depth: layer.rows, first: layer.terms[0].first.transposed, second: layer.result)
          ],
          result: layer.terms[0].second)
      ),
    ]
    for (name, description) in products {
      for (device, target) in [("cpu", Target.singleVectors), ("gpu", .singleTiles)] {
        let call = MatrixProductPlan(description, for: target.profile).kernels().calls[0]
        let end = try #require(call.source.range(of: "// What the kernels"))
        let sizes = call.arguments.compactMap { argument in
          if case .size(let size) = argument { size.description } else { nil }
        }
        try expectGolden(
          call.source[..<end.lowerBound] + "// sizes: \(sizes.joined(separator: ", "))\n",
          named: "matrix-product-\(name).\(device).cl")
      }
    }
  }

  @Test("products launched together are those launched one by one", arguments: Target.some)
  func groups(_ target: Target) throws {
    // Maps between groups of channels of an atom's features: of 1, 3 and 5 components, the last of
    // two groups, on 29 atoms.
    let sizes: [SizeSymbol: Int] = ["atoms": 29]
    let (width, resultWidth) = (Dimension(400), Dimension(300))
    func layout(_ offset: Int, _ width: Dimension, _ channels: Int) -> Layout {
      Layout(
        offset: Dimension(offset), row: Stride(width, component: Dimension(channels)))
    }
    func map(
      _ components: Int, _ columns: Int, to offset: Int,
      from groups: [(offset: Int, channels: Int, weights: Int, scale: Double)]
    ) -> MatrixProductDescription {
      MatrixProductDescription(
        target.type, rows: Axis(.symbol("atoms"), components: components),
        columns: Dimension(columns),
        terms: groups.map { group in
          Term(
            depth: Axis(Dimension(group.channels)),
            first: layout(group.offset, width, group.channels),
            second: Layout(
              offset: Dimension(group.weights), row: .rows(of: Dimension(columns))),
            scale: group.scale)
        }, result: layout(offset, resultWidth, columns))
    }
    let products = [
      map(1, 33, to: 0, from: [(0, 17, 0, 0.5)]),
      map(3, 20, to: 33, from: [(17, 24, 600, 2)]),
      map(5, 30, to: 93, from: [(89, 20, 1100, 1.5), (189, 40, 1700, -1)]),
    ]
    let group = MatrixProductGroup(products, for: target.profile)
      .kernels(first: .operand(0), second: .operand(1))
    #expect(group.calls.count == (target.profile.isCPU ? 1 : 3))

    let context = try Context.shared()
    var random = MatrixRandom(seed: 3)
    let operands = [random.numbers(29 * 400), random.numbers(2900)]
    func run<Element: BitwiseCopyable & Equatable>(
      _ sequence: KernelSequence, _ convert: (Double) -> Element
    ) throws -> [Element] {
      let buffers = try operands.map {
        try context.makeBuffer($0.map(convert), for: "an operand")
      }
      let result = try context.makeBuffer(
        [Element](repeating: convert(7), count: 29 * 300), for: "the result")
      try sequence.run(on: context, operands: buffers, result: result, sizes: sizes)
      return try result.read(as: Element.self, count: 29 * 300)
    }
    let single = KernelSequence(
      products.flatMap { MatrixProductPlan($0, for: target.profile).kernels().calls })
    if target.type == .float64 {
      let together = try run(group) { $0 }
      #expect(try together == run(single) { $0 })
      #expect(together.contains(7), "what no product writes stays as it was")
    } else {
      #expect(try run(group) { Float($0) } == run(single) { Float($0) })
    }
  }

  @Test("products of different sizes share one program")
  func sharedPrograms() {
    let sources = [(1536, 64, 128), (3072, 128, 480), (17, 32, 3)].map { m, n, k in
      let description = MatrixProductDescription.dense(
        .float32, rows: Dimension(m), columns: Dimension(n), depth: Dimension(k))
      return MatrixProductPlan(description, for: Target.all[0].profile).kernels().calls[0].source
    }
    #expect(Set(sources).count == 1)
  }
}

extension SizeSymbol: ExpressibleByStringLiteral {
  public init(stringLiteral name: String) { self.init(name) }
}
