import Neighbours
import Potentials
import TensorGraph

/// A motion graph as the arguments of a compiled function, and back.
extension MotionGraph {
  /// The shapes of `arguments`; numbers of atoms, edges and structures are symbols.
  static func description(_ type: ElementType, speciesCount: Int) -> [TensorDescription] {
    let (atoms, edges) = (Dimension.symbol("atoms"), Dimension.symbol("edges"))
    let structures = Dimension.symbol("structures")
    return [
      TensorDescription([atoms, 3], type), TensorDescription([atoms, 3], type),
      TensorDescription([atoms], type), TensorDescription([atoms], .int32),
      TensorDescription([atoms], .int32),
      TensorDescription([Dimension(speciesCount + 1)], .int32),
      TensorDescription([edges, 3], type), TensorDescription([edges], .int32),
      TensorDescription([edges], .int32), TensorDescription([edges], .int32),
      TensorDescription([atoms + 1], .int32), TensorDescription([atoms], .int32),
      TensorDescription([structures + 1], .int32),
    ]
  }

  static let argumentCount = 13

  /// The graph that arguments in the order of `description` hold.
  init(_ a: [Tensor]) {
    precondition(a.count == Self.argumentCount, "motion graph of \(a.count) tensors")
    self.init(
      positions: a[0], velocities: a[1], masses: a[2],
      bySpecies: SegmentIndex(indices: a[3], order: a[4], offsets: a[5]), vectors: a[6],
      byReceiver: SegmentIndex(indices: a[7], offsets: a[10]),
      bySender: SegmentIndex(indices: a[8], order: a[9], offsets: a[10]),
      byStructure: SegmentIndex(indices: a[11], offsets: a[12]))
  }

  /// The graph as arguments in the order of `description`.
  ///
  /// - Parameters:
  ///   - edges: of the structures, one after the other.
  ///   - species: the model's index of each atom.
  static func arguments(
    positions: [SIMD3<Double>], velocities: [SIMD3<Double>], masses: [Double], species: [Int],
    speciesCount: Int, edges: RadiusGraph, _ type: ElementType
  ) -> [Tensor] {
    let (order, offsets) = speciesOrder(species, count: speciesCount)
    return [
      tensor(positions, type), tensor(velocities, type), Tensor(masses, as: type),
      Tensor(species.map(Int32.init)), Tensor(order), Tensor(offsets), edges.vectors,
      edges.receivers, edges.senders, edges.senderOrder, edges.offsets, edges.structures,
      edges.structureOffsets,
    ]
  }

  /// [vectors, 3].
  static func tensor(_ vectors: [SIMD3<Double>], _ type: ElementType) -> Tensor {
    Tensor(
      vectors.flatMap { [$0.x, $0.y, $0.z] }, shape: [Dimension(vectors.count), 3], as: type)
  }

  /// The atoms sorted by species, and where each species begins.
  static func speciesOrder(_ species: [Int], count: Int) -> (order: [Int32], offsets: [Int32]) {
    var offsets = [Int32](repeating: 0, count: count + 1)
    for index in species { offsets[index + 1] += 1 }
    for index in 0..<count { offsets[index + 1] += offsets[index] }
    var next = offsets
    var order = [Int32](repeating: 0, count: species.count)
    for (atom, index) in species.enumerated() {
      order[Int(next[index])] = Int32(atom)
      next[index] += 1
    }
    return (order, offsets)
  }
}
