import Foundation

/// The distribution of the angles between two neighbours of an atom, as seen from it.
///
/// Neighbours are atoms within one distance r_b. P(θ) per degree has the integral 1 over 0…180°;
/// P(θ)/sin θ, scaled to the same integral, is 1/180 where directions are independent.
public struct AngularDistribution: Sendable {
  /// The distribution of a triple of elements.
  public struct Triple: Sendable {
    /// "H-O-H", the centre in the middle, or "all".
    public let label: String
    /// P in each bin of a degree, in 1/°.
    public let values: [Double]
    /// P/sin θ in each bin, in 1/°.
    public let perSolidAngle: [Double]
    /// The number of angles that were counted.
    public let count: Int
  }

  /// The distance up to which atoms are neighbours, in Å.
  public let bondCutoff: Double
  /// The middles of the bins in degrees.
  public let angles: [Double]
  /// First all triples alike, then those that occur; only the former where there is one element.
  public let triples: [Triple]
}

/// Counts angles frame by frame.
package struct AngularDistributionAccumulator {
  private let atoms: TrajectoryAtoms
  private let bondCutoff: Double
  private var counts: [[Int]]
  private static let binCount = 180

  /// - Precondition: the cutoff in Å is positive.
  package init(_ atoms: TrajectoryAtoms, bondCutoff: Double) {
    self.atoms = atoms
    self.bondCutoff = bondCutoff
    let elements = atoms.elements.count
    counts = [[Int]](
      repeating: [Int](repeating: 0, count: Self.binCount), count: elements * elements * elements)
  }

  package mutating func add(_ positions: [SIMD3<Double>], in box: PeriodicBox) {
    var bonds = [[(element: Int, vector: SIMD3<Double>)]](repeating: [], count: atoms.count)
    let elementOfAtom = atoms.elementOfAtom
    PairSearch(positions, in: box, cutoff: bondCutoff).forEachPair { i, j, vector in
      bonds[i].append((elementOfAtom[j], vector))
      bonds[j].append((elementOfAtom[i], -vector))
    }
    for (atom, bonds) in bonds.enumerated() {
      for (index, first) in bonds.enumerated() {
        for second in bonds[(index + 1)...] {
          let bin = min(Int(angle(first.vector, second.vector)), Self.binCount - 1)
          counts[triple(first.element, elementOfAtom[atom], second.element)][bin] += 1
        }
      }
    }
  }

  package func result() -> AngularDistribution? {
    let angles = (0..<Self.binCount).map { Double($0) + 0.5 }
    func distribution(_ label: String, _ counts: [Int]) -> AngularDistribution.Triple {
      let total = counts.reduce(0, +)
      let values = counts.map { Double($0) / Double(total) }
      let weighted = zip(values, angles).map { $0 / sin($1 * .pi / 180) }
      let sum = weighted.reduce(0, +)
      return AngularDistribution.Triple(
        label: label, values: values, perSolidAngle: weighted.map { $0 / sum }, count: total)
    }
    let all = counts.reduce(into: [Int](repeating: 0, count: Self.binCount)) { sum, counts in
      for bin in counts.indices { sum[bin] += counts[bin] }
    }
    guard all.contains(where: { $0 > 0 }) else { return nil }
    var triples = [distribution("all", all)]
    if atoms.elements.count > 1 {
      let names = atoms.elements
      for centre in names.indices {
        for first in names.indices {
          for second in names.indices[first...] {
            let counts = counts[triple(first, centre, second)]
            guard counts.contains(where: { $0 > 0 }) else { continue }
            triples.append(
              distribution("\(names[first])-\(names[centre])-\(names[second])", counts))
          }
        }
      }
    }
    return AngularDistribution(bondCutoff: bondCutoff, angles: angles, triples: triples)
  }

  private func triple(_ first: Int, _ centre: Int, _ second: Int) -> Int {
    let elements = atoms.elements.count
    return (centre * elements + min(first, second)) * elements + max(first, second)
  }
}
