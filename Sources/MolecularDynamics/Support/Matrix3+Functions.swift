import Foundation

extension Matrix3 {
  /// The matrix exponential.
  package var exponential: Matrix3 { exponentialAndDerivative(along: .zero).value }

  /// The exponential, and its Fréchet derivative in a direction: the part of
  /// exp(self + t · direction) that is linear in t.
  ///
  /// Taylor series of a matrix scaled down until its norm is below ½, then squared up again; the
  /// derivative follows the same recurrences.
  package func exponentialAndDerivative(
    along direction: Matrix3
  ) -> (value: Matrix3, derivative: Matrix3) {
    var halvings = 0
    var norm = 3 * largestMagnitude
    while norm > 0.5 {
      norm /= 2
      halvings += 1
    }
    let scale = exp2(-Double(halvings))
    let matrix = scale * self
    let slope = scale * direction

    // Terms of order k of the series and of its derivative.
    var term = Matrix3.identity
    var slopeTerm = Matrix3.zero
    var value = Matrix3.identity
    var derivative = Matrix3.zero
    // 0.5^18 / 18! is below the rounding of 1.
    for order in 1...18 {
      slopeTerm = (1 / Double(order)) * (matrix * slopeTerm + slope * term)
      term = (1 / Double(order)) * (matrix * term)
      value = value + term
      derivative = derivative + slopeTerm
    }
    for _ in 0..<halvings {
      derivative = value * derivative + derivative * value
      value = value * value
    }
    return (value, derivative)
  }

  /// The principal logarithm of a matrix without eigenvalues on the negative real axis, such as
  /// a deformation that is not far from none.
  ///
  /// Square roots (Denman and Beavers 1976) bring the matrix near the identity, where the series
  /// of 2 artanh converges fast.
  package var logarithm: Matrix3 {
    var root = self
    var count = 0
    while (root - .identity).largestMagnitude > 0.05, count < 40 {
      root = root.squareRoot
      count += 1
    }
    let quotient = (root - .identity) * (root + .identity).inverse
    let square = quotient * quotient
    var power = quotient
    var sum = quotient
    for order in stride(from: 3.0, through: 21, by: 2) {
      power = power * square
      sum = sum + (1 / order) * power
    }
    return exp2(Double(count + 1)) * sum
  }

  private var squareRoot: Matrix3 {
    var root = self
    var inverseRoot = Matrix3.identity
    for _ in 0..<60 {
      let next = 0.5 * (root + inverseRoot.inverse)
      inverseRoot = 0.5 * (inverseRoot + root.inverse)
      let change = (next - root).largestMagnitude
      root = next
      if change <= 1e-15 * root.largestMagnitude { break }
    }
    return root
  }

  /// The rotation R for which R · self has its upper triangle zero where `self` holds the vectors
  /// as columns: the first vector along x, the second in the plane of x and y.
  ///
  /// Here `self` holds the vectors as rows; the rotated rows are `rows.map { R * $0 }`.
  package var rotationToLowerTriangular: Matrix3 {
    let first = (1 / rows[0].length) * rows[0]
    let normal = rows[0].cross(rows[1])
    let third = (1 / normal.length) * normal
    return Matrix3(rows: [first, third.cross(first), third])
  }
}
