/// A multilinear function of several tensors, written down as data.
///
/// Each tensor is a *slot*; a row of it is divided into *segments* (an irrep with its
/// multiplicity, a block of weights). The function is a sum over *paths*. A path takes one
/// segment from each slot that takes part and adds, over its sparse coefficients and over all
/// channels,
///
///     F(t₀, …, tₙ) = Σ_paths Σ_entries C · Σ_channels Π_s t_s[segment, component, channels]
///
/// Channels are named by subscripts, one letter an axis: the mode `uvu` of a tensor product is
/// the path with `x: "u"`, `y: "v"`, `weight: "uv"`, `out: "u"`.
///
/// F is linear in every slot, so the derivative with respect to one slot is F with that slot
/// left out. A tensor product, its gradients and the gradients of those are therefore the same
/// form, each time with another slot as the result: see ``Contraction``.
package struct MultilinearForm: Hashable, Sendable {
  package var slots: [Slot]
  package var paths: [Path]

  /// A form over these slots.
  ///
  /// Paths that add nothing, without entries or with a channel axis of extent 0, are dropped.
  ///
  /// - Precondition: every path fits the slots, and the segments of a slot do not overlap.
  package init(slots: [Slot], paths: [Path]) {
    for slot in slots { slot.checkSegments() }
    for path in paths { path.check(against: slots) }
    self.slots = slots
    self.paths = paths.filter { path in
      !path.entries.isEmpty && !path.subscriptExtents(in: slots).values.contains(0)
    }
  }

  /// A part of a row: `components × channels` elements, channels contiguous.
  package struct Segment: Hashable, Sendable {
    /// The place of the first element in a row.
    package var offset: Int
    /// `2l + 1` for an irrep, 1 for weights.
    package var components: Int
    /// The extents of the channel axes, outermost first; empty for a segment without channels.
    package var channels: [Int]

    package init(offset: Int, components: Int, channels: [Int]) {
      self.offset = offset
      self.components = components
      self.channels = channels
    }

    /// Elements of one component.
    package var channelCount: Int { channels.reduce(1, *) }
    package var elementCount: Int { components * channelCount }
  }

  /// One of the tensors of a form.
  package struct Slot: Hashable, Sendable {
    /// A C identifier; names the tensor in kernels.
    package var name: String
    /// Elements of a row.
    package var width: Int
    package var segments: [Segment]

    package init(name: String, width: Int, segments: [Segment]) {
      self.name = name
      self.width = width
      self.segments = segments
    }

    /// A slot whose segments follow one another without gaps.
    package init(name: String, consecutive parts: [(components: Int, channels: [Int])]) {
      var segments: [Segment] = []
      var offset = 0
      for part in parts {
        let segment = Segment(
          offset: offset, components: part.components, channels: part.channels)
        segments.append(segment)
        offset += segment.elementCount
      }
      self.init(name: name, width: offset, segments: segments)
    }
  }

  /// What a path takes from one slot.
  package struct Factor: Hashable, Sendable {
    package var slot: Int
    package var segment: Int
    /// One letter a channel axis of the segment, outermost first.
    package var subscripts: String
    /// How often the segment is differentiated, where the slot's rows are a function of the
    /// item's position (`Contraction.Access.tabulated`).
    package var derivative: Int

    package init(slot: Int, segment: Int, subscripts: String, derivative: Int = 0) {
      self.slot = slot
      self.segment = segment
      self.subscripts = subscripts
      self.derivative = derivative
    }
  }

  /// One coefficient that is not zero.
  package struct Entry: Hashable, Sendable {
    /// The component of each factor, in the order of the path's factors.
    package var components: [Int]
    package var coefficient: Double

    package init(_ components: [Int], _ coefficient: Double) {
      self.components = components
      self.coefficient = coefficient
    }
  }

  /// One product of segments. Slots without a factor take no part.
  package struct Path: Hashable, Sendable {
    package var factors: [Factor]
    package var entries: [Entry]

    package init(factors: [Factor], entries: [Entry]) {
      self.factors = factors
      self.entries = entries
    }
  }
}

extension MultilinearForm {
  /// The number of multiplications and additions that one item costs when the product of each
  /// entry is formed and added to the result in `output`, counted as the direct evaluation
  /// does: a fused multiply-add a factor, two operations each.
  package func operationCount(for output: Int) -> Int {
    paths.reduce(0) { total, path in
      guard path.factor(of: output) != nil else { return total }
      let channels = path.subscriptExtents(in: slots).values.reduce(1, *)
      return total + 2 * path.entries.count * (path.factors.count - 1) * channels
    }
  }
}

extension MultilinearForm.Path {
  /// What the path takes from a slot, or nil if the slot takes no part.
  package func factor(of slot: Int) -> MultilinearForm.Factor? {
    factors.first { $0.slot == slot }
  }

  /// The extent of each channel subscript.
  package func subscriptExtents(in slots: [MultilinearForm.Slot]) -> [Character: Int] {
    var extents: [Character: Int] = [:]
    for factor in factors {
      let segment = slots[factor.slot].segments[factor.segment]
      for (name, extent) in zip(factor.subscripts, segment.channels) { extents[name] = extent }
    }
    return extents
  }

  fileprivate func check(against slots: [MultilinearForm.Slot]) {
    var extents: [Character: Int] = [:]
    precondition(
      Set(factors.map(\.slot)).count == factors.count, "a path takes a slot twice: \(factors)")
    for factor in factors {
      let segment = slots[factor.slot].segments[factor.segment]
      precondition(
        factor.subscripts.count == segment.channels.count
          && Set(factor.subscripts).count == factor.subscripts.count,
        "subscripts '\(factor.subscripts)' for channels \(segment.channels) of "
          + "slot '\(slots[factor.slot].name)'")
      for (name, extent) in zip(factor.subscripts, segment.channels) {
        precondition(
          extents[name, default: extent] == extent,
          "subscript '\(name)' is \(extents[name] ?? 0) and \(extent) in one path")
        extents[name] = extent
      }
    }
    for entry in entries {
      precondition(
        entry.components.count == factors.count
          && zip(entry.components, factors).allSatisfy { component, factor in
            let count = slots[factor.slot].segments[factor.segment].components
            return 0..<count ~= component
          }, "entry \(entry.components) does not fit the path's factors")
    }
  }
}

extension MultilinearForm.Slot {
  fileprivate func checkSegments() {
    var end = 0
    for segment in segments.sorted(by: { $0.offset < $1.offset }) where segment.elementCount > 0 {
      precondition(
        segment.offset >= end && segment.offset + segment.elementCount <= width,
        "segments of slot '\(name)' overlap or leave its \(width) elements")
      end = segment.offset + segment.elementCount
    }
  }
}

extension MultilinearForm.Slot {
  /// Ranges of a row outside of the given ones.
  func gaps(between reached: some Sequence<Range<Int>>) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var end = 0
    for range in reached.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > end { gaps.append(end..<range.lowerBound) }
      end = max(end, range.upperBound)
    }
    if end < width { gaps.append(end..<width) }
    return gaps
  }
}
