import TensorGraph

/// Slots whose rows are read off a table at the item's position.
extension ContractionInterface {
  func isTabulated(_ slot: Int) -> Bool { contraction.accesses[slot] == .tabulated }

  var readsTable: Bool { usedSlots.contains(where: isTabulated) }

  /// The derivatives of tabulated rows that are read.
  var derivatives: [Int] {
    var orders: Set<Int> = []
    for path in form.paths where path.factor(of: output) != nil {
      for factor in path.factors where factor.slot != output && isTabulated(factor.slot) {
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
    for order in derivatives {
      for (place, value) in KnotGrid.basis(derivative: order).enumerated() {
        text.line("const \(type) basis_\(order)_\(place) = \(value);")
      }
    }
  }

  /// A scalar in OpenCL C, of the row that begins at `row`.
  func value(
    of element: LaneSchedule.ScalarElement, row: String, basis: (Int, Int) -> String
  ) -> String {
    guard isTabulated(element.slot) else { return "\(row)[\(element.offset)]" }
    let value = cubic(
      element.slot, load: { "\(row)[\(element.offset + $0)]" },
      basis: { basis(element.derivative, $0) })
    return "(\(value))"
  }

  /// The value of the cubic: `load(place)` reads the place'th of its four numbers, `basis(place)`
  /// is the factor of each.
  func cubic(_ slot: Int, load: (Int) -> String, basis: (Int) -> String) -> String {
    let width = form.slots[slot].width
    return (0..<4).map { "\(basis($0))*\(load($0 * width))" }.joined(separator: " + ")
  }
}
