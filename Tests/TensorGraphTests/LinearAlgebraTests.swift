import Foundation
import TensorGraph
import TestSupport
import Testing

/// Small matrices: what defines each factor, held in double precision on the host, and derivatives.
@Suite("Small linear algebra")
struct LinearAlgebraTests {
  /// A batch of matrices on the host, in double precision.
  struct Matrices {
    var count: Int
    var rows: Int
    var columns: Int
    var elements: [Double]

    init(_ count: Int, _ rows: Int, _ columns: Int, _ elements: [Double]) {
      (self.count, self.rows, self.columns, self.elements) = (count, rows, columns, elements)
    }

    init(random count: Int, _ rows: Int, _ columns: Int, seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      self.init(
        count, rows, columns,
        (0..<count * rows * columns).map { _ in
          Double(Float.random(in: -1...1, using: &random))
        })
    }

    var shape: Shape { Shape([count, rows, columns]) }

    subscript(_ matrix: Int, _ row: Int, _ column: Int) -> Double {
      get { elements[(matrix * rows + row) * columns + column] }
      set { elements[(matrix * rows + row) * columns + column] = newValue }
    }

    var transposed: Matrices {
      var result = Matrices(count, columns, rows, elements)
      for m in 0..<count {
        for i in 0..<rows { for j in 0..<columns { result[m, j, i] = self[m, i, j] } }
      }
      return result
    }

    static func * (a: Matrices, b: Matrices) -> Matrices {
      var result = Matrices(
        a.count, a.rows, b.columns, [Double](repeating: 0, count: a.count * a.rows * b.columns))
      for m in 0..<a.count {
        for i in 0..<a.rows {
          for j in 0..<b.columns {
            for k in 0..<a.columns { result[m, i, j] += a[m, i, k] * b[m, k, j] }
          }
        }
      }
      return result
    }

    static func + (a: Matrices, b: Matrices) -> Matrices {
      Matrices(a.count, a.rows, a.columns, zip(a.elements, b.elements).map(+))
    }

    static func identity(_ count: Int, _ rows: Int) -> Matrices {
      var result = Matrices(
        count, rows, rows, [Double](repeating: 0, count: count * rows * rows))
      for m in 0..<count { for i in 0..<rows { result[m, i, i] = 1 } }
      return result
    }

    /// Rows of numbers as diagonal matrices.
    static func diagonal(_ count: Int, _ rows: Int, _ values: [Double]) -> Matrices {
      var result = Matrices.identity(count, rows)
      for m in 0..<count { for i in 0..<rows { result[m, i, i] = values[m * rows + i] } }
      return result
    }

    /// Leibniz's sum over permutations.
    func determinant(of matrix: Int) -> Double {
      func minor(_ row: Int, _ free: [Int]) -> Double {
        free.isEmpty
          ? 1
          : free.indices.reduce(0) { sum, place in
            var rest = free
            let column = rest.remove(at: place)
            return sum + (place % 2 == 0 ? 1 : -1) * self[matrix, row, column]
              * minor(row + 1, rest)
          }
      }
      return minor(0, Array(0..<columns))
    }

    func tensor(_ type: ElementType) -> Tensor { Tensor(elements, shape: shape, as: type) }
  }

  /// Norm-wise backward error of elimination, reflections and rotations: a small multiple of the number
  /// of rows in units of rounding (Higham, sections 9.3, 10.1, 19.3).
  private func tolerance(_ rows: Int, _ type: ElementType) -> Double {
    Double(20 * rows) * type.unitRoundoff
  }

  static let rows = [1, 3, 8]
  static let types: [ElementType] = [.float32, .float64]

  /// Shifted, so that none is nearly singular.
  private func regular(_ count: Int, _ rows: Int, seed: UInt64) -> Matrices {
    Matrices(random: count, rows, rows, seed: seed)
      + .diagonal(count, rows, [Double](repeating: Double(rows), count: count * rows))
  }

  private func symmetric(_ count: Int, _ rows: Int, seed: UInt64) -> Matrices {
    let a = Matrices(random: count, rows, rows, seed: seed)
    return Matrices(count, rows, rows, (a + a.transposed).elements.map { $0 / 2 })
  }

  @Test("solutions solve, inverses invert", arguments: rows, types)
  func solutions(_ rows: Int, _ type: ElementType) throws {
    let a = regular(37, rows, seed: 1)
    let b = Matrices(random: 37, rows, 4, seed: 2)
    let x = Matrices(37, rows, 4, try solve(a.tensor(type), b.tensor(type)).doubles())
    expectClose((a * x).elements, b.elements, tolerance: tolerance(rows, type))
    let inverted = Matrices(37, rows, rows, try inverse(a.tensor(type)).doubles())
    expectClose(
      (a * inverted).elements, Matrices.identity(37, rows).elements,
      tolerance: tolerance(rows, type))
  }

  @Test("rows are exchanged where a pivot is zero, and a singular matrix shows")
  func pivots() throws {
    let a = Tensor([0, 1, 1, 0, 1, 2, 2, 4] as [Double], shape: [2, 2, 2])
    let inverted = try inverse(a).doubles()
    #expect(Array(inverted[..<4]) == [0, 1, 1, 0])
    #expect(inverted[4...].allSatisfy { !$0.isFinite })
    #expect(try determinant(a).doubles() == [-1, 0])
  }

  @Test("determinants are Leibniz's sums", arguments: [1, 3, 5], types)
  func determinants(_ rows: Int, _ type: ElementType) throws {
    let a = Matrices(random: 19, rows, rows, seed: 3)
    let found = try determinant(a.tensor(type)).doubles()
    expectClose(
      found, (0..<19).map { a.determinant(of: $0) }, tolerance: tolerance(rows, type),
      relativeTo: pow(Double(rows).squareRoot(), Double(rows)))
  }

  @Test("Cholesky's factors are lower triangular and make the matrix", arguments: rows, types)
  func choleskyFactors(_ rows: Int, _ type: ElementType) throws {
    let half = regular(21, rows, seed: 4)
    let a = half * half.transposed
    let l = Matrices(21, rows, rows, try cholesky(a.tensor(type)).doubles())
    // The operand itself is rounded once more.
    expectClose((l * l.transposed).elements, a.elements, tolerance: tolerance(rows, type))
    for m in 0..<21 {
      for i in 0..<rows {
        #expect(l[m, i, i] > 0)
        for j in i + 1..<max(rows, i + 1) { #expect(l[m, i, j] == 0) }
      }
    }
    let indefinite = Tensor([1, 2, 2, 1] as [Double], shape: [2, 2])
    #expect(try cholesky(indefinite).doubles()[3].isNaN)
  }

  @Test(
    "Q has orthonormal columns, R is upper triangular, together they make the matrix",
    arguments: [(1, 1), (3, 3), (5, 2), (8, 8)], types)
  func orthogonalTriangularFactors(_ extents: (Int, Int), _ type: ElementType) throws {
    let (rows, columns) = extents
    let a = Matrices(random: 23, rows, columns, seed: 5)
    let factors = orthogonalTriangular(a.tensor(type))
    let q = Matrices(23, rows, columns, try factors.q.doubles())
    let r = Matrices(23, columns, columns, try factors.r.doubles())
    expectClose((q * r).elements, a.elements, tolerance: tolerance(rows, type))
    expectClose(
      (q.transposed * q).elements, Matrices.identity(23, columns).elements,
      tolerance: tolerance(rows, type))
    for m in 0..<23 {
      for i in 0..<columns {
        #expect(r[m, i, i] > 0)
        for j in 0..<i { #expect(r[m, i, j] == 0) }
      }
    }
  }

  @Test("eigenvectors are orthonormal and turn into themselves", arguments: rows, types)
  func eigenvectors(_ rows: Int, _ type: ElementType) throws {
    var a = symmetric(29, rows, seed: 6)
    // One multiple of the identity and one of rank one: equal values.
    for i in 0..<rows {
      for j in 0..<rows {
        a[0, i, j] = i == j ? 2 : 0
        a[1, i, j] = 1
      }
    }
    let found = symmetricEigen(a.tensor(type))
    let values = try found.values.doubles()
    let v = Matrices(29, rows, rows, try found.vectors.doubles())
    let size = Double(rows)
    expectClose(
      (v.transposed * v).elements, Matrices.identity(29, rows).elements,
      tolerance: tolerance(rows, type))
    expectClose(
      (a * v).elements, (v * .diagonal(29, rows, values)).elements,
      tolerance: tolerance(rows, type), relativeTo: size)
    for m in 0..<29 {
      let own = Array(values[m * rows..<(m + 1) * rows])
      #expect(own == own.sorted())
      for k in 0..<rows {
        let column = (0..<rows).map { v[m, $0, k] }
        #expect(column.max { abs($0) < abs($1) } ?? 0 > 0)
      }
    }
  }

  @Test(
    "singular vectors are orthogonal and make the matrix, singular or not", arguments: rows, types)
  func singularVectors(_ rows: Int, _ type: ElementType) throws {
    var a = Matrices(random: 31, rows, rows, seed: 7)
    // No rank, rank one, equal values, tiny and huge elements.
    for i in 0..<rows {
      for j in 0..<rows {
        a[0, i, j] = 0
        a[1, i, j] = Double(i + 1)
        a[2, i, j] = i == j ? (i % 2 == 0 ? 3 : -3) : 0
        a[3, i, j] *= 0x1p-90
        a[4, i, j] *= 0x1p100
      }
    }
    let found = singularValues(a.tensor(type))
    let values = try found.values.doubles()
    let u = Matrices(31, rows, rows, try found.u.doubles())
    let v = Matrices(31, rows, rows, try found.v.doubles())
    for x in [u, v] {
      expectClose(
        (x.transposed * x).elements, Matrices.identity(31, rows).elements,
        tolerance: tolerance(rows, type))
    }
    let product = u * .diagonal(31, rows, values) * v.transposed
    for m in 0..<31 {
      let places = m * rows * rows..<(m + 1) * rows * rows
      expectClose(
        Array(product.elements[places]), Array(a.elements[places]), tolerance: tolerance(rows, type)
      )
      let own = Array(values[m * rows..<(m + 1) * rows])
      #expect(own == own.sorted(by: >) && own.allSatisfy { $0 >= 0 })
    }
  }

  /// A rotation about an axis through a unit quaternion of random numbers.
  private func rotations(_ count: Int, seed: UInt64) -> Matrices {
    var random = SeededGenerator(seed: seed)
    var result = Matrices.identity(count, 3)
    for m in 0..<count {
      let q = (0..<4).map { _ in Double.random(in: -1...1, using: &random) }
      let n = q.reduce(0) { $0 + $1 * $1 }
      let (w, x, y, z) = (q[0], q[1], q[2], q[3])
      let rows = [
        [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
      ]
      for i in 0..<3 { for j in 0..<3 { result[m, i, j] = rows[i][j] / n } }
    }
    return result
  }

  @Test("eigenvalues and singular values do not change when the matrix is turned")
  func invariance() throws {
    let turn = rotations(100, seed: 8)
    let a = symmetric(100, 3, seed: 9)
    let turned = turn * a * turn.transposed
    expectClose(
      try symmetricEigen(turned.tensor(.float64)).values.doubles(),
      try symmetricEigen(a.tensor(.float64)).values.doubles(), tolerance: 1e-14)
    let b = Matrices(random: 100, 3, 3, seed: 10)
    expectClose(
      try singularValues((turn * b).tensor(.float64)).values.doubles(),
      try singularValues(b.tensor(.float64)).values.doubles(), tolerance: 1e-14)
  }

  @Test("the nearest rotation is a rotation, turns with the matrix, and no other is nearer")
  func nearestRotations() throws {
    let a = Matrices(random: 50, 3, 3, seed: 11)
    let r = Matrices(50, 3, 3, try nearestRotation(a.tensor(.float64)).doubles())
    expectClose(
      (r * r.transposed).elements, Matrices.identity(50, 3).elements, tolerance: 1e-14)
    let turn = rotations(50, seed: 12)
    let turned = try nearestRotation((turn * a).tensor(.float64)).doubles()
    // The condition is the reciprocal of the last two singular values' sum.
    expectClose(turned, (turn * r).elements, tolerance: 1e-12)
    for m in 0..<50 {
      expectClose(r.determinant(of: m), 1, tolerance: 1e-14)
      func overlap(_ x: Matrices) -> Double {
        (0..<3).reduce(0) { sum, i in (0..<3).reduce(sum) { $0 + x[m, i, $1] * a[m, i, $1] } }
      }
      for seed in 0..<20 {
        let other = rotations(50, seed: 100 + UInt64(seed))
        #expect(overlap(other) <= overlap(r) + 1e-12)
      }
    }
  }

  @Test("derivatives, first and second, agree with differences")
  func derivatives() throws {
    let a = regular(2, 3, seed: 13)
    let b = Matrices(random: 2, 3, 2, seed: 14)
    let weights = Matrices(random: 2, 3, 3, seed: 15).tensor(.float64)
    func mixed(_ x: Tensor) -> Tensor { (sin(x) * weights).sum() }
    try expectDerivatives(of: [a.elements, b.elements], [a.shape, b.shape]) { x in
      let y = solve(x[0], x[1])
      return (y * y * y).sum()
    }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in mixed(inverse(x[0])) }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in
      let d = determinant(x[0])
      return (d * sqrt(d)).sum()
    }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in mixed(cholesky(x[0])) }
  }

  @Test("derivatives of orthogonal factors, first and second, agree with differences")
  func derivativesOfFactors() throws {
    // Values 1, 2, 3 apart: no pole is near.
    let base = Matrices.diagonal(2, 3, [1, 3, 6, 6, 2, 4])
    let disturbance = Matrices(random: 2, 3, 3, seed: 16)
    let a = base + Matrices(2, 3, 3, disturbance.elements.map { $0 / 4 })
    let weights = Matrices(random: 2, 3, 3, seed: 17).tensor(.float64)
    func mixed(_ x: Tensor) -> Tensor { (sin(x) * weights).sum() }
    func mixedValues(_ x: Tensor) -> Tensor { (x * x * x).sum() }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in
      let (values, vectors) = symmetricEigen(x[0])
      return mixed(vectors) + 0.1 * mixedValues(values)
    }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in
      let (u, values, v) = singularValues(x[0])
      return mixed(u) + mixed(v * v) + 0.1 * mixedValues(values)
    }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in
      let (q, r) = orthogonalTriangular(x[0])
      return mixed(q) + mixed(r)
    }
    let tall = Matrices(random: 2, 5, 3, seed: 18)
    try expectDerivatives(of: [tall.elements], [tall.shape]) { x in
      let (q, r) = orthogonalTriangular(x[0])
      return mixed(r) + (q * q * q).sum()
    }
    try expectDerivatives(of: [a.elements], [a.shape]) { x in mixed(nearestRotation(x[0])) }
  }

  @Test("the nearest rotation is smooth where singular values are equal")
  func nearestRotationOfRotations() throws {
    let turn = rotations(2, seed: 19)
    let weights = Matrices(random: 2, 3, 3, seed: 20).tensor(.float64)
    try expectDerivatives(of: [turn.elements], [turn.shape]) { x in
      (nearestRotation(x[0]) * weights).sum()
    }
  }

  @Test("the number of matrices may be a symbol, and zero")
  func symbols() throws {
    let count = Dimension.symbol("count")
    let function = try CompiledFunction(of: [TensorDescription([count, 3, 3], .float32)]) {
      [inverse($0[0]), symmetricEigen($0[0]).values]
    }
    for count in [0, 1, 100] {
      let a = regular(count, 3, seed: 21)
      let found = try function([a.tensor(.float32)])
      let inverted = Matrices(count, 3, 3, try found[0].doubles())
      expectClose(
        (a * inverted).elements, Matrices.identity(count, 3).elements,
        tolerance: tolerance(3, .float32))
      #expect(try found[1].doubles().count == 3 * count)
    }
  }
}
