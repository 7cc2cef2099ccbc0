import TensorGraph
import Testing

/// The operation of the graph: shapes, values and derivatives.
@Suite("matrix product")
struct MatrixProductTests {
  /// Which operand is stored transposed, and what stands before the matrix axes.
  struct Form: Sendable, CustomTestStringConvertible {
    var transposingFirst = false
    var transposingSecond = false
    var leading: [Int] = []
    var sharesSecond = false

    var testDescription: String {
      "\(transposingFirst ? "T" : "N")\(transposingSecond ? "T" : "N"), leading axes \(leading)"
        + (sharesSecond ? ", one second matrix" : "")
    }

    static let all: [Form] = {
      var forms: [Form] = []
      for leading in [[], [3], [2, 3]] {
        for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
          forms.append(
            Form(transposingFirst: first, transposingSecond: second, leading: leading))
        }
      }
      for second in [false, true] {
        forms.append(Form(transposingSecond: second, leading: [2, 3], sharesSecond: true))
      }
      return forms
    }()

    static let (rows, depth, columns) = (7, 5, 11)

    var firstExtents: [Int] {
      leading + (transposingFirst ? [Form.depth, Form.rows] : [Form.rows, Form.depth])
    }

    var secondExtents: [Int] {
      (sharesSecond ? [] : leading)
        + (transposingSecond ? [Form.columns, Form.depth] : [Form.depth, Form.columns])
    }

    func product(_ a: Tensor, _ b: Tensor) -> Tensor {
      matrixProduct(
        a, b, transposingFirst: transposingFirst, transposingSecond: transposingSecond)
    }

    /// The product made of other operations: all pairs, summed over the depth.
    func composedProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
      func exchanged(_ x: Tensor) -> Tensor {
        x.permuted(Array(0..<(x.rank - 2)) + [x.rank - 1, x.rank - 2])
      }
      let left = (transposingFirst ? exchanged(a) : a).expanded(at: a.rank)
      let right = (transposingSecond ? exchanged(b) : b).expanded(at: b.rank - 2)
      return (left * right).sum(along: [-2])
    }
  }

  func operands(_ form: Form, seed: UInt64) -> (Tensor, Tensor) {
    var random = MatrixRandom(seed: seed)
    func tensor(_ extents: [Int]) -> Tensor {
      Tensor(random.numbers(extents.reduce(1, *)), shape: Shape(extents))
    }
    return (tensor(form.firstExtents), tensor(form.secondExtents))
  }

  /// Expects equality to rounding: `terms` products of numbers below `magnitude`, summed twice.
  func expectEqual(
    _ a: Tensor, _ b: Tensor, terms: Int, magnitude: Double,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(a.shape == b.shape, sourceLocation: location)
    let bound = 2 * Double(terms + 2) * Double(terms) * magnitude * ElementType.float64.unitRoundoff
    for (x, y) in zip(try a.doubles(), try b.doubles()) {
      #expect(abs(x - y) <= bound, sourceLocation: location)
    }
  }

  @Test("the product is the sum over the depth of all pairs", arguments: Form.all)
  func values(_ form: Form) throws {
    let (a, b) = operands(form, seed: 3)
    try expectEqual(
      form.product(a, b), form.composedProduct(a, b), terms: Form.depth, magnitude: 1)
  }

  @Test(
    "results of more than 32 MB, with rows that begin at whole vectors and elsewhere",
    arguments: [2008, 2005])
  func largeResults(columns: Int) throws {
    // Small integers, so that sums are exact.
    let (rows, depth) = (4300, 3)
    func first(_ row: Int, _ k: Int) -> Int { (7 * row + 3 * k) % 11 - 5 }
    func second(_ k: Int, _ column: Int) -> Int { (5 * k + 2 * column) % 13 - 6 }
    let a = (0..<rows).flatMap { row in (0..<depth).map { Double(first(row, $0)) } }
    let b = (0..<depth).flatMap { k in (0..<columns).map { Double(second(k, $0)) } }
    let product = matrixProduct(
      Tensor(a, shape: [Dimension(rows), Dimension(depth)], as: .float32),
      Tensor(b, shape: [Dimension(depth), Dimension(columns)], as: .float32))
    let values = try product.doubles()
    #expect(values.count * 4 > 32 << 20)
    let wrong = values.indices.filter { place in
      let (row, column) = (place / columns, place % columns)
      let sum = (0..<depth).reduce(0) { $0 + first(row, $1) * second($1, column) }
      return values[place] != Double(sum)
    }
    #expect(wrong.prefix(3) == [])
  }

  @Test("first and second derivatives are those of the composed product", arguments: Form.all)
  func derivatives(_ form: Form) throws {
    let (a, b) = operands(form, seed: 4)
    /// A scalar that is nonlinear in the product, and its derivatives of two orders.
    func derivatives(_ product: (Tensor, Tensor) -> Tensor) -> [Tensor] {
      let c = product(a, b)
      let first = gradient(of: (c * c * c).sum(), withRespectTo: [a, b])
      let slope = (first[0] * first[0]).sum() + (first[1] * first[1]).sum()
      return first + gradient(of: slope, withRespectTo: [a, b])
    }
    // Products are below 5 and their sums run over at most 11·7·6 elements; second derivatives
    // are sums of products of up to eight such factors.
    for (x, y) in zip(derivatives(form.product), derivatives(form.composedProduct)) {
      let magnitude = try y.doubles().reduce(1) { max($0, abs($1)) }
      try expectEqual(x, y, terms: 11 * 7 * 6, magnitude: magnitude)
    }
  }

  @Test("the gradient agrees with central differences")
  func finiteDifferences() throws {
    let form = Form(transposingSecond: true)
    let (a, b) = operands(form, seed: 5)
    func value(_ a: Tensor, _ b: Tensor) -> Tensor { sin(form.product(a, b)).sum() }
    let gradients = gradient(of: value(a, b), withRespectTo: [a, b])
    let step = 1e-5
    for (variable, tensor) in [a, b].enumerated() {
      let expected = try gradients[variable].doubles()
      let elements = try tensor.doubles()
      for place in elements.indices {
        func shifted(by shift: Double) throws -> Double {
          var moved = elements
          moved[place] += shift
          let other = Tensor(moved, shape: tensor.shape)
          return try (variable == 0 ? value(other, b) : value(a, other)).doubles()[0]
        }
        let difference = try (shifted(by: step) - shifted(by: -step)) / (2 * step)
        // The third derivative is below 11 and rounding below 77·5·2⁻⁵² over the step.
        #expect(abs(difference - expected[place]) < 11 * step * step + 1e-8)
      }
    }
  }

  @Test("sizes may be symbols, and zero")
  func symbols() throws {
    let rows = Dimension.symbol("rows")
    let function = try CompiledFunction(of: [
      TensorDescription([rows, 4], .float64), TensorDescription([4, 3], .float64),
    ]) { arguments in
      let c = matrixProduct(arguments[0], arguments[1])
      return [c, gradient(of: (c * c).sum(), withRespectTo: [arguments[1]])[0]]
    }
    let weights = (0..<12).map { Double($0) - 4 }
    for count in [5, 0, 300] {
      let a = (0..<count * 4).map { Double($0 % 9) - 3 }
      let result = try function([
        Tensor(a, shape: Shape([count, 4])), Tensor(weights, shape: [4, 3]),
      ])
      // Small integers: exact.
      var product = [Double](repeating: 0, count: count * 3)
      var slope = [Double](repeating: 0, count: 12)
      for r in 0..<count {
        for n in 0..<3 {
          for k in 0..<4 { product[r * 3 + n] += a[r * 4 + k] * weights[k * 3 + n] }
          for k in 0..<4 { slope[k * 3 + n] += 2 * a[r * 4 + k] * product[r * 3 + n] }
        }
      }
      #expect(try result[0].doubles() == product)
      #expect(try result[1].doubles() == slope)
    }
  }
}
