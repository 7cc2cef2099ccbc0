import TensorGraph

/// Parameters of the generated kernels that a measurement may set; nil leaves the choice to the
/// generator.
package struct ContractionTuning: Hashable, Sendable {
  /// Items that ``LaneRowKernel`` takes together.
  package var itemsPerBlock: Int?
  /// Channels that are one vector, a power of two up to 16.
  package var lanesPerTile: Int?

  package init(itemsPerBlock: Int? = nil, lanesPerTile: Int? = nil) {
    self.itemsPerBlock = itemsPerBlock
    self.lanesPerTile = lanesPerTile
  }
}
