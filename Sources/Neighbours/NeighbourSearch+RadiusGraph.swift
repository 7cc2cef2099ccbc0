import OpenCLRuntime
import TensorGraph

extension NeighbourSearch {
  /// The radius graph of one structure.
  ///
  /// - Parameters:
  ///   - positions: In ångström; they may lie outside the cell.
  ///   - cell: nil where nothing repeats.
  /// - Throws: `NeighboursError` for what is wrong with the structure; errors of the device.
  public func radiusGraph(
    of positions: [SIMD3<Double>], in cell: Cell? = nil
  ) throws -> RadiusGraph {
    try radiusGraph(of: [PointCloud(positions, in: cell)])
  }

  /// The radius graph of several structures, of any sizes and cells, as one graph.
  ///
  /// Waits for the device once, for the number of edges; what fills the graph is enqueued.
  ///
  /// - Throws: `NeighboursError` for what is wrong with a structure; errors of the device.
  public func radiusGraph(of clouds: [PointCloud]) throws -> RadiusGraph {
    let atomCount = clouds.reduce(0) { $0 + $1.positions.count }
    guard atomCount < Int32.max else {
      throw NeighboursError.tooLarge(what: "atoms", count: atomCount)
    }
    let grids = try clouds.enumerated().map { index, cloud in
      try SearchGrid(
        for: cloud.positions, in: cloud.cell, cutoff: cutoff, roundoff: searchType.unitRoundoff,
        at: StructurePlace(index: index, count: clouds.count))
    }
    let list = try makeCellList(
      of: try upload(clouds), structures: try structures(of: clouds), atomCount: atomCount,
      in: grids)

    let samePoint = cutoff * (searchType == .float64 ? 1e-9 : 1e-6)
    let sizes: [KernelArgument] = [real(cutoff * cutoff), real(samePoint * samePoint)]
    let counts = try buffer(atomCount, of: 4, for: "the numbers of edges")
    let offsets = try buffer(atomCount + 1, of: 4, for: "the offsets of edges")
    // The number of edges in 64 bits, then the first atom that shares its point with another.
    let findings = try context.makeBuffer([0, 0, Int32.max, 0], for: "the number of edges")
    let atoms = KernelArgument.int32(Int32(atomCount))
    try enqueue(
      "count_edges",
      [atoms] + sizes + list.arguments + [.buffer(counts), .buffer(findings)],
      items: atomCount)
    try enqueuePrefixSums(of: counts, count: atomCount, into: offsets, total: findings)

    let found = try findings.read(as: Int64.self)
    let firstCoincident = Int32(truncatingIfNeeded: found[1])
    guard firstCoincident == Int32.max else {
      throw coincidence(of: Int(firstCoincident), in: clouds)
    }
    let edgeCount = Int(found[0])
    guard edgeCount < Int32.max else {
      throw NeighboursError.tooLarge(what: "edges", count: edgeCount)
    }

    let senders = try buffer(edgeCount, of: 4, for: "senders")
    let receivers = try buffer(edgeCount, of: 4, for: "receivers")
    let shifts = try buffer(edgeCount, of: 12, for: "shifts")
    let vectors = try buffer(edgeCount, of: 3 * precision.byteCount, for: "edge vectors")
    let lengths = try buffer(edgeCount, of: precision.byteCount, for: "edge lengths")
    let order = try buffer(edgeCount, of: 4, for: "the order by sender")
    try enqueue(
      "write_edges",
      [atoms] + sizes + list.arguments + [
        .buffer(offsets), .buffer(senders), .buffer(receivers),
        .buffer(shifts), .buffer(vectors), .buffer(lengths),
      ], items: atomCount)
    try enqueue(
      "transpose_edges", [atoms, .buffer(offsets), .buffer(senders), .buffer(order)],
      items: atomCount)

    func tensor(_ buffer: Buffer, _ extents: [Int], _ type: ElementType = .int32) -> Tensor {
      Tensor(buffer, TensorDescription(Shape(extents), type), on: context)
    }
    return RadiusGraph(
      cutoff: cutoff, nodeCount: atomCount, edgeCount: edgeCount, structureCount: clouds.count,
      senders: tensor(senders, [edgeCount]), receivers: tensor(receivers, [edgeCount]),
      offsets: tensor(offsets, [atomCount + 1]), senderOrder: tensor(order, [edgeCount]),
      shifts: tensor(shifts, [edgeCount, 3]), vectors: tensor(vectors, [edgeCount, 3], precision),
      lengths: tensor(lengths, [edgeCount], precision),
      structures: tensor(list.structures, [atomCount]),
      structureOffsets: Tensor(Self.structureOffsets(of: clouds)))
  }

  /// [atoms, 4] positions.
  private func upload(_ clouds: [PointCloud]) throws -> Buffer {
    let positions = clouds.count == 1 ? clouds[0].positions : clouds.flatMap(\.positions)
    return searchType == .float64
      ? try context.makeBuffer(positions, for: "positions")
      : try context.makeBuffer(positions.map(SIMD3<Float>.init), for: "positions")
  }

  private func structures(of clouds: [PointCloud]) throws -> Buffer {
    guard clouds.count > 1 else {
      let buffer = try buffer(clouds.first?.positions.count ?? 0, of: 4, for: "structures of atoms")
      try context.fill(buffer, with: 0)
      return buffer
    }
    return try context.makeBuffer(
      clouds.enumerated().flatMap { index, cloud in
        repeatElement(Int32(index), count: cloud.positions.count)
      }, for: "structures of atoms")
  }

  private static func structureOffsets(of clouds: [PointCloud]) -> [Int32] {
    clouds.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.positions.count)) }
  }

  /// The error for an atom, numbered through the batch, that the device found at another's point.
  private func coincidence(of atom: Int, in clouds: [PointCloud]) -> NeighboursError {
    var first = atom
    var index = 0
    while first >= clouds[index].positions.count {
      first -= clouds[index].positions.count
      index += 1
    }
    let positions = clouds[index].positions
    let lattice = Lattice(clouds[index].cell)
    let distances = positions.indices.map { other in
      other == first ? .infinity : lattice.nearImage(of: positions[other] - positions[first]).length
    }
    let second = distances.indices.min { distances[$0] < distances[$1] } ?? first
    return .coincidentAtoms(
      min(first, second), max(first, second),
      place: StructurePlace(index: index, count: clouds.count))
  }
}
