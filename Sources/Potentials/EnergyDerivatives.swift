import TensorGraph

/// What follows from an energy by differentiation. Being tensors, forces and virials can be
/// differentiated once more, as training on them does.
package struct EnergyDerivatives: Sendable {
  /// [atoms, 3], the negative gradient of the energy.
  package var forces: Tensor
  /// [atoms, 6]: each atom's share of ∂E/∂strain, in the order xx, yy, zz, yz, xz, xy.
  package var atomicVirials: Tensor

  /// - Parameter energy: a scalar that depends on positions through the edge vectors of `graph`.
  package init(of energy: Tensor, on graph: AtomGraph) {
    let slope = gradient(of: energy, withRespectTo: [graph.vectors])[0]
    // A vector runs from the centre to the neighbour, so moving the centre shortens it.
    forces = slope.segmentSum(by: graph.byReceiver) - slope.segmentSum(by: graph.bySender)
    func component(_ tensor: Tensor, _ axis: Int) -> Tensor {
      tensor.slice(axis..<(axis + 1), along: 1)
    }
    let voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    let products = voigt.map { a, b in
      0.5
        * (component(graph.vectors, a) * component(slope, b)
          + component(graph.vectors, b) * component(slope, a))
    }
    atomicVirials = concatenate(products, along: 1).segmentSum(by: graph.byReceiver)
  }
}
