import Foundation

/// A 3 × 3 matrix of doubles by rows, for cells, strains and stresses.
package struct Matrix3: Sendable, Hashable {
  package var rows: [SIMD3<Double>]

  /// - Precondition: there are three rows.
  package init(rows: [SIMD3<Double>]) {
    precondition(rows.count == 3, "matrix of \(rows.count) rows, expected 3")
    self.rows = rows
  }

  /// The diagonal matrix with this number.
  package init(diagonal: Double) {
    rows = [SIMD3(diagonal, 0, 0), SIMD3(0, diagonal, 0), SIMD3(0, 0, diagonal)]
  }

  /// The symmetric matrix of xx, yy, zz, yz, xz, xy.
  package init(voigt v: [Double]) {
    precondition(v.count == 6, "Voigt vector of \(v.count) numbers, expected 6")
    rows = [SIMD3(v[0], v[5], v[4]), SIMD3(v[5], v[1], v[3]), SIMD3(v[4], v[3], v[2])]
  }

  package static let identity = Matrix3(diagonal: 1)
  package static let zero = Matrix3(diagonal: 0)

  package subscript(row: Int, column: Int) -> Double {
    get { rows[row][column] }
    set { rows[row][column] = newValue }
  }

  package var transposed: Matrix3 {
    Matrix3(rows: (0..<3).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) })
  }

  package var trace: Double { rows[0][0] + rows[1][1] + rows[2][2] }

  package var determinant: Double { rows[0].dot(rows[1].cross(rows[2])) }

  /// - Precondition: the determinant is not zero.
  package var inverse: Matrix3 {
    let columns = [rows[1].cross(rows[2]), rows[2].cross(rows[0]), rows[0].cross(rows[1])]
    let scale = 1 / determinant
    return Matrix3(rows: columns.map { $0 * scale }).transposed
  }

  /// xx, yy, zz, yz, xz, xy.
  package var voigt: [Double] {
    [self[0, 0], self[1, 1], self[2, 2], self[1, 2], self[0, 2], self[0, 1]]
  }

  /// The largest magnitude of an element.
  package var largestMagnitude: Double {
    rows.reduce(0) { Swift.max($0, abs($1.x), abs($1.y), abs($1.z)) }
  }

  package var isFinite: Bool { rows.allSatisfy { ($0.x + $0.y + $0.z).isFinite } }

  package static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(rows: zip(a.rows, b.rows).map { $0 + $1 })
  }

  package static func - (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(rows: zip(a.rows, b.rows).map { $0 - $1 })
  }

  package static func * (a: Double, b: Matrix3) -> Matrix3 {
    Matrix3(rows: b.rows.map { a * $0 })
  }

  package static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
    Matrix3(
      rows: a.rows.map { row in row.x * b.rows[0] + row.y * b.rows[1] + row.z * b.rows[2] })
  }

  /// The matrix times a column vector.
  package static func * (a: Matrix3, v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.rows[0].dot(v), a.rows[1].dot(v), a.rows[2].dot(v))
  }
}

extension SIMD3<Double> {
  package func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

  package func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  package var length: Double { dot(self).squareRoot() }

  package var isFinite: Bool { (x + y + z).isFinite }
}
