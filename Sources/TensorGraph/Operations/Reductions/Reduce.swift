/// A sum or maximum over axes, which disappear from the shape.
struct Reduce: Operation {
  var reduction: Reduction
  /// Ascending.
  var axes: [Int]

  var name: String { reduction.rawValue }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let shape = operands[0].shape
    precondition(
      axes.allSatisfy { (0..<shape.rank).contains($0) } && Set(axes).count == axes.count,
      "\(name): axes \(axes) of \(shape)")
    return TensorDescription(
      Shape((0..<shape.rank).filter { !axes.contains($0) }.map { shape[$0] }),
      operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let x = operands[0]
    var kept = x.shape
    for axis in axes { kept[axis] = 1 }
    let spread = cotangent.reshaped(to: kept).broadcast(to: x.shape)
    switch reduction {
    case .sum: return [spread]
    case .maximum:
      // Equal maxima share the derivative.
      let isMaximum = x .== result.reshaped(to: kept)
      let mask = isMaximum.converted(to: x.elementType)
      let count = mask.sum(along: axes).reshaped(to: kept)
      return [select(isMaximum, spread / count, x.filled(with: 0))]
    }
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering { .reduction(reduction, axes: axes) }
}

extension Tensor {
  /// The sum over some axes, which disappear (negative axes count from the end).
  public func sum(along axes: [Int]) -> Tensor { reduce(.sum, axes) }

  /// The sum of all elements, a scalar.
  public func sum() -> Tensor { sum(along: Array(0..<rank)) }

  /// The mean over some axes, which disappear.
  ///
  /// - Precondition: the axes' extents are fixed.
  public func mean(along axes: [Int]) -> Tensor {
    let count = axes.reduce(1) { product, axis in
      let extent = shape[axis < 0 ? axis + rank : axis]
      guard let fixed = extent.fixed else {
        preconditionFailure("mean: the extent \(extent) of axis \(axis) is not fixed in \(shape)")
      }
      return product * fixed
    }
    return sum(along: axes) / Double(count)
  }

  /// The largest element over some axes, which disappear; −∞ where an axis is empty.
  public func maximum(along axes: [Int]) -> Tensor { reduce(.maximum, axes) }

  private func reduce(_ reduction: Reduction, _ axes: [Int]) -> Tensor {
    precondition(
      elementType != .bool, "\(reduction.rawValue): a mask has no \(reduction.rawValue)")
    let axes = axes.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    return axes.isEmpty ? self : Tensor(Reduce(reduction: reduction, axes: axes), [self])
  }
}
