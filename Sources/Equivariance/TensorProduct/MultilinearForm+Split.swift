extension MultilinearForm {
  /// The form of a product in mode `uvw` as two, one after the other: the products of all pairs of
  /// channels, without weights, then a linear map of them.
  ///
  /// With weights shared by all items the map is a few matrix products, by far the most of the
  /// work. The pairs have to be stored in between: nil if they are more than sixteen times as many
  /// as the elements that the product reads and writes, or if some path is of another mode.
  package func splitBeforeWeights() -> (pairs: MultilinearForm, map: MultilinearForm)? {
    typealias Place = TensorProductSlot
    let (x, y, weight, out) = (
      slots[Place.x], slots[Place.y], slots[Place.weight], slots[Place.out]
    )
    var pairSegments: [(components: Int, channels: [Int])] = []
    var pairPaths: [Path] = []
    var mapPaths: [Path] = []
    for (index, path) in paths.enumerated() {
      guard path.factors.map(\.subscripts) == ["u", "v", "uvw", "w"] else { return nil }
      let (a, b, target) = (path.factors[0], path.factors[1], path.factors[3])
      let components = out.segments[target.segment].components
      pairSegments.append(
        (
          components,
          [x.segments[a.segment].channelCount, y.segments[b.segment].channelCount]
        ))
      pairPaths.append(
        Path(
          factors: [a, b, Factor(slot: 2, segment: index, subscripts: "uv")],
          entries: path.entries.map { entry in
            Entry(
              [entry.components[0], entry.components[1], entry.components[3]], entry.coefficient)
          }))
      mapPaths.append(
        Path(
          factors: [
            Factor(slot: 0, segment: index, subscripts: "p"),
            Factor(slot: 1, segment: path.factors[2].segment, subscripts: "pw"),
            Factor(slot: 2, segment: target.segment, subscripts: "w"),
          ], entries: (0..<components).map { Entry([$0, 0, $0], 1) }))
    }
    let pairs = Slot(name: "pairs", consecutive: pairSegments)
    guard pairs.width <= 16 * (x.width + y.width + out.width) else { return nil }
    let flatPairs = Slot(
      name: "pairs",
      consecutive: pairSegments.map { ($0.components, [$0.channels.reduce(1, *)]) })
    let flatWeights = Slot(
      name: weight.name, width: weight.width,
      segments: weight.segments.map { segment in
        Segment(
          offset: segment.offset, components: 1,
          channels: [segment.channels[0] * segment.channels[1], segment.channels[2]])
      })
    return (
      MultilinearForm(slots: [x, y, pairs], paths: pairPaths),
      MultilinearForm(slots: [flatPairs, flatWeights, out], paths: mapPaths)
    )
  }
}
