/// The order of the values inside one group of a feature, such as the 64 vectors of `64x1o`.
public enum FeatureLayout: Hashable, Sendable {
  /// A feature's components lie together, index = channel · (2l+1) + component: e3nn's layout, in
  /// which weights and features are stored in published files.
  case componentsContiguous

  /// The channels lie together, index = component · multiplicity + channel: the layout of
  /// Clebsch's kernels, in which neighbouring lanes read neighbouring values.
  case channelsContiguous

  /// Where a value lies inside its group.
  public func offset(channel: Int, component: Int, in group: MultipliedIrrep) -> Int {
    switch self {
    case .componentsContiguous: channel * group.irrep.dimension + component
    case .channelsContiguous: component * group.multiplicity + channel
    }
  }
}

extension Irreps {
  /// For each place in a feature of layout `target`, the place of its value in layout `source`:
  /// `converted[i] = feature[permutation[i]]`.
  public func permutation(from source: FeatureLayout, to target: FeatureLayout) -> [Int] {
    var permutation = [Int](repeating: 0, count: dimension)
    for (group, slice) in zip(groups, slices) {
      for channel in 0..<group.multiplicity {
        for component in 0..<group.irrep.dimension {
          let place = target.offset(channel: channel, component: component, in: group)
          let origin = source.offset(channel: channel, component: component, in: group)
          permutation[slice.lowerBound + place] = slice.lowerBound + origin
        }
      }
    }
    return permutation
  }
}
