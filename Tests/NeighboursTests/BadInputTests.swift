import Neighbours
import TensorGraph
import TestSupport
import Testing

@Suite("Structures that have no radius graph")
struct BadInputTests {
  let alone = StructurePlace(index: 0, count: 1)
  let box: Cell

  init() throws { box = try Cell(SIMD3(4, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4)) }

  @Test("positions that are not finite are named")
  func positionsNotFinite() throws {
    for bad in [Double.nan, .infinity, -.infinity] {
      let positions = [SIMD3<Double>(0, 0, 0), SIMD3(1, 1, 1), SIMD3(0, bad, 0)]
      let error = #expect(throws: NeighboursError.self) {
        try radiusGraph(of: positions, in: box, cutoff: 3)
      }
      #expect(error?.description.contains("atom 2 ") == true)
      #expect(error?.description.contains("\(bad)") == true)
      #expect(throws: NeighboursError.self) { try radiusGraph(of: positions, cutoff: 3) }
    }
  }

  @Test("atoms at the same point are named, across the faces of the cell too")
  func coincidentAtoms() throws {
    let third = SIMD3<Double>(0.1, 0.7, 1.9)
    #expect(throws: NeighboursError.coincidentAtoms(1, 3, place: alone)) {
      try radiusGraph(of: [third, .zero, SIMD3(1, 0, 0), .zero], in: box, cutoff: 3)
    }
    #expect(throws: NeighboursError.coincidentAtoms(0, 2, place: alone)) {
      try radiusGraph(of: [.zero, third, SIMD3(4, -4, 8)], in: box, cutoff: 3)
    }
    #expect(throws: NeighboursError.coincidentAtoms(0, 1, place: alone)) {
      try radiusGraph(of: [third, third], cutoff: 3)
    }
    // Without repetition these are apart.
    #expect(try radiusGraph(of: [.zero, third, SIMD3(4, -4, 8)], cutoff: 3).edgeCount == 2)
  }

  @Test("in a batch the structure is named")
  func structureInBatch() throws {
    let good = PointCloud([SIMD3(0, 0, 0), SIMD3(1, 1, 1)], in: box)
    let double = PointCloud([SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 0, 0)], in: box)
    #expect(
      throws: NeighboursError.coincidentAtoms(0, 2, place: StructurePlace(index: 2, count: 3))
    ) {
      try radiusGraph(of: [good, good, double], cutoff: 3)
    }
    let error = #expect(throws: NeighboursError.self) {
      try radiusGraph(of: [good, PointCloud([SIMD3(.nan, 0, 0)])], cutoff: 3)
    }
    #expect(error?.description.contains("atom 0 of structure 1 ") == true)
  }

  @Test("cells without a volume, where axes repeat")
  func flatCells() throws {
    let x = SIMD3<Double>(3, 0, 0)
    let y = SIMD3<Double>(0, 3, 0)
    let z = SIMD3<Double>(0, 0, 3)
    for (a, b, c, periodic) in [
      (x, y, .zero, [true, true, true]), (x, y, x + y, [true, true, true]),
      (x, 2 * x, z, [true, true, false]), (.zero, y, z, [true, false, false]),
    ] {
      #expect(throws: NeighboursError.cellWithoutVolume(vectors: [a, b, c], periodic: periodic)) {
        try Cell(a, b, c, periodic: periodic)
      }
    }
    #expect(try Cell(x, 2 * x, z, periodic: [true, false, true]).volume == 0)
    #expect(try Cell(x, y, .zero, periodic: [true, true, false]).volume == 0)
    #expect(try Cell(x, z, y).volume == 27)
    for bad in [Double.nan, .infinity, 1e200, 1e-200] {
      #expect(throws: NeighboursError.self) { try Cell(SIMD3(bad, 0, 0), y, z) }
    }
  }

  @Test("cutoffs that are no lengths", arguments: [0, -1, Double.nan, .infinity, 1e300])
  func invalidCutoffs(cutoff: Double) {
    #expect(throws: NeighboursError.self) { try radiusGraph(of: [.zero], in: box, cutoff: cutoff) }
  }

  @Test("a cutoff of far too many cells is refused at once")
  func hugeCutoffs() throws {
    let tiny = try Cell(SIMD3(0.001, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4))
    let error = #expect(throws: NeighboursError.self) {
      try radiusGraph(of: [.zero], in: tiny, cutoff: 5)
    }
    #expect(error?.description.contains("axis a") == true)
    #expect(throws: NeighboursError.self) {
      try radiusGraph(of: [.zero, SIMD3(1, 1, 1), SIMD3(2, 0, 0)], in: box, cutoff: 2040)
    }
    let many = (0..<100).map { SIMD3(0, 0, 0.04 * Double($0)) }
    #expect(throws: NeighboursError.self) { try radiusGraph(of: many, in: box, cutoff: 1000) }
  }

  @Test("positions so far away that cells cannot be counted")
  func farPositions() {
    for far in [1e12, 1e300, .greatestFiniteMagnitude] {
      for cell in [nil, box] {
        #expect(throws: NeighboursError.atomsTooFarApart(place: alone)) {
          try radiusGraph(of: [.zero, SIMD3(far, 0, -far)], in: cell, cutoff: 3)
        }
      }
    }
  }
}
