import TestSupport
import Testing
import TrajectoryAnalysis

@Suite("Pairs on the host")
struct PairSearchTests {
  /// Every pair with every image that can be within the cutoff, as squared distances in order.
  private func brute(
    _ positions: [SIMD3<Double>], _ box: PeriodicBox, cutoff: Double, images: Int
  ) -> [Double] {
    var squares: [Double] = []
    let range = { (axis: Int) in box.periodic[axis] ? -images...images : 0...0 }
    for i in positions.indices {
      for j in positions.indices {
        for x in range(0) {
          for y in range(1) {
            for z in range(2) where i != j || SIMD3(x, y, z) != .zero {
              let shift = box.cartesian(SIMD3(Double(x), Double(y), Double(z)))
              let d = positions[j] - positions[i] + shift
              let square = (d * d).sum()
              if square < cutoff * cutoff { squares.append(square) }
            }
          }
        }
      }
    }
    return squares.sorted()
  }

  @Test(
    "finds what all images of all pairs hold, in cells wide, narrow and skewed",
    arguments: [
      (SIMD3(9.0, 0, 0), SIMD3(0, 9.0, 0), SIMD3(0, 0, 9.0), [true, true, true], 2.5),
      (SIMD3(3.0, 0, 0), SIMD3(0, 4.0, 0), SIMD3(0, 0, 12.0), [true, true, true], 4.9),
      (SIMD3(5.0, 0, 0), SIMD3(3.0, 4.5, 0), SIMD3(-2.0, 1.5, 4.0), [true, true, true], 4.0),
      (SIMD3(5.0, 0, 0), SIMD3(3.0, 4.5, 0), SIMD3(0, 0, 4.0), [true, true, false], 4.0),
      (SIMD3(5.0, 0, 0), SIMD3(0, 4.5, 0), SIMD3(0, 0, 4.0), [false, false, false], 3.0),
    ])
  func agreesWithImages(
    a: SIMD3<Double>, b: SIMD3<Double>, c: SIMD3<Double>, periodic: [Bool], cutoff: Double
  ) throws {
    let box = try #require(PeriodicBox([a, b, c], periodic: periodic))
    var random = SeededGenerator(seed: 3)
    // Some atoms lie outside of the cell.
    let positions = (0..<25).map { _ in
      box.cartesian(
        SIMD3(random.uniform(-1...2), random.uniform(-1...2), random.uniform(-1...2)))
    }
    var squares: [Double] = []
    var vectorsAgree = true
    PairSearch(positions, in: box, cutoff: cutoff).forEachPair { i, j, vector in
      let square = (vector * vector).sum()
      squares += [square, square]
      let images = box.fractional(vector - (positions[j] - positions[i]))
      for axis in 0..<3 {
        vectorsAgree =
          vectorsAgree && abs(images[axis] - images[axis].rounded()) < 1e-12
          && (box.periodic[axis] || abs(images[axis]) < 1e-12)
      }
    }
    #expect(vectorsAgree)
    // Positions of a few tens of Å: some roundings of 10 · 2⁻⁵³ · 10 Å².
    expectClose(
      squares.sorted(), brute(positions, box, cutoff: cutoff, images: 8), tolerance: 1e-13,
      relativeTo: 100)
  }
}
