import Neighbours
import Potentials
import TensorGraph

/// Diamond silicon, a = 5.43 Å, with every coordinate moved by a normal deviate.
struct SiliconCrystal {
  /// Cells of eight atoms along each axis.
  let cells: (Int, Int, Int)
  /// The deviates' standard deviation, in Å.
  let rattle: Double

  static let latticeConstant = 5.43

  init(_ cells: (Int, Int, Int), rattle: Double) {
    self.cells = cells
    self.rattle = rattle
  }

  var atomCount: Int { 8 * cells.0 * cells.1 * cells.2 }

  /// The periodic cell.
  ///
  /// - Throws: never for sizes above zero.
  func cell() throws -> Cell {
    let edges = SIMD3(Double(cells.0), Double(cells.1), Double(cells.2)) * Self.latticeConstant
    return try Cell(SIMD3(edges.x, 0, 0), SIMD3(0, edges.y, 0), SIMD3(0, 0, edges.z))
  }

  /// Positions, others for each seed.
  ///
  /// - Throws: errors of the device, which draws the deviates.
  func positions(seed: Int, on bed: BenchmarkBed) throws -> [SIMD3<Double>] {
    let moves = try RandomKey(seed: Int32(seed)).normal([Dimension(3 * atomCount)], .float32)
      .doubles(on: bed.context)
    return zip(sites, stride(from: 0, to: moves.count, by: 3)).map { site, place in
      site + rattle * SIMD3(moves[place], moves[place + 1], moves[place + 2])
    }
  }

  /// Where atoms are before they are moved, in Å.
  var sites: [SIMD3<Double>] {
    let basis = [
      SIMD3(0.0, 0, 0), SIMD3(0, 2, 2), SIMD3(2, 0, 2), SIMD3(2, 2, 0), SIMD3(1, 1, 1),
      SIMD3(1, 3, 3), SIMD3(3, 1, 3), SIMD3(3, 3, 1),
    ].map { $0 / 4 }
    var sites: [SIMD3<Double>] = []
    for x in 0..<cells.0 {
      for y in 0..<cells.1 {
        for z in 0..<cells.2 {
          let corner = SIMD3(Double(x), Double(y), Double(z))
          sites += basis.map { Self.latticeConstant * (corner + $0) }
        }
      }
    }
    return sites
  }
}
