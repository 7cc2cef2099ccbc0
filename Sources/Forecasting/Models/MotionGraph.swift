import TensorGraph

/// Atoms in motion and the edges between them, as tensors: what a forecaster reads. One structure
/// or a batch of several, which share no edges.
package struct MotionGraph: Sendable {
  /// [atoms, 3], Å. Only conservation of angular momentum looks at them.
  package var positions: Tensor
  /// [atoms, 3], Å/fs.
  package var velocities: Tensor
  /// [atoms], u.
  package var masses: Tensor
  /// Atoms by the model's index of their species.
  package var bySpecies: SegmentIndex
  /// [edges, 3], Å: from the centre (receiver) to the neighbour (sender).
  package var vectors: Tensor
  package var byReceiver: SegmentIndex
  package var bySender: SegmentIndex
  package var byStructure: SegmentIndex
  /// What sums over neighbours are divided by in models that leave it open; nil for the average
  /// number of neighbours of this graph.
  package var averageNeighbourCount: Double?

  package init(
    positions: Tensor, velocities: Tensor, masses: Tensor, bySpecies: SegmentIndex,
    vectors: Tensor, byReceiver: SegmentIndex, bySender: SegmentIndex, byStructure: SegmentIndex
  ) {
    self.positions = positions
    self.velocities = velocities
    self.masses = masses
    self.bySpecies = bySpecies
    self.vectors = vectors
    self.byReceiver = byReceiver
    self.bySender = bySender
    self.byStructure = byStructure
  }

  package var atomCount: Dimension { positions.shape[0] }
}
