extension Irreps {
  /// The block-diagonal matrix of this representation for a rotation, preceded by an inversion if
  /// `inverted`; shape dimension × dimension, components contiguous (`.componentsContiguous`).
  public func matrix(of rotation: Rotation, inverted: Bool = false) -> SquareMatrix {
    let blocks = blocks(of: rotation, inverted: inverted)
    var matrix = SquareMatrix(zeroOfDimension: dimension)
    for (group, slice) in zip(groups, slices) {
      guard let block = blocks[group.irrep] else { continue }
      for start in stride(from: slice.lowerBound, to: slice.upperBound, by: block.dimension) {
        for row in 0..<block.dimension {
          for column in 0..<block.dimension {
            matrix[start + row, start + column] = block[row, column]
          }
        }
      }
    }
    return matrix
  }

  /// The feature after a rotation of space, preceded by an inversion if `inverted`.
  ///
  /// What a test of equivariance needs: a layer f satisfies
  /// f(rotate(x)) = rotate(f(x)).
  ///
  /// - Parameters:
  ///   - feature: One or several features, one after the other; a multiple of `dimension` values.
  ///   - layout: How values lie inside a group.
  public func rotate(
    _ feature: [Double], by rotation: Rotation, inverted: Bool = false,
    layout: FeatureLayout = .componentsContiguous
  ) -> [Double] {
    precondition(
      dimension == 0 ? feature.isEmpty : feature.count.isMultiple(of: dimension),
      "rotation of \(feature.count) values as features of \(self), of dimension \(dimension)")
    guard !feature.isEmpty else { return [] }
    let blocks = blocks(of: rotation, inverted: inverted)
    var result = [Double](repeating: 0, count: feature.count)
    for origin in stride(from: 0, to: feature.count, by: dimension) {
      for (group, slice) in zip(groups, slices) {
        guard let block = blocks[group.irrep] else { continue }
        let start = origin + slice.lowerBound
        for channel in 0..<group.multiplicity {
          for row in 0..<block.dimension {
            let target = start + layout.offset(channel: channel, component: row, in: group)
            for column in 0..<block.dimension {
              let source = start + layout.offset(channel: channel, component: column, in: group)
              result[target] += block[row, column] * feature[source]
            }
          }
        }
      }
    }
    return result
  }

  private func blocks(of rotation: Rotation, inverted: Bool) -> [Irrep: SquareMatrix] {
    let irreps = Set(groups.lazy.filter { $0.multiplicity > 0 }.map(\.irrep))
    let matrices = Wigner.matrices(upTo: maximumDegree ?? 0, rotation: rotation)
    return Dictionary(
      uniqueKeysWithValues: irreps.map { irrep in
        let matrix = matrices[irrep.degree]
        let isNegated = inverted && irrep.parity == .odd
        return (
          irrep,
          isNegated
            ? SquareMatrix(dimension: matrix.dimension, elements: matrix.elements.map(-)) : matrix
        )
      })
  }
}
