import OpenCLRuntime
import TensorGraph

/// The directed edges between atoms closer than a cutoff, of one structure or of a batch.
///
/// - An edge (i, j, S) runs from its sender j, the neighbour, to its receiver i, the centre; its
///   vector d = x_j − x_i + S · cell points from centre to neighbour. Every pair with |d| < cutoff
///   is there in both directions, an atom's own images (i = j, S ≠ 0) included, the atom
///   itself (i = j, S = 0) not.
/// - Edges are sorted by receiver, then sender, then S. The same input gives the same bits.
/// - In a batch atoms are numbered through; edges never cross structures, and those of one
///   structure follow one another.
public struct RadiusGraph: Sendable {
  /// In ångström.
  public let cutoff: Double
  /// Atoms, of all structures together.
  public let nodeCount: Int
  public let edgeCount: Int
  public let structureCount: Int

  /// [edges] int32: the neighbour j.
  public let senders: Tensor
  /// [edges] int32: the centre i, ascending.
  public let receivers: Tensor
  /// [nodes + 1] int32: the edges of centre `i` are `offsets[i] ..< offsets[i + 1]`. The same
  /// offsets bound the edges of sender `i` in `senderOrder`, since every edge has its reverse.
  public let offsets: Tensor
  /// [edges] int32: the edges by sender, then by their own number.
  public let senderOrder: Tensor
  /// [edges, 3] int32: S, in whole vectors of the cell, for the positions as they were given.
  public let shifts: Tensor
  /// [edges, 3]: d in ångström, in the precision that was asked for.
  public let vectors: Tensor
  /// [edges]: |d| in ångström. Rounded to single precision it may equal the cutoff.
  public let lengths: Tensor

  /// [nodes] int32: the structure of each atom, ascending.
  public let structures: Tensor
  /// [structures + 1] int32: the atoms of structure `s` are `offsets[s] ..< offsets[s + 1]`.
  public let structureOffsets: Tensor

  /// Edges by the atom that receives: a segment sum over it adds up at each centre.
  public var byReceiver: SegmentIndex { SegmentIndex(indices: receivers, offsets: offsets) }

  /// Edges by the atom that sends: a gather over it reads the neighbours' values.
  public var bySender: SegmentIndex {
    SegmentIndex(indices: senders, order: senderOrder, offsets: offsets)
  }

  /// Atoms by structure: a segment sum over it adds up over each structure.
  public var byStructure: SegmentIndex {
    SegmentIndex(indices: structures, offsets: structureOffsets)
  }
}

/// The radius graph of one structure.
///
/// Takes time and memory proportional to the number of atoms and edges. For many graphs, one
/// `NeighbourSearch` saves finding its kernels anew. Which pairs lie within the cutoff is decided in
/// double precision where the device has it, else in single.
///
/// - Parameters:
///   - positions: In ångström; they may lie outside the cell.
///   - cell: nil where nothing repeats.
///   - cutoff: In ångström; edges are shorter than it.
///   - precision: The type of the vectors and lengths, `float32` or `float64`.
///   - context: Where to compute; by default the context of the default device.
/// - Throws: `NeighboursError` for what is wrong with the structure; errors of the device.
public func radiusGraph(
  of positions: [SIMD3<Double>], in cell: Cell? = nil, cutoff: Double,
  precision: ElementType = .float32, on context: Context? = nil
) throws -> RadiusGraph {
  try NeighbourSearch(cutoff: cutoff, precision: precision, on: context)
    .radiusGraph(of: positions, in: cell)
}

/// The radius graph of several structures, of any sizes and cells, as one graph: as for one
/// structure, and no edge runs between structures.
public func radiusGraph(
  of structures: [PointCloud], cutoff: Double, precision: ElementType = .float32,
  on context: Context? = nil
) throws -> RadiusGraph {
  try NeighbourSearch(cutoff: cutoff, precision: precision, on: context)
    .radiusGraph(of: structures)
}
