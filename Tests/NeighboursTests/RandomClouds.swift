import Neighbours
import TestSupport

/// Kinds of cells that neighbour searches have been known to get wrong.
enum CellKind: CaseIterable {
  /// Orthogonal, several cutoffs wide.
  case box
  /// Any angles, about a cutoff wide.
  case triclinic
  /// Smaller than the cutoff along every axis.
  case tiny
  /// One or two axes leant over many times their distance.
  case skewed
  /// Two axes short, one long.
  case needle
  /// As triclinic, of the other handedness.
  case leftHanded
  /// Vectors of zero length along the axes that do not repeat.
  case zeroVectors
}

/// A random structure for a cutoff of 3; every fifth position lies outside the cell.
func randomCloud(
  _ kind: CellKind, periodic: [Bool], _ generator: inout SeededGenerator
) throws -> PointCloud {
  func random(_ range: ClosedRange<Double>) -> Double { generator.uniform(range) }
  func triclinic(_ lengths: ClosedRange<Double>, lean: Double) -> [SIMD3<Double>] {
    let lengths = (0..<3).map { _ in random(lengths) }
    return [
      SIMD3(lengths[0], 0, 0),
      SIMD3(random(-lean...lean), lengths[1], 0),
      SIMD3(random(-lean...lean), random(-lean...lean), lengths[2]),
    ]
  }
  var vectors: [SIMD3<Double>]
  switch kind {
  case .box: vectors = triclinic(6...14, lean: 0)
  case .triclinic, .zeroVectors: vectors = triclinic(3...8, lean: 3)
  case .tiny: vectors = triclinic(0.9...2, lean: 1)
  case .skewed:
    vectors = triclinic(1.5...5, lean: 0)
    vectors[1] += Double(Int.random(in: -9...9, using: &generator)) * vectors[0]
    vectors[2] += random(-9...9) * vectors[1] + random(-4...4) * vectors[0]
  case .needle:
    vectors = triclinic(1...2, lean: 0.5)
    vectors[Int.random(in: 0..<3, using: &generator)] *= 20
  case .leftHanded:
    vectors = triclinic(3...8, lean: 2)
    vectors.swapAt(0, Int.random(in: 1...2, using: &generator))
  }
  let rotated = vectors.map { SIMD3($0.y, $0.z, $0.x) }
  let count = Int.random(in: 0...(kind == .tiny ? 4 : 24), using: &generator)
  let positions = (0..<count).map { _ in
    let outside = Int.random(in: 0..<5, using: &generator) == 0
    return rotated.reduce(SIMD3<Double>.zero) {
      $0 + random(outside ? -3...4 : 0...1) * $1
    }
  }
  if kind == .zeroVectors {
    vectors = zip(rotated, periodic).map { $1 ? $0 : .zero }
  } else {
    vectors = rotated
  }
  return PointCloud(
    positions, in: try Cell(vectors[0], vectors[1], vectors[2], periodic: periodic))
}

/// Every subset of the three axes.
let periodicities = (0..<8).map { subset in (0..<3).map { subset >> $0 & 1 == 1 } }
