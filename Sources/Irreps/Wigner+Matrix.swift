extension Wigner {
  /// The Wigner D matrix of a rotation, real, shape (2l+1) × (2l+1), in e3nn's basis: with
  /// harmonics Y of degree l, Y(R x) = D Y(x).
  ///
  /// D⁰ = 1 and D¹ is the rotation's own 3 × 3 matrix, since the components for l = 1 are (x, y,
  /// z). Parity is not seen here; see `Irrep.matrix(of:inverted:)`.
  public static func d(degree: Int, rotation: Rotation) -> SquareMatrix {
    matrices(upTo: degree, rotation: rotation)[degree]
  }

  /// The Wigner D matrices of the degrees 0, 1, …, `degree`.
  ///
  /// Each follows from the one before by coupling with D¹,
  /// D^l = (2l+1) C (D^(l−1) ⊗ D¹) Cᵀ with C the 3j symbols of (l−1, 1, l): polynomials in the
  /// matrix, without angles and their singularities.
  public static func matrices(upTo degree: Int, rotation: Rotation) -> [SquareMatrix] {
    precondition(degree >= 0, "a Wigner D matrix has a degree of at least 0, not \(degree)")
    let vector = rotation.matrix
    var matrices = [SquareMatrix(identityOfDimension: 1), vector]
    for degree in stride(from: 2, through: degree, by: 1) {
      matrices.append(couple(matrices[degree - 1], with: vector, degree: degree))
    }
    return Array(matrices[...degree])
  }

  private static func couple(
    _ lower: SquareMatrix, with vector: SquareMatrix, degree: Int
  ) -> SquareMatrix {
    let couplings = threeJ(degree - 1, 1, degree).nonzeros
    let scale = Double(2 * degree + 1)
    var result = SquareMatrix(zeroOfDimension: 2 * degree + 1)
    for row in couplings {
      for column in couplings {
        result[row.third, column.third] +=
          scale * row.value * column.value * lower[row.first, column.first]
          * vector[row.second, column.second]
      }
    }
    return result
  }
}

extension Irrep {
  /// The matrix of this representation for a rotation, preceded by an inversion if `inverted`;
  /// shape (2l+1) × (2l+1).
  public func matrix(of rotation: Rotation, inverted: Bool = false) -> SquareMatrix {
    let matrix = Wigner.d(degree: degree, rotation: rotation)
    guard inverted, parity == .odd else { return matrix }
    return SquareMatrix(dimension: dimension, elements: matrix.elements.map(-))
  }
}
