import OpenCLRuntime
import TensorGraph

/// A seeded generator of test data (SplitMix64).
struct MatrixRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Numbers that single precision holds exactly, so that host and device multiply the same.
  mutating func numbers(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double(Float.random(in: -1...1, using: &self)) }
  }
}

/// A product with its operands, to be computed on the device and, term by term, on the host.
struct MatrixProductCase {
  var description: MatrixProductDescription
  var sizes: [SizeSymbol: Int] = [:]
  var first: [Double]
  var second: [Double]
  /// What the result's buffer holds before.
  var before: [Double]

  /// Operands and a result of random numbers, as long as the description reaches.
  init(_ description: MatrixProductDescription, sizes: [SizeSymbol: Int] = [:], seed: UInt64 = 1) {
    self.description = description
    self.sizes = sizes
    var random = MatrixRandom(seed: seed)
    var (firstLength, secondLength, resultLength) = (1, 1, 1)
    Walk(description, sizes).forEachElement { target, forEachProduct in
      resultLength = max(resultLength, target + 1)
      forEachProduct { _, a, b in
        firstLength = max(firstLength, a + 1)
        secondLength = max(secondLength, b + 1)
      }
    }
    first = random.numbers(firstLength)
    second = random.numbers(secondLength)
    before = random.numbers(resultLength)
  }

  /// The result in double precision and, element by element, the bound on its rounding errors:
  /// with `n` products of unit roundoff `u` summed in any order, at most `(n + 2)·u·Σ|products|`
  /// (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), scale included.
  func expected() -> (values: [Double], bounds: [Double]) {
    let unitRoundoff = description.elementType.unitRoundoff
    let scales = description.terms.map(\.scale)
    var values = before
    var bounds = [Double](repeating: 0, count: before.count)
    Walk(description, sizes).forEachElement { target, forEachProduct in
      var sum = description.accumulates ? before[target] : 0
      var magnitude = abs(sum)
      var count = 1
      forEachProduct { term, a, b in
        let product = scales[term] * first[a] * second[b]
        sum += product
        magnitude += abs(product)
        count += 1
      }
      values[target] = sum
      bounds[target] = Double(count + 2) * unitRoundoff * magnitude
    }
    return (values, bounds)
  }

  /// The result as a device computes it with a plan.
  func computed(by plan: MatrixProductPlan, on context: Context) throws -> [Double] {
    switch description.elementType {
    case .float64: try run(plan, on: context, as: Double.self) { $0 }
    default: try run(plan, on: context, as: Float.self) { Float($0) }.map(Double.init)
    }
  }

  private func run<Element: BitwiseCopyable>(
    _ plan: MatrixProductPlan, on context: Context, as type: Element.Type,
    _ convert: (Double) -> Element
  ) throws -> [Element] {
    let operands = try [first, second].map {
      try context.makeBuffer($0.map(convert), for: "an operand")
    }
    let result = try context.makeBuffer(before.map(convert), for: "the result")
    try plan.kernels().run(on: context, operands: operands, result: result, sizes: sizes)
    return try result.read(as: type, count: before.count)
  }
}

/// The elements of a product, one after the other, as the description's definition names them.
private struct Walk {
  typealias Position = (item: Int, component: Int)

  private struct Places {
    let offset, batch, rowItem, rowComponent, columnItem, columnComponent: Int

    init(_ layout: MatrixProductDescription.Layout, _ sizes: [SizeSymbol: Int]) {
      offset = layout.offset.value(in: sizes)
      batch = layout.batch.value(in: sizes)
      rowItem = layout.row.item.value(in: sizes)
      rowComponent = layout.row.component.value(in: sizes)
      columnItem = layout.column.item.value(in: sizes)
      columnComponent = layout.column.component.value(in: sizes)
    }

    func place(_ row: Position, _ column: Position, _ batch: Int) -> Int {
      offset + batch * self.batch + row.item * rowItem + row.component * rowComponent
        + column.item * columnItem + column.component * columnComponent
    }
  }

  private let batches: Int
  private let rows: [Position]
  private let columns: [Position]
  private let result: Places
  private let terms: [(depth: [Position], first: Places, second: Places)]

  init(_ description: MatrixProductDescription, _ sizes: [SizeSymbol: Int]) {
    func positions(_ axis: MatrixProductDescription.Axis) -> [Position] {
      (0..<axis.items.value(in: sizes)).flatMap { item in
        (0..<axis.components).map { (item, $0) }
      }
    }
    batches = description.batches.value(in: sizes)
    rows = positions(description.rows)
    columns = positions(.init(description.columns))
    result = Places(description.result, sizes)
    terms = description.terms.map {
      (positions($0.depth), Places($0.first, sizes), Places($0.second, sizes))
    }
  }

  /// Calls `element` with the place of each element of the result, and with a function that calls
  /// its argument with the term and the places of the factors of each product of the sum.
  func forEachElement(_ element: (Int, ((Int, Int, Int) -> Void) -> Void) -> Void) {
    for batch in 0..<batches {
      for row in rows {
        for column in columns {
          element(result.place(row, column, batch)) { product in
            for (index, term) in terms.enumerated() {
              for depth in term.depth {
                product(
                  index, term.first.place(row, depth, batch),
                  term.second.place(depth, column, batch))
              }
            }
          }
        }
      }
    }
  }
}
