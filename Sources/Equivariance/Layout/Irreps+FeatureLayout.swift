import Irreps

extension Irreps {
  /// Features on the host in another layout: one or several, one after the other.
  ///
  /// - Precondition: there is a multiple of `dimension` values.
  public func converted<Element>(
    _ features: [Element], from source: FeatureLayout, to target: FeatureLayout
  ) -> [Element] {
    precondition(
      dimension == 0 ? features.isEmpty : features.count.isMultiple(of: dimension),
      "layout conversion of \(features.count) values as features of \(self)")
    if source == target { return features }
    let permutation = permutation(from: source, to: target)
    return stride(from: 0, to: features.count, by: Swift.max(dimension, 1)).flatMap { start in
      permutation.map { features[start + $0] }
    }
  }

  /// A range of values that layouts store alike, or one group that they store differently.
  struct LayoutRun {
    var values: Range<Int>
    var rearranged: MultipliedIrrep?
  }

  var runsOfEqualLayout: [LayoutRun] {
    var runs: [LayoutRun] = []
    for (group, slice) in zip(groups, slices) where !slice.isEmpty {
      if group.multiplicity > 1 && group.irrep.dimension > 1 {
        runs.append(LayoutRun(values: slice, rearranged: group))
      } else if let last = runs.last, last.rearranged == nil {
        runs[runs.count - 1].values = last.values.lowerBound..<slice.upperBound
      } else {
        runs.append(LayoutRun(values: slice))
      }
    }
    return runs
  }
}
