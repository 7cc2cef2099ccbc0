import Foundation

/// How long atoms keep their velocity: C(t) = ⟨Σ m v(t₀)·v(t₀ + t)⟩ / ⟨Σ m v²⟩, over time origins
/// t₀, with the velocity of the centre of mass taken out.
public struct VelocityAutocorrelation: Sendable {
  /// The curve of an element.
  public struct Curve: Sendable {
    /// The element's symbol, or "all".
    public let label: String
    /// C, one a lag; 1 at lag 0.
    public let values: [Double]
    /// The share of these atoms in Σ m v².
    public let weight: Double
    /// ⅓∫⟨v(0)·v(t)⟩dt in Å²/fs, to compare with the slope of the mean square displacement (the
    /// relation of Green and Kubo); for "all" it is the mean over atoms.
    public let diffusion: Double
  }

  /// The lags in fs.
  public let lags: [Double]
  /// First all atoms alike, then the elements; only the former where there is one element.
  public let curves: [Curve]
}

/// Gathers autocorrelations of velocities, atom by atom.
package struct VelocityAutocorrelationAccumulator {
  private let atoms: TrajectoryAtoms
  private let length: Int
  private let greatestLag: Int
  /// For each element, weighted by mass, and not.
  private var weighted: [AutocorrelationSum]
  private var plain: [AutocorrelationSum]

  /// - Parameter greatestLag: in frames; less than the number of frames.
  package init(_ atoms: TrajectoryAtoms, frameCount: Int, greatestLag: Int) {
    self.atoms = atoms
    length = frameCount
    self.greatestLag = greatestLag
    let empty = AutocorrelationSum(length: frameCount, greatestLag: greatestLag)
    weighted = [AutocorrelationSum](repeating: empty, count: atoms.elements.count)
    plain = weighted
  }

  /// Adds one component of an atom's velocity at all times, in Å/fs.
  package mutating func add(_ series: [Double], ofAtom atom: Int) {
    let element = atoms.elementOfAtom[atom]
    let root = atoms.masses[atom].squareRoot()
    weighted[element].add(series.map { $0 * root })
    plain[element].add(series)
  }

  /// - Returns: nil if nothing moves.
  package mutating func result(interval: Double) -> VelocityAutocorrelation? {
    func means(_ sums: inout [AutocorrelationSum]) -> [[Double]] {
      var result: [[Double]] = []
      for element in sums.indices {
        result.append(
          sums[element].sums().enumerated().map { $1 / Double(length - $0) })
      }
      return result
    }
    let weighted = means(&self.weighted)
    let plain = means(&self.plain)
    let total = weighted.reduce(0) { $0 + $1[0] }
    guard total > 0 else { return nil }
    let counts = atoms.elementCounts
    func curve(_ label: String, _ elements: [Int]) -> VelocityAutocorrelation.Curve {
      let sum = (0...greatestLag).map { lag in elements.reduce(0) { $0 + weighted[$1][lag] } }
      let speeds = (0...greatestLag).map { lag in elements.reduce(0) { $0 + plain[$1][lag] } }
      let count = elements.reduce(0) { $0 + counts[$1] }
      let integral = (speeds.reduce(0, +) - (speeds[0] + speeds[greatestLag]) / 2) * interval
      return VelocityAutocorrelation.Curve(
        label: label, values: sum.map { sum[0] > 0 ? $0 / sum[0] : 0 }, weight: sum[0] / total,
        diffusion: integral / (3 * Double(count)))
    }
    let single = atoms.elements.indices.map { curve(atoms.elements[$0], [$0]) }
    return VelocityAutocorrelation(
      lags: (0...greatestLag).map { Double($0) * interval },
      curves: [curve("all", Array(atoms.elements.indices))] + (single.count > 1 ? single : []))
  }
}
