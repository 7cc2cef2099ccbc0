/// The rotation nearest to a matrix: computed from its singular vectors (operand 0, which has no
/// derivative), differentiated by the equation that it solves for the matrix (operand 1).
///
/// Through the singular vectors the derivative would have poles where values are equal, as they are
/// near a rotation, though the nearest rotation is smooth there.
struct NearestRotation: Operation {
  var name: String { "nearestRotation" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0] == operands[1], "nearestRotation: \(operands[0]) for matrices \(operands[1])")
    return operands[0]
  }

  /// P = RᵀA is symmetric. With dR = R[ω]× that gives (tr(P) − P) ω = vee(RᵀdA − dAᵀR), so that
  /// Ā = R[y]× with (tr(P) − P) y = vee(RᵀR̄ − R̄ᵀR).
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let stretch = matrixProduct(result, operands[1], transposingFirst: true)
    let identity = stretch.identityMatrix()
    let trace = (stretch * identity).sum(along: [-2, -1]).expanded(at: result.rank - 2)
      .expanded(at: result.rank - 1)
    let turned = matrixProduct(result, cotangent, transposingFirst: true)
    let axis = solve(trace * identity - stretch, (turned - turned.transposed()).axialVector())
    return [nil, matrixProduct(result, axis.axialMatrix())]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .view(SameElements()) }

  private struct SameElements: IndexMap {
    func source(of index: [IndexExpression]) -> [IndexExpression] { index }
    var keepsMemoryOrder: Bool { true }
  }
}

extension Tensor {
  /// One element of each matrix, as a matrix of one.
  private func element(_ row: Int, _ column: Int) -> Tensor {
    matrixRows(row..<row + 1).slice(column..<column + 1, along: -1)
  }

  /// The vectors `[..., 3, 1]` of antisymmetric matrices `[..., 3, 3]`.
  fileprivate func axialVector() -> Tensor {
    concatenate([element(2, 1), element(0, 2), element(1, 0)], along: -2)
  }

  /// The antisymmetric matrices `[..., 3, 3]` of vectors `[..., 3, 1]`, which take the cross product.
  fileprivate func axialMatrix() -> Tensor {
    let (x, y, z) = (element(0, 0), element(1, 0), element(2, 0))
    let zero = x.filled(with: 0)
    let rows = [[zero, -z, y], [z, zero, -x], [-y, x, zero]]
    return concatenate(rows.map { concatenate($0, along: -1) }, along: -2)
  }
}

/// The rotations R, orthogonal with determinant 1, nearest to 3×3 matrices A in the sum of squared
/// differences; the ones that turn one set of points best onto another, for A = Σ yᵢ xᵢᵀ
/// (Kabsch 1976; Umeyama 1991).
///
/// - Parameter a: `[..., 3, 3]`; floating point.
/// - Returns: `[..., 3, 3]`. Where several rotations are nearest (the last two singular values cancel),
///   one of them, and no finite derivative.
public func nearestRotation(_ a: Tensor) -> Tensor {
  precondition(
    a.rank >= 2 && a.shape.dimensions.suffix(2).map(\.fixed) == [3, 3],
    "nearestRotation: \(a.node.description); expected 3×3 matrices on the last two axes")
  let (u, _, v) = singularValues(a)
  let sign = (determinant(u) * determinant(v)).expanded(at: a.rank - 2).expanded(at: a.rank - 1)
  // The least stretched axis takes the reflection, where there is one.
  let flips = select(
    Tensor.coordinate(along: 1, of: [1, 3]) .< 2, sign.filled(with: 1),
    select(sign .< 0, sign.filled(with: -1), sign.filled(with: 1)))
  let rotation = matrixProduct(u * flips, v, transposingSecond: true)
  return Tensor(NearestRotation(), [rotation, a])
}
