import FileFormats
import TestSupport
import TrajectoryAnalysis

/// A box with these vectors, periodic along all three.
func box(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> PeriodicBox {
  PeriodicBox([a, b, c], periodic: [true, true, true])!
}

func cube(_ side: Double) -> PeriodicBox {
  box(SIMD3(side, 0, 0), SIMD3(0, side, 0), SIMD3(0, 0, side))
}

/// Face-centred cubic crystal of 4n³ atoms and its box.
func faceCentredCubic(
  _ side: Double, repeats n: Int
) -> (positions: [SIMD3<Double>], box: PeriodicBox) {
  let basis = [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
  var positions: [SIMD3<Double>] = []
  for x in 0..<n {
    for y in 0..<n {
      for z in 0..<n {
        for site in basis {
          positions.append((SIMD3(Double(x), Double(y), Double(z)) + site) * side)
        }
      }
    }
  }
  return (positions, cube(Double(n) * side))
}

func atoms(_ symbol: String, _ count: Int, mass: Double = 1) -> TrajectoryAtoms {
  TrajectoryAtoms(
    symbols: [String](repeating: symbol, count: count),
    masses: [Double](repeating: mass, count: count))
}

/// Writes frames and returns the path; the folder must be kept alive.
func write(_ frames: [ExtendedXYZFrame], in folder: TemporaryFolder) throws -> String {
  let path = folder.file("trajectory.extxyz")
  try ExtendedXYZWriter.write(frames, to: path, numbers: .exact)
  return path
}

/// Rotates about (1, 2, 3) by one radian.
func rotated(_ v: SIMD3<Double>) -> SIMD3<Double> {
  let axis = SIMD3(1.0, 2, 3) / 14.0.squareRoot()
  let (c, s) = (0.5403023058681398, 0.8414709848078965)
  let cross = SIMD3(
    axis.y * v.z - axis.z * v.y, axis.z * v.x - axis.x * v.z, axis.x * v.y - axis.y * v.x)
  return c * v + s * cross + (1 - c) * (axis * v).sum() * axis
}
