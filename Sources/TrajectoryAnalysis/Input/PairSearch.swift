/// The pairs of atoms closer than a cutoff, images included, found on the host with linked cells.
///
/// The fractional coordinates are divided into bins; for each bin the atoms of the bins within
/// reach are looked at. A cutoff beyond the cell's widths is no special case: then the reach wraps
/// around the cell, and the same atoms are met again as images.
package struct PairSearch {
  private let box: PeriodicBox
  private let cutoff: Double
  private let counts: [Int]
  private let reach: [Int]
  /// The atoms in the order of their bins, with positions moved into the cell.
  private let atoms: [Int]
  private let positions: [SIMD3<Double>]
  private let starts: [Int]

  /// More bins than this along an axis do not help.
  private static let greatestBinCount = 64

  package init(_ positions: [SIMD3<Double>], in box: PeriodicBox, cutoff: Double) {
    precondition(cutoff > 0, "a cutoff of \(cutoff) Å")
    self.box = box
    self.cutoff = cutoff
    let widths = box.widths
    var fractional = positions.map(box.fractional)
    // Along an axis that does not repeat the bins span what the atoms do.
    var (low, extent) = (SIMD3<Double>.zero, SIMD3<Double>.one)
    for axis in 0..<3 where !box.periodic[axis] {
      let values = fractional.map { $0[axis] }
      low[axis] = values.min() ?? 0
      extent[axis] = max(((values.max() ?? 0) - low[axis]) * (1 + 1e-9), 1e-9)
    }
    counts = (0..<3).map {
      let count = (extent[$0] * widths[$0] / cutoff).rounded(.down)
      return max(1, Int(min(count, Double(Self.greatestBinCount))))
    }
    reach = (0..<3).map { [counts] axis in
      let needed = cutoff / (extent[axis] * widths[axis] / Double(counts[axis]))
      let bins = max(1, Int(min(needed.rounded(.up), 1000)))
      return box.periodic[axis] ? bins : min(bins, counts[axis] - 1)
    }

    var binOfAtom = [Int](repeating: 0, count: positions.count)
    for atom in positions.indices {
      var bin = 0
      for axis in 0..<3 {
        if box.periodic[axis] { fractional[atom][axis] -= fractional[atom][axis].rounded(.down) }
        let place = (fractional[atom][axis] - low[axis]) / extent[axis] * Double(counts[axis])
        bin = bin * counts[axis] + min(max(Int(place), 0), counts[axis] - 1)
      }
      binOfAtom[atom] = bin
    }
    var starts = [Int](repeating: 0, count: counts.reduce(1, *) + 1)
    for bin in binOfAtom { starts[bin + 1] += 1 }
    for bin in 1..<starts.count { starts[bin] += starts[bin - 1] }
    self.starts = starts
    atoms = binOfAtom.indices.sorted { (binOfAtom[$0], $0) < (binOfAtom[$1], $1) }
    self.positions = atoms.map { box.cartesian(fractional[$0]) }
  }

  /// Calls `body` once for each unordered pair: the two atoms, and the vector from the first to the
  /// (image of the) second. An atom and its own image are a pair, too, met once for both images
  /// that are opposite to each other.
  package func forEachPair(_ body: (Int, Int, SIMD3<Double>) -> Void) {
    for x in 0..<counts[0] {
      for y in 0..<counts[1] {
        for z in 0..<counts[2] { forEachPair(from: SIMD3(x, y, z), body) }
      }
    }
  }

  private func forEachPair(
    from bin: SIMD3<Int>, _ body: (Int, Int, SIMD3<Double>) -> Void
  ) {
    let home = range(of: bin)
    guard !home.isEmpty else { return }
    // Half of the surrounding bins: the other half meets the same pairs from the other side.
    for x in 0...reach[0] {
      for y in (x == 0 ? 0 : -reach[1])...reach[1] {
        for z in (x == 0 && y == 0 ? 0 : -reach[2])...reach[2] {
          guard let (other, shift) = neighbour(of: bin, at: SIMD3(x, y, z)) else { continue }
          forEachPair(home, other, shift: shift, isSame: x == 0 && y == 0 && z == 0, body)
        }
      }
    }
  }

  @inline(__always)
  private func forEachPair(
    _ home: Range<Int>, _ other: Range<Int>, shift: SIMD3<Double>, isSame: Bool,
    _ body: (Int, Int, SIMD3<Double>) -> Void
  ) {
    let square = cutoff * cutoff
    for i in home {
      let origin = positions[i] - shift
      for j in (isSame ? i + 1 : other.lowerBound)..<other.upperBound {
        let vector = positions[j] - origin
        if dot(vector, vector) < square { body(atoms[i], atoms[j], vector) }
      }
    }
  }

  private func range(of bin: SIMD3<Int>) -> Range<Int> {
    let index = (bin.x * counts[1] + bin.y) * counts[2] + bin.z
    return starts[index]..<starts[index + 1]
  }

  /// The atoms of a bin and the lattice vector that brings them there; nil beyond an open end.
  private func neighbour(
    of bin: SIMD3<Int>, at offset: SIMD3<Int>
  ) -> (Range<Int>, shift: SIMD3<Double>)? {
    var place = SIMD3<Int>.zero
    var shift = SIMD3<Double>.zero
    for axis in 0..<3 {
      let target = bin[axis] + offset[axis]
      let image = Int((Double(target) / Double(counts[axis])).rounded(.down))
      guard image == 0 || box.periodic[axis] else { return nil }
      place[axis] = target - image * counts[axis]
      if image != 0 { shift += Double(image) * box.vectors[axis] }
    }
    return (range(of: place), shift)
  }
}
