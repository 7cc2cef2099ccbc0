import Irreps
import TensorGraph

/// A convolution over the edges of a graph: every receiver sums, over its edges, the tensor product
/// of the sender's features with the edge's filter, such as its harmonics.
///
/// Gather, product, weights and sum are one contraction: messages are never stored, and the same
/// input gives the same bits. So are all derivatives, in which senders and receivers change places.
public struct EquivariantConvolution: Hashable, Sendable {
  /// The product on an edge: sender's features, filter, message.
  public let tensorProduct: TensorProduct

  public init(_ tensorProduct: TensorProduct) { self.tensorProduct = tensorProduct }

  /// What the receivers hold.
  public var output: Irreps { tensorProduct.output }
  /// The number of weights, of an edge or of all.
  public var weightCount: Int { tensorProduct.weightCount }

  /// The sums of messages, one row a receiver.
  ///
  /// - Parameters:
  ///   - features: `[senders, tensorProduct.first.dimension]`.
  ///   - filters: `[edges, tensorProduct.second.dimension]`.
  ///   - weights: `[edges, weightCount]`, or `[weightCount]` shared by all edges; may be left out
  ///     where there are none.
  ///   - senders: the sender of each edge.
  ///   - receivers: the receiver of each edge. Edges that come sorted by receiver, with no `order`,
  ///     are read in the order of memory.
  /// - Returns: `[receivers, output.dimension]`; zeros for a receiver without edges.
  /// - Precondition: shapes are these, and the floating-point tensors are of one type.
  public func callAsFunction(
    _ features: Tensor, filters: Tensor, weights: Tensor? = nil, senders: SegmentIndex,
    receivers: SegmentIndex
  ) -> Tensor {
    let weights = tensorProduct.weights(weights, items: senders.itemCount, like: features)
    return contraction(
      features, filters, weights, weights.rank == 1 ? .shared : .perItem, senders, receivers)
  }

  /// The sums of messages, with the weights of an edge read off a table at its length.
  ///
  /// - Parameters:
  ///   - features: `[senders, tensorProduct.first.dimension]`.
  ///   - filters: `[edges, tensorProduct.second.dimension]`.
  ///   - weights: a table of `weightCount` functions.
  ///   - distances: `[edges]`, where the table is read.
  ///   - senders: the sender of each edge.
  ///   - receivers: the receiver of each edge, as above.
  /// - Returns: `[receivers, output.dimension]`; zeros for a receiver without edges.
  /// - Precondition: shapes are these, and the floating-point tensors are of one type.
  public func callAsFunction(
    _ features: Tensor, filters: Tensor, weights: RadialTable, at distances: Tensor,
    senders: SegmentIndex, receivers: SegmentIndex
  ) -> Tensor {
    precondition(
      weights.width == weightCount,
      "convolution: a table of \(weights.width) functions for \(weightCount) weights")
    expectShape(of: distances, [senders.itemCount], "convolution's distances")
    return contraction(
      features, filters, weights.rows, .tabulated, senders, receivers,
      positions: (distances, weights.knots))
  }

  private func contraction(
    _ features: Tensor, _ filters: Tensor, _ weights: Tensor, _ access: Contraction.Access,
    _ senders: SegmentIndex, _ receivers: SegmentIndex,
    positions: (tensor: Tensor, knots: KnotGrid)? = nil
  ) -> Tensor {
    let edges = senders.itemCount
    precondition(
      receivers.itemCount == edges,
      "convolution: senders of \(edges) edges and receivers of \(receivers.itemCount)")
    expectShape(
      of: features, [senders.targetCount, Dimension(tensorProduct.first.dimension)],
      "convolution's features")
    expectShape(
      of: filters, [edges, Dimension(tensorProduct.second.dimension)], "convolution's filters")
    let contraction = Contraction(
      form: tensorProduct.form, output: MultilinearForm.TensorProductSlot.out,
      accesses: [.indexed(relation: 0), .perItem, access, .indexed(relation: 1)], items: edges,
      relations: [senders.relation, receivers.relation], knots: positions?.knots)
    return Tensor(
      contraction,
      [features, filters, weights] + senders.contractionOperands + receivers.contractionOperands
        + (positions.map { [$0.tensor] } ?? []))
  }
}
