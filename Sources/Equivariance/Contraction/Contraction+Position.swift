extension Contraction {
  /// The gradient with respect to the positions of the items, where rows are tabulated, together
  /// with that of a slot whose few elements an item are sums over the same channels.
  ///
  /// The result's slot comes after all others: the elements of the slot, if there is one, then
  /// one of the position. All other slots are operands.
  package var jointGradient: (slot: Int?, contraction: Contraction)? {
    guard knots != nil else { return nil }
    let slot = form.slots.indices.first { slot in
      slot != output && accesses[slot] == .perItem
        && form.slots[slot].segments.allSatisfy { $0.channelCount == 1 }
    }
    let source = slot.map { form.slots[$0] }
    let width = source?.width ?? 0
    let position = MultilinearForm.Segment(offset: width, components: 1, channels: [])
    var segments = source?.segments ?? []
    segments.append(position)
    let result = form.slots.count
    var slots = form.slots
    var name = (source.map { $0.name + "_and_" } ?? "") + "position"
    if slots.contains(where: { $0.name == name }) { name += "_\(result)" }
    slots.append(MultilinearForm.Slot(name: name, width: width + 1, segments: segments))

    var paths: [MultilinearForm.Path] = []
    for path in form.paths {
      if let slot, let place = path.factors.firstIndex(where: { $0.slot == slot }) {
        var copy = path
        copy.factors[place].slot = result
        paths.append(copy)
      }
      for place in path.factors.indices where accesses[path.factors[place].slot] == .tabulated {
        var copy = path
        copy.factors[place].derivative += 1
        copy.factors.append(
          MultilinearForm.Factor(slot: result, segment: segments.count - 1, subscripts: ""))
        for entry in copy.entries.indices { copy.entries[entry].components.append(0) }
        paths.append(copy)
      }
    }
    var contraction = self
    contraction.form = MultilinearForm(slots: slots, paths: paths)
    contraction.output = result
    contraction.accesses.append(.perItem)
    return (slot, contraction)
  }
}
