extension Irreps {
  /// The groups of one sum, then those of the other.
  public static func + (left: Irreps, right: Irreps) -> Irreps {
    Irreps(left.groups + right.groups)
  }

  /// The same features with neighbouring groups of the same irrep merged and empty groups dropped.
  ///
  /// The values of a feature in e3nn's layout stay where they are. Groups that are apart stay
  /// apart: `1e+0e+1e` is left as it is; see `regrouped()`.
  public func simplified() -> Irreps {
    var merged: [MultipliedIrrep] = []
    for group in groups where group.multiplicity > 0 {
      if let last = merged.last, last.irrep == group.irrep {
        merged[merged.count - 1] = MultipliedIrrep(
          last.multiplicity + group.multiplicity, group.irrep)
      } else {
        merged.append(group)
      }
    }
    return Irreps(merged)
  }

  /// The groups by rising irrep, equal ones in their given order, and where each came from.
  public func sorted() -> SortedIrreps {
    let origins = groups.indices.sorted { (groups[$0].irrep, $0) < (groups[$1].irrep, $1) }
    return SortedIrreps(irreps: Irreps(origins.map { groups[$0] }), origins: origins)
  }

  /// Sorted, then simplified: each irrep in one group.
  public func regrouped() -> Irreps {
    sorted().irreps.simplified()
  }

  /// The groups that satisfy a condition.
  public func filtered(_ isIncluded: (MultipliedIrrep) throws -> Bool) rethrows -> Irreps {
    Irreps(try groups.filter(isIncluded))
  }

  /// The groups whose irrep is in a set.
  public func filtered(keeping irreps: Set<Irrep>) -> Irreps {
    filtered { irreps.contains($0.irrep) }
  }

  /// The groups up to a degree.
  public func filtered(maximumDegree: Int) -> Irreps {
    filtered { $0.irrep.degree <= maximumDegree }
  }

  /// The irreps of the full product of two features, regrouped: for each pair of irreps all of
  /// `Irrep.product(with:)`, as often as the product of their multiplicities.
  public func tensorProduct(with other: Irreps) -> Irreps {
    var multiplicities: [Irrep: Int] = [:]
    for left in groups {
      for right in other.groups {
        for irrep in left.irrep.product(with: right.irrep) {
          multiplicities[irrep, default: 0] += left.multiplicity * right.multiplicity
        }
      }
    }
    return Irreps(
      multiplicities.map { MultipliedIrrep($0.value, $0.key) }.sorted { $0.irrep < $1.irrep }
    ).simplified()
  }
}

/// Irreps by rising order, with the way back to the order before.
public struct SortedIrreps: Hashable, Sendable {
  public let irreps: Irreps
  /// For each group of `irreps`, its index before sorting (e3nn's `inv`).
  public let origins: [Int]

  /// For each group before sorting, its index in `irreps` (e3nn's `p`).
  public var destinations: [Int] {
    var destinations = [Int](repeating: 0, count: origins.count)
    for (destination, origin) in origins.enumerated() { destinations[origin] = destination }
    return destinations
  }
}
