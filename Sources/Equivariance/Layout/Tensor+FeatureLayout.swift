import Irreps
import TensorGraph

// The layout of features, stated once for the whole room.
//
// A feature tensor is `[items, irreps.dimension]`. Its groups follow one another; inside a group
// of multiplicity n and degree l stand 2l + 1 components of n channels each, channels contiguous:
// `FeatureLayout.channelsContiguous`. Published files and e3nn itself keep components contiguous;
// what comes from there, or goes there, passes through these functions, once.

extension Tensor {
  /// Features in another layout.
  ///
  /// - Parameters:
  ///   - irreps: what the last axis holds.
  /// - Precondition: the last axis has `irreps.dimension` elements.
  public func converted(
    _ irreps: Irreps, from source: FeatureLayout, to target: FeatureLayout
  ) -> Tensor {
    precondition(
      rank >= 1 && shape[rank - 1] == Dimension(irreps.dimension),
      "layout conversion: \(irreps) has \(irreps.dimension) values, the shape is \(shape)")
    if source == target { return self }
    let outer = Array(shape.dimensions.dropLast())
    let parts = irreps.runsOfEqualLayout.map { run in
      let part = slice(run.values, along: -1)
      guard let group = run.rearranged else { return part }
      var extents = [Dimension(group.multiplicity), Dimension(group.irrep.dimension)]
      if source == .channelsContiguous { extents.reverse() }
      return part.reshaped(to: Shape(outer + extents)).transposed()
        .reshaped(to: Shape(outer + [Dimension(group.dimension)]))
    }
    return parts.isEmpty ? self : concatenate(parts, along: -1)
  }
}
