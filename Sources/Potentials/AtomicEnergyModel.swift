import TensorGraph

/// Atoms and the edges between them, as tensors: what a model of atomic energies reads.
package struct AtomGraph: Sendable {
  /// [atoms] int32: the model's own index of each atom's species.
  package var species: Tensor
  /// [edges, 3], Å: from the centre (receiver) to the neighbour (sender).
  package var vectors: Tensor
  /// Edges by centre; they are sorted so.
  package var byReceiver: SegmentIndex
  /// Edges by neighbour.
  package var bySender: SegmentIndex

  package init(
    species: Tensor, vectors: Tensor, byReceiver: SegmentIndex, bySender: SegmentIndex
  ) {
    self.species = species
    self.vectors = vectors
    self.byReceiver = byReceiver
    self.bySender = bySender
  }

  package var atomCount: Dimension { species.shape[0] }
}

/// An architecture that gives each atom an energy from its surroundings. Forces and stress follow
/// by differentiation, see ``Potential``.
package protocol AtomicEnergyModel: Sendable {
  /// Atoms farther apart than this, in Å, do not see each other.
  var cutoff: Double { get }

  /// The numbers the model computes with.
  var elementType: ElementType { get }

  /// The model's index of an element, or nil if it does not know it.
  func speciesIndex(of atomicNumber: Int) -> Int?

  /// The elements the model knows, by atomic number.
  var atomicNumbers: [Int] { get }

  /// [atoms], eV.
  func atomicEnergies(of graph: AtomGraph) -> Tensor

  /// Whether edges longer than the cutoff are allowed, and add exactly nothing to the energies and
  /// their derivatives.
  var vanishesBeyondCutoff: Bool { get }
}

extension AtomicEnergyModel {
  package var vanishesBeyondCutoff: Bool { false }
}
