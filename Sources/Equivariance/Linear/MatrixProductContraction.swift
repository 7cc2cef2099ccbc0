import TensorGraph

/// The contractions that are matrix products: linear maps of features, and their gradients.
///
/// In each path a segment of weights, shared by all items, maps the channels of one segment to
/// those of another, every component alike. Rows of the product are pairs (item, component), read
/// and written where they stand; paths into one segment are terms of one product.
struct MatrixProductContraction {
  private typealias Segment = MultilinearForm.Segment
  private typealias Layout = MatrixProductDescription.Layout

  /// One path: `right += scale · left · weights`, channel by channel.
  private struct Block {
    var left: Segment
    var weights: Segment
    var right: Segment
    var scale: Double
  }

  private let contraction: Contraction
  private let elementType: ElementType
  private let profile: DeviceProfile
  private let blocks: [Block]
  private let leftSlot: Int
  private let weightSlot: Int
  private let rightSlot: Int

  /// Nil if the contraction is of another kind.
  init?(_ contraction: Contraction, elementType: ElementType, profile: DeviceProfile) {
    let slots = contraction.form.slots
    guard slots.count == 3,
      let weightSlot = contraction.accesses.firstIndex(of: .shared),
      contraction.accesses.filter({ $0 == .perItem }).count == 2,
      let (leftSlot, rightSlot) = Self.featureSlots(of: contraction.form, weights: weightSlot)
    else { return nil }
    var blocks: [Block] = []
    for path in contraction.form.paths {
      guard let scale = path.commonCoefficient(besides: weightSlot),
        let segments = path.segments(of: [leftSlot, weightSlot, rightSlot], in: slots),
        segments[1].components == 1, segments[0].components == segments[2].components,
        path.entries.count == segments[0].components
      else { return nil }
      blocks.append(
        Block(left: segments[0], weights: segments[1], right: segments[2], scale: scale))
    }
    guard !blocks.isEmpty else { return nil }
    self.contraction = contraction
    self.elementType = elementType
    self.profile = profile
    self.blocks = blocks
    (self.leftSlot, self.weightSlot, self.rightSlot) = (leftSlot, weightSlot, rightSlot)
  }

  /// The slots whose channels are the rows and the columns of all weights.
  private static func featureSlots(
    of form: MultilinearForm, weights: Int
  ) -> (left: Int, right: Int)? {
    var found: (left: Int, right: Int)?
    for path in form.paths {
      guard path.factors.count == 3, let names = path.factor(of: weights)?.subscripts,
        names.count == 2,
        let left = path.factors.first(where: { $0.subscripts == String(names.prefix(1)) })?.slot,
        let right = path.factors.first(where: { $0.subscripts == String(names.suffix(1)) })?.slot,
        left != right, found.map({ $0 == (left, right) }) ?? true
      else { return nil }
      found = (left, right)
    }
    return found
  }

  func sequence() -> KernelSequence {
    var sequence = KernelSequence([])
    for description in products {
      let plan = MatrixProductPlan(description, for: profile)
      let operands = operands.compactMap { contraction.operand(of: $0) }
      let kernels = plan.kernels(
        first: .operand(operands[0]), second: .operand(operands[1]),
        firstScratch: sequence.scratch.count)
      sequence.calls += kernels.calls
      sequence.scratch += kernels.scratch
    }
    return KernelSequence(zeros + sequence.calls, scratch: sequence.scratch)
  }

  /// The slots that are multiplied, in order.
  private var operands: [Int] {
    switch contraction.output {
    case rightSlot: [leftSlot, weightSlot]
    case leftSlot: [rightSlot, weightSlot]
    default: [leftSlot, rightSlot]
    }
  }

  private var products: [MatrixProductDescription] {
    switch contraction.output {
    case rightSlot:
      grouped(by: \.right).map { target, blocks in
        product(into: target) {
          blocks.map {
            term(features: layout(of: $0.left, in: leftSlot), matrix($0), $0, depth: $0.left)
          }
        }
      }
    case leftSlot:
      grouped(by: \.left).map { target, blocks in
        product(into: target) {
          blocks.map {
            term(
              features: layout(of: $0.right, in: rightSlot), matrix($0).transposed, $0,
              depth: $0.right)
          }
        }
      }
    default: blocks.map(weightGradient)
    }
  }

  /// Blocks by the segment they share, in the order of the paths.
  private func grouped(
    by segment: (Block) -> Segment
  ) -> [(target: Segment, blocks: [Block])] {
    var groups: [(target: Segment, blocks: [Block])] = []
    for block in blocks {
      if let place = groups.firstIndex(where: { $0.target == segment(block) }) {
        groups[place].blocks.append(block)
      } else {
        groups.append((segment(block), [block]))
      }
    }
    return groups
  }

  private func product(
    into target: Segment, terms: () -> [MatrixProductDescription.Term]
  ) -> MatrixProductDescription {
    MatrixProductDescription(
      elementType,
      rows: .init(contraction.items, components: target.components),
      columns: Dimension(target.channelCount), terms: terms(),
      result: layout(of: target, in: contraction.output))
  }

  private func term(
    features: Layout, _ matrix: Layout, _ block: Block, depth: Segment
  ) -> MatrixProductDescription.Term {
    .init(
      depth: .init(Dimension(depth.channelCount)), first: features, second: matrix,
      scale: block.scale)
  }

  private func weightGradient(of block: Block) -> MatrixProductDescription {
    MatrixProductDescription(
      elementType, rows: .init(Dimension(block.left.channelCount)),
      columns: Dimension(block.right.channelCount),
      terms: [
        .init(
          depth: .init(contraction.items, components: block.left.components),
          first: layout(of: block.left, in: leftSlot).transposed,
          second: layout(of: block.right, in: rightSlot), scale: block.scale)
      ], result: matrix(block))
  }

  /// Rows are pairs (item, component), columns are channels.
  private func layout(of segment: Segment, in slot: Int) -> Layout {
    Layout(
      offset: Dimension(segment.offset),
      row: .init(
        Dimension(contraction.form.slots[slot].width), component: Dimension(segment.channelCount)))
  }

  private func matrix(_ block: Block) -> Layout {
    Layout(
      offset: Dimension(block.weights.offset),
      row: .init(Dimension(block.right.channelCount)))
  }

  /// Zeros where no path reaches, if there are such places.
  private var zeros: [KernelCall] {
    let output = contraction.output
    let reached = blocks.map { block in
      let segment =
        output == leftSlot ? block.left : output == rightSlot ? block.right : block.weights
      return segment.offset..<(segment.offset + segment.elementCount)
    }
    let interface = ContractionInterface(contraction, elementType: elementType)
    let ranges = interface.unreachedRanges(reached: reached)
    guard !ranges.isEmpty else { return [] }
    let width = contraction.form.slots[output].width
    let rows: Dimension = output == weightSlot ? 1 : contraction.items
    let type = elementType.kernelName
    var text = KernelText()
    text.comment("Work-item i writes zeros where no path of the contraction reaches row i.")
    text.block("__kernel void contraction_zeros(__global \(type)* restrict result, const int rows)")
    {
      text in
      text.line("const index_t row = get_global_id(0);")
      text.line("if (row >= rows) return;")
      for range in ranges {
        text.line(
          "for (int i = \(range.lowerBound); i < \(range.upperBound); i++) "
            + "result[row*\(width) + i] = 0;")
      }
    }
    return [
      KernelCall(
        name: "contraction_zeros", source: text.text, entryPoint: "contraction_zeros",
        arguments: [.result, .size(rows)], globalSize: [WorkSize(rows)],
        localSize: [profile.localSize])
    ]
  }
}

extension MultilinearForm.Path {
  /// The coefficient, if all entries have the same one and couple equal components.
  fileprivate func commonCoefficient(besides slot: Int) -> Double? {
    let places = factors.indices.filter { factors[$0].slot != slot }
    let pairs = Set(entries.map { entry in places.map { entry.components[$0] } })
    let coefficients = Set(entries.map(\.coefficient))
    guard coefficients.count == 1, pairs.count == entries.count,
      pairs.allSatisfy({ Set($0).count == 1 })
    else { return nil }
    return coefficients.first
  }

  /// The segments that the path takes from these slots, if it takes one from each.
  fileprivate func segments(
    of slots: [Int], in all: [MultilinearForm.Slot]
  ) -> [MultilinearForm.Segment]? {
    let segments = slots.compactMap { slot in
      factor(of: slot).map { all[slot].segments[$0.segment] }
    }
    return segments.count == slots.count ? segments : nil
  }
}
