import TensorGraph

/// Slots whose rows are read off a table at the item's position.
extension ContractionInterface {
  func isTabulated(_ slot: Int) -> Bool { contraction.accesses[slot] == .tabulated }

  var readsTable: Bool { usedSlots.contains(where: isTabulated) }

  /// The derivatives of tabulated rows that are read.
  var derivatives: [Int] {
    var orders: Set<Int> = []
    for path in form.paths where contraction.result(of: path) != nil {
      for factor in path.factors where isTabulated(factor.slot) {
        orders.insert(factor.derivative)
      }
    }
    return orders.sorted()
  }

  /// Parameters that say where an item lies between the knots.
  var tableParameters: [(text: String, argument: KernelCall.Argument)] {
    guard readsTable, let knots = contraction.knots else { return [] }
    return [
      ("__global const \(type)* restrict position", .operand(contraction.positionOperand)),
      ("const \(type) knots_per_unit", .number(knots.knotsPerUnit, elementType)),
      ("const int last_interval", .size(Dimension(knots.intervals - 1))),
    ]
  }

  /// Declares `knot` and `fraction` of `item`. A position that is not a number, or beyond the
  /// knots, reads within the table; the former makes the result not a number either.
  func writeKnot(to text: inout KernelText) {
    text.line("const \(type) place = position[item]*knots_per_unit;")
    text.line(
      "const int knot = (int)fmin(fmax(place, (\(type))0), (\(type))last_interval);")
    text.line("const \(type) fraction = place - knot;")
  }

  /// Declares `basis_n_k` for `item`: the factors of each derivative that is read.
  func writeBasis(to text: inout KernelText) {
    writeKnot(to: &text)
    writeBasis(to: &text) { "const \(type) basis_\($0)_\($1)" }
  }

  /// Sets the factors of each derivative that is read; `variable` takes derivative and number.
  func writeBasis(to text: inout KernelText, variable: (Int, Int) -> String) {
    for order in derivatives {
      for term in KnotGrid.terms(derivative: order) {
        if let factor = term.factor { text.line("\(variable(order, term.number)) = \(factor);") }
      }
    }
  }

  /// A scalar in OpenCL C, of the row that begins at `row`.
  func value(
    of element: LaneSchedule.ScalarElement, row: String, basis: (Int, Int) -> String
  ) -> String {
    guard isTabulated(element.slot) else { return "\(row)[\(element.offset)]" }
    let value = cubic(
      element.slot, derivative: element.derivative,
      load: { "\(row)[\(element.offset + $0)]" }, basis: basis)
    return "(\(value))"
  }

  /// A derivative of the cubic: `load(offset)` reads a number so far from the row's begin,
  /// `basis(derivative, number)` is its factor.
  func cubic(
    _ slot: Int, derivative: Int, load: (Int) -> String, basis: (Int, Int) -> String
  ) -> String {
    let width = form.slots[slot].width
    return KnotGrid.terms(derivative: derivative).map { term in
      let number = load(term.number * width)
      return term.factor == nil ? number : "\(basis(derivative, term.number))*\(number)"
    }.joined(separator: " + ")
  }
}
