import OpenCLRuntime
import TensorGraph

/// Atoms on the device, folded into their cells and sorted into bins.
struct CellList {
  let atomCount: Int
  /// [atoms] int32: the structure of each atom.
  let structures: Buffer
  /// A record a structure: the basis (`frame` in the kernels) and its bins (`grid`).
  let frames, grids: Buffer
  /// [atoms, 4]: positions inside the cell.
  let folded: Buffer
  /// [atoms, 4] int32: the image an atom was folded from, and its bin.
  let homes: Buffer
  /// [bins + 1] int32: the slots of each bin.
  let binOffsets: Buffer
  /// By slot: the atom's number, and its coordinates; some slots more than atoms.
  let slotAtoms, slotX, slotY, slotZ: Buffer

  /// What kernels that search take, in the order in which they take it.
  var arguments: [KernelArgument] {
    [structures, frames, grids, folded, homes, binOffsets, slotAtoms, slotX, slotY, slotZ]
      .map(KernelArgument.buffer)
  }
}

extension NeighbourSearch {
  /// Enqueues the sorting of atoms into bins.
  ///
  /// - Parameters:
  ///   - positions: [atoms, 4] in the precision of the search.
  ///   - structures: [atoms] int32.
  func makeCellList(
    of positions: Buffer, structures: Buffer, atomCount: Int, in searchGrids: [SearchGrid]
  ) throws -> CellList {
    let reals = searchType.byteCount
    let binCount = searchGrids.reduce(0) { $0 + $1.binCount }
    guard binCount < Int32.max else {
      throw NeighboursError.tooLarge(what: "bins for the atoms of a batch", count: binCount)
    }
    let list = CellList(
      atomCount: atomCount, structures: structures,
      frames: try self.reals(searchGrids.flatMap(\.frame), for: "the cells"),
      grids: try context.makeBuffer(Self.grids(searchGrids), for: "the bins of the cells"),
      folded: try buffer(atomCount, of: 4 * reals, for: "folded positions"),
      homes: try buffer(atomCount, of: 16, for: "the bins of atoms"),
      binOffsets: try buffer(binCount + 1, of: 4, for: "the offsets of bins"),
      slotAtoms: try buffer(atomCount + lanes, of: 4, for: "atoms by bin"),
      slotX: try buffer(atomCount + lanes, of: 4, for: "coordinates by bin"),
      slotY: try buffer(atomCount + lanes, of: 4, for: "coordinates by bin"),
      slotZ: try buffer(atomCount + lanes, of: 4, for: "coordinates by bin"))
    let places = try buffer(atomCount, of: 8, for: "places in bins")
    let members = try buffer(atomCount, of: 4, for: "the members of bins")
    let binCounts = try buffer(binCount, of: 4, for: "the sizes of bins")
    let total = try buffer(1, of: 8, for: "the number of atoms in bins")
    let atoms = KernelArgument.int32(Int32(atomCount))

    try context.fill(binCounts, with: 0)
    try enqueue(
      "assign_bins",
      [
        atoms, .buffer(positions), .buffer(structures), .buffer(list.frames), .buffer(list.grids),
        .buffer(list.folded), .buffer(list.homes), .buffer(places), .buffer(binCounts),
      ], items: atomCount)
    try enqueuePrefixSums(of: binCounts, count: binCount, into: list.binOffsets, total: total)
    try enqueue(
      "scatter_to_bins",
      [atoms, .buffer(places), .buffer(list.binOffsets), .buffer(members)], items: atomCount)
    try enqueue(
      "sort_bins",
      [
        atoms, .int32(Int32(lanes)), .buffer(list.homes), .buffer(list.binOffsets),
        .buffer(members), .buffer(list.folded), .buffer(list.slotAtoms), .buffer(list.slotX),
        .buffer(list.slotY), .buffer(list.slotZ),
      ], items: atomCount + lanes)
    return list
  }

  private static func grids(_ searchGrids: [SearchGrid]) -> [Int32] {
    var firstBin = 0
    return searchGrids.flatMap { grid in
      defer { firstBin += grid.binCount }
      return grid.record(firstBin: firstBin)
    }
  }
}

extension SearchGrid {
  /// The numbers of `frame` in the kernels.
  var frame: [Double] {
    (lattice.vectors + lattice.inverse).flatMap { [$0.x, $0.y, $0.z] } + slabsPerUnit
      + [screening.near, screening.far, screening.apart].map { $0 * $0 }
  }

  /// The numbers of `grid` in the kernels.
  func record(firstBin: Int) -> [Int32] {
    let transform = lattice.transform.flatMap { [$0.x, $0.y, $0.z] }
    return (bins + slabs + reach + transform + [firstBin, lattice.isOriginal ? 1 : 0])
      .map { Int32($0) }
  }
}
