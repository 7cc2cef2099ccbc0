import Equivariance
import TensorGraph

extension MultilinearForm {
  /// The number of products that are summed into one element of a slot, at most, an item.
  func longestSum(into output: Int) -> Int {
    var counts: [[Int]: Int] = [:]
    for path in paths {
      guard let place = path.factors.firstIndex(where: { $0.slot == output }) else { continue }
      let kept = path.factors[place].subscripts
      let summed = path.subscriptExtents(in: slots).filter { !kept.contains($0.key) }
        .values.reduce(1, *)
      for entry in path.entries {
        counts[[path.factors[place].segment, entry.components[place]], default: 0] += summed
      }
    }
    return counts.values.max() ?? 0
  }
}

/// The relative error of a sum of products, each of up to five rounded factors: a roundoff a term
/// and a few for the factors.
func sumTolerance(terms: Int, _ type: ElementType) -> Double {
  Double(terms + 8) * type.unitRoundoff
}
