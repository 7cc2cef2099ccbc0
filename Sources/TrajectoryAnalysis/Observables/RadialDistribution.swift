import Foundation

/// The radial distribution functions of a trajectory (Allen & Tildesley, Computer Simulation of
/// Liquids, 2.6).
///
/// g(r_k) = V/(N_a N_b) · ⟨ordered pairs a–b in the shell⟩ / (4π/3 (r_{k+1}³ − r_k³)), with N_a²
/// for a = b: an ideal gas, images included, gives 1. Pairs with images count, so that r may exceed
/// half the cell; beyond it a small cell shows its own periodicity.
public struct RadialDistribution: Sendable {
  /// The function of a pair of elements.
  public struct Pair: Sendable {
    /// "O-H", or "all" for all atoms alike.
    public let label: String
    /// g in each shell.
    public let values: [Double]
    /// Standard errors of `values`, from blocks of frames; empty for fewer than two frames.
    public let errors: [Double]
    /// The mean number of second atoms around a first one within each shell's outer radius.
    public let coordination: [Double]
    /// The mean number of first atoms around a second one, likewise.
    public let reverseCoordination: [Double]
    /// Where the first peak is, in Å, and how high.
    public let firstPeak: (radius: Double, height: Double)?
    /// Where g is lowest after the first peak, in Å: the end of the first shell.
    public let firstMinimum: Double?
    /// The number of second atoms around a first one, up to the first minimum.
    public let firstShell: BlockAverage?
  }

  /// The middles of the shells in Å.
  public let radii: [Double]
  /// The shells' thickness in Å.
  public let binWidth: Double
  /// First all atoms alike, then the pairs of elements; only the former where there is one element.
  public let pairs: [Pair]
}

/// Counts pairs frame by frame.
package struct RadialDistributionAccumulator {
  private let atoms: TrajectoryAtoms
  private let cutoff: Double
  private let binWidth: Double
  private let binCount: Int
  /// For each two elements the number of their pair.
  private let pairOfElements: [Int]
  private let pairs: [(first: Int, second: Int)]
  /// For each pair the weighted counts of g, then the counts themselves.
  private var sums: BlockSums

  /// - Precondition: the cutoff and the width in Å are positive.
  package init(_ atoms: TrajectoryAtoms, cutoff: Double, binWidth: Double) {
    precondition(cutoff > 0 && binWidth > 0, "shells of \(binWidth) Å up to \(cutoff) Å")
    self.atoms = atoms
    binCount = max(1, Int((cutoff / binWidth).rounded()))
    self.binWidth = binWidth
    self.cutoff = Double(binCount) * binWidth
    let elements = atoms.elements.count
    var pairs: [(first: Int, second: Int)] = []
    var pairOfElements = [Int](repeating: 0, count: elements * elements)
    for first in 0..<elements {
      for second in first..<elements {
        pairOfElements[first * elements + second] = pairs.count
        pairOfElements[second * elements + first] = pairs.count
        pairs.append((first, second))
      }
    }
    self.pairs = pairs
    self.pairOfElements = pairOfElements
    sums = BlockSums(width: 2 * pairs.count * binCount)
  }

  package mutating func add(_ positions: [SIMD3<Double>], in box: PeriodicBox) {
    let elements = atoms.elements.count
    let elementOfAtom = atoms.elementOfAtom
    let (binCount, scale) = (binCount, 1 / binWidth)
    var counts = [Int](repeating: 0, count: pairs.count * binCount)
    PairSearch(positions, in: box, cutoff: cutoff).forEachPair { i, j, vector in
      let bin = Int(length(vector) * scale)
      guard bin < binCount else { return }
      let pair = pairOfElements[elementOfAtom[i] * elements + elementOfAtom[j]]
      counts[pair * binCount + bin] += 1
    }
    // Unordered pairs of one element are two ordered ones; of two elements they are one a–b.
    let sample = counts.enumerated().map { index, count in
      let pair = pairs[index / binCount]
      return Double(pair.first == pair.second ? 2 * count : count)
    }
    sums.add(sample.map { $0 * box.volume } + sample)
  }

  package func result() -> RadialDistribution? {
    guard sums.sampleCount > 0 else { return nil }
    let means = sums.means
    let blocks = sums.blockMeans
    let all = pair("all", Array(pairs.indices), means, blocks)
    let single = pairs.indices.map { index in
      let (first, second) = pairs[index]
      return pair(
        "\(atoms.elements[first])-\(atoms.elements[second])", [index], means, blocks)
    }
    return RadialDistribution(
      radii: (0..<binCount).map { (Double($0) + 0.5) * binWidth }, binWidth: binWidth,
      pairs: [all] + (single.count > 1 ? single : []))
  }

  private func pair(
    _ label: String, _ indices: [Int], _ means: [Double], _ blocks: [[Double]]
  ) -> RadialDistribution.Pair {
    let isAll = label == "all"
    let counts = atoms.elementCounts
    let first = isAll ? atoms.count : counts[pairs[indices[0]].first]
    let second = isAll ? atoms.count : counts[pairs[indices[0]].second]
    // Among all atoms a pair of two elements is met from either side.
    func total(_ sample: [Double], offset: Int) -> [Double] {
      (0..<binCount).map { bin in
        indices.reduce(0) { sum, index in
          let isMixed = pairs[index].first != pairs[index].second
          return sum + sample[offset + index * binCount + bin] * (isAll && isMixed ? 2 : 1)
        }
      }
    }
    let countOffset = pairs.count * binCount
    let shells = (0..<binCount).map { bin in
      4 / 3 * Double.pi * (pow(Double(bin + 1), 3) - pow(Double(bin), 3)) * pow(binWidth, 3)
    }
    func function(_ sample: [Double]) -> [Double] {
      zip(total(sample, offset: 0), shells).map { $0 / ($1 * Double(first) * Double(second)) }
    }
    let values = function(means)
    let blockValues = blocks.map(function)
    let errors =
      blocks.count < 2
      ? []
      : (0..<binCount).map { bin in BlockAverage.standardError(blockValues.map { $0[bin] }) }
    func running(_ sample: [Double], per count: Int) -> [Double] {
      var sum = 0.0
      return total(sample, offset: countOffset).map {
        sum += $0
        return sum / Double(count)
      }
    }
    let shape = CurveShape(values, step: binWidth)
    let shell = shape.minimumIndex.map { minimum in
      BlockAverage(
        mean: running(means, per: first)[minimum],
        error: blocks.count < 2
          ? nil
          : BlockAverage.standardError(blocks.map { running($0, per: first)[minimum] }))
    }
    return RadialDistribution.Pair(
      label: label, values: values, errors: errors,
      coordination: running(means, per: first), reverseCoordination: running(means, per: second),
      firstPeak: shape.peak, firstMinimum: shape.minimumIndex.map { Double($0 + 1) * binWidth },
      firstShell: shell)
  }
}

/// The first peak of a curve and the valley after it.
struct CurveShape {
  private(set) var peak: (radius: Double, height: Double)?
  /// The shell at whose outer radius the valley has its middle.
  private(set) var minimumIndex: Int?

  /// Peaks and valleys lower than this share of the peak are noise.
  private static let leastProminence = 0.1

  init(_ values: [Double], step: Double) {
    // Over some 0.1 Å, so that the noise of single shells makes no peaks.
    let reach = Int((0.05 / step).rounded())
    let smooth = values.indices.map { index in
      let range = max(0, index - reach)...min(values.count - 1, index + reach)
      return values[range].reduce(0, +) / Double(range.count)
    }
    guard let start = smooth.firstIndex(where: { $0 > 1 }) else { return }
    var top = start
    var end: Int?
    for index in start..<smooth.count {
      if smooth[index] > smooth[top] { top = index }
      if smooth[index] < (1 - 2 * Self.leastProminence) * smooth[top] {
        end = index
        break
      }
    }
    guard let end else { return }
    let highest = values[max(0, top - reach)...min(values.count - 1, top + reach)].max() ?? 0
    peak = (radius: (Double(top) + 0.5) * step, height: highest)

    let margin = Self.leastProminence * smooth[top]
    var bottom = end
    for index in end..<smooth.count {
      if smooth[index] < smooth[bottom] { bottom = index }
      if smooth[index] > smooth[bottom] + min(margin, 0.2) {
        // An empty gap between shells has no lowest point: its middle is meant.
        let last = (bottom..<index).last { smooth[$0] <= smooth[bottom] } ?? bottom
        minimumIndex = (bottom + last) / 2
        return
      }
    }
  }
}
