import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

/// Matrix products by CLBlast, which is chosen here whatever the device, and held against the host term by
/// term, with the bounds of rounding. Where it is not installed there is nothing to test but that.
@Suite("Matrix products by CLBlast", .enabled(if: CLBlast.installed != nil))
struct LibraryProductTests {
  private static let types: [ElementType] = [.float32, .float64]

  private func profile(_ context: Context, from edge: Int = 1) -> DeviceProfile {
    var profile = DeviceProfile(of: context)
    profile.tuning[.matrixLibraryEdge] = edge
    return profile
  }

  private func expectRight(
    _ description: MatrixProductDescription, sizes: [SizeSymbol: Int] = [:], seed: UInt64 = 1
  ) throws {
    let context = try Context.shared()
    let plan = MatrixProductPlan(description, for: profile(context))
    #expect(plan.kernels().calls.allSatisfy { $0.library != nil })
    let product = MatrixProductCase(description, sizes: sizes, seed: seed)
    let (expected, bounds) = product.expected()
    let found = try product.computed(by: plan, on: context)
    for (place, (x, y)) in zip(found, expected).enumerated() {
      #expect(abs(x - y) <= bounds[place], "element \(place) is \(x), expected \(y)")
    }
    #expect(try product.computed(by: plan, on: context) == found, "the same bits come again")
  }

  @Test("plain products, with each operand stored either way", arguments: types)
  func plain(_ type: ElementType) throws {
    for (rows, columns, depth) in [(1, 1, 1), (7, 5, 3), (70, 33, 41), (1, 20, 9), (20, 1, 9)] {
      for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
        try expectRight(
          .dense(
            type, rows: Dimension(rows), columns: Dimension(columns), depth: Dimension(depth),
            transposingFirst: first, transposingSecond: second))
      }
    }
  }

  @Test("batches, also with one second matrix for all", arguments: types)
  func batches(_ type: ElementType) throws {
    for sharing in [false, true] {
      for transposing in [false, true] {
        try expectRight(
          .dense(
            type, batches: 5, rows: 19, columns: 17, depth: 23, transposingFirst: transposing,
            transposingSecond: !transposing, sharingSecond: sharing))
      }
    }
  }

  @Test("places within buffers, several terms, sums added to what is there", arguments: types)
  func places(_ type: ElementType) throws {
    typealias Description = MatrixProductDescription
    let (rows, columns) = (22, 14)
    // Rows longer than the matrix, offsets that no vector is aligned to, rows of two levels.
    let terms = [
      Description.Term(
        depth: .init(9), first: .init(offset: 3, row: .init(37)),
        second: .init(offset: 5, row: .init(31)), scale: -0.75),
      Description.Term(
        depth: .init(12), first: .init(offset: 13, row: .init(37)),
        second: .init(offset: 301, row: .init(1), column: .init(13)), scale: 2),
    ]
    for accumulates in [false, true] {
      try expectRight(
        Description(
          type, rows: .init(Dimension(rows)), columns: Dimension(columns), terms: terms,
          result: .init(offset: 7, row: .init(19)), accumulates: accumulates), seed: 3)
    }
    try expectRight(
      Description(
        type, rows: .init(11, components: 2), columns: 6,
        terms: [
          .init(
            depth: .init(4), first: .init(row: .init(8, component: 4)),
            second: .init(row: .init(6)))
        ], result: .init(row: .init(12, component: 6))), seed: 4)
  }

  @Test("what CLBlast does not take is left to our kernels")
  func refusals() throws {
    typealias Description = MatrixProductDescription
    let profile = profile(try Context.shared(), from: 16)
    func isLibrarys(_ description: Description) -> Bool {
      MatrixProductPlan(description, for: profile).kernels().calls.contains { $0.library != nil }
    }
    #expect(isLibrarys(.dense(.float32, rows: .symbol("n"), columns: 16, depth: 16)))
    #expect(!isLibrarys(.dense(.float32, rows: .symbol("n"), columns: 15, depth: 16)))
    var withEpilogue = Description.dense(.float32, rows: 16, columns: 16, depth: 16)
    withEpilogue.epilogue = "value * value"
    #expect(!isLibrarys(withEpilogue))
    let levels = Description(
      .float32, rows: .init(16, components: 2), columns: 16,
      terms: [
        .init(
          depth: .init(16), first: .init(row: .init(50, component: 16)),
          second: .init(row: .init(16)))
      ], result: .init(row: .init(32, component: 16)))
    #expect(!isLibrarys(levels))
    let own = DeviceProfile(of: try Context.shared())
    #expect(own.tuning[.matrixLibraryEdge] == nil, "nothing is chosen unless it was tuned")
  }

  @Test(
    "a compiled function takes it as any other step, names it, and sizes may be symbols, and zero")
  func compiled() throws {
    var options = ContextOptions()
    options.recordFolder = nil
    options.profiling = true
    options.tunedParameters = [TuningParameter.matrixLibraryEdge.rawValue: 1]
    var context: Context? = try Context(device: Device.select(), options: options)
    let counter = try #require(context).queue.liveObjects
    try { (context: Context?) in
      let rows = Dimension.symbol("rows")
      let function = try CompiledFunction(
        of: [TensorDescription([rows, 4], .float64), TensorDescription([4, 3], .float64)],
        on: context
      ) { arguments in
        let c = matrixProduct(arguments[0], arguments[1])
        return [c, gradient(of: (c * c).sum(), withRespectTo: [arguments[1]])[0]]
      }
      let weights = (0..<12).map { Double($0) - 4 }
      for count in [5, 0, 300] {
        let a = (0..<count * 4).map { Double($0 % 9) - 3 }
        let arguments = [Tensor(a, shape: Shape([count, 4])), Tensor(weights, shape: [4, 3])]
        let result = try function(arguments)
        // Small integers: exact.
        var product = [Double](repeating: 0, count: count * 3)
        var slope = [Double](repeating: 0, count: 12)
        for r in 0..<count {
          for n in 0..<3 {
            for k in 0..<4 { product[r * 3 + n] += a[r * 4 + k] * weights[k * 3 + n] }
            for k in 0..<4 { slope[k * 3 + n] += 2 * a[r * 4 + k] * product[r * 3 + n] }
          }
        }
        #expect(try result[0].doubles(on: context) == product)
        #expect(try result[1].doubles(on: context) == slope)
        guard count == 300 else { continue }
        let report = try function.measure(arguments, runs: 3)
        #expect("\(report)".contains("matrixProduct (CLBlast)"))
        let steps = report.kernels.filter { $0.families == [.clblast] }
        #expect(steps.count == 2 && steps.allSatisfy { $0.seconds ?? 0 > 0 })
      }
    }(context)
    // Nothing that the library keeps outlives the context, nor do we lose count of its events.
    context = nil
    #expect(counter.counts == LiveObjects())
  }

  @Test("a failure is told with the library's own name for it")
  func failure() throws {
    let context = try Context.shared()
    let buffer = try context.makeBuffer(byteCount: 64, for: "too small a matrix")
    let matrix = StridedMatrixProduct.Matrix(
      offset: 0, rowLength: 80, batchStride: 0, isTransposed: false)
    let product = StridedMatrixProduct(
      isDouble: false, batches: 1, rows: 80, columns: 80, depth: 80, scale: 1, accumulates: false,
      first: matrix, second: matrix, result: matrix)
    let error = #expect(throws: OpenCLError.self) {
      try context.enqueue(product, first: buffer, second: buffer, result: buffer, label: "test")
    }
    #expect(
      error?.description.hasPrefix(
        "CLBlastSgemmWithTempBuffer failed while multiplying 1 × [80, 80] · [80, 80]: "
          + "CLBlastInsufficientMemory") ?? false, "\(String(describing: error))")
  }
}
