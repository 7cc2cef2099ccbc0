import TensorGraph

/// A contraction that is a set of matrix products: a linear map between channels, alike for all
/// components, with weights shared by all items, or one of its derivatives.
///
/// Each group of the result is one product; the groups that feed it are terms of its sum. Rows are
/// pairs (item, component), read and written where features have them.
struct MatrixProductContraction {
  private let contraction: Contraction
  private let elementType: ElementType
  private let features: Int
  private let weights: Int
  private let mapped: Int
  private let blocks: [Block]

  /// The matrix from a segment of the features to a segment of the mapped features.
  private struct Block {
    var input: MultilinearForm.Segment
    var weight: MultilinearForm.Segment
    var output: MultilinearForm.Segment
    var scale: Double

    var inputChannels: Dimension { Dimension(input.channelCount) }
    var outputChannels: Dimension { Dimension(output.channelCount) }
  }

  /// - Returns: nil for a contraction of another form.
  init?(_ contraction: Contraction, elementType: ElementType) {
    let form = contraction.form
    guard form.slots.count == 3, contraction.relations.isEmpty,
      let weights = contraction.accesses.firstIndex(of: .shared),
      contraction.accesses.filter({ $0 == .perItem }).count == 2,
      let (features, mapped) = Self.roles(in: form, weights: weights)
    else { return nil }
    var blocks: [Block] = []
    for path in form.paths {
      guard let block = Self.block(path, in: form, features, weights, mapped) else { return nil }
      blocks.append(block)
    }
    self.contraction = contraction
    self.elementType = elementType
    self.features = features
    self.weights = weights
    self.mapped = mapped
    self.blocks = blocks
  }

  /// The slots that hold the rows and the columns of the weights.
  private static func roles(
    in form: MultilinearForm, weights: Int
  ) -> (features: Int, mapped: Int)? {
    let others = form.slots.indices.filter { $0 != weights }
    guard let path = form.paths.first, let names = path.factor(of: weights)?.subscripts,
      names.count == 2, let rowName = names.first,
      let features = others.first(where: {
        path.factor(of: $0)?.subscripts == String(rowName)
      }), let mapped = others.first(where: { $0 != features })
    else { return nil }
    return (features, mapped)
  }

  private static func block(
    _ path: MultilinearForm.Path, in form: MultilinearForm, _ features: Int, _ weights: Int,
    _ mapped: Int
  ) -> Block? {
    guard path.factors.count == 3, let x = path.factor(of: features),
      let w = path.factor(of: weights), let y = path.factor(of: mapped),
      x.subscripts.count == 1, y.subscripts.count == 1, x.subscripts != y.subscripts,
      w.subscripts == x.subscripts + y.subscripts,
      let place = (0..<3).first(where: { path.factors[$0].slot == weights })
    else { return nil }
    let input = form.slots[features].segments[x.segment]
    let output = form.slots[mapped].segments[y.segment]
    // Every component is mapped to itself, with one coefficient.
    let components = path.entries.map { entry in
      entry.components.indices.filter { $0 != place }.map { entry.components[$0] }
    }
    guard let scale = path.entries.first?.coefficient, input.components == output.components,
      path.entries.allSatisfy({ $0.coefficient == scale }),
      components.map({ $0[0] }).sorted() == Array(0..<input.components),
      components.allSatisfy({ $0[0] == $0[1] })
    else { return nil }
    return Block(
      input: input, weight: form.slots[weights].segments[w.segment], output: output, scale: scale)
  }

  func sequence(for profile: DeviceProfile) -> KernelSequence {
    let (first, second) = slots
    return MatrixProductGroup(products, for: profile).kernels(
      first: argument(first), second: argument(second))
  }

  private func argument(_ slot: Int) -> KernelCall.Argument {
    contraction.operand(of: slot).map { .operand($0) } ?? .result
  }

  /// The slots of the two matrices.
  private var slots: (first: Int, second: Int) {
    switch contraction.output {
    case weights: (features, mapped)
    case features: (mapped, weights)
    default: (features, weights)
    }
  }

  /// One product a segment of the result.
  private var products: [MatrixProductDescription] {
    let output = contraction.output
    return contraction.form.slots[output].segments.map { segment in
      output == weights
        ? weightGradient(of: segment) : rows(of: segment, isTransposed: output == features)
    }
  }

  /// Rows (item, component) of a segment within the slot's rows.
  private func layout(
    of segment: MultilinearForm.Segment, in slot: Int
  ) -> MatrixProductDescription.Layout {
    MatrixProductDescription.Layout(
      offset: Dimension(segment.offset),
      row: .init(
        Dimension(contraction.form.slots[slot].width),
        component: Dimension(segment.channelCount)))
  }

  private func rows(
    of segment: MultilinearForm.Segment, isTransposed: Bool
  ) -> MatrixProductDescription {
    let feeding = blocks.filter { (isTransposed ? $0.input : $0.output) == segment }
    let source = isTransposed ? mapped : features
    var terms = feeding.map { block in
      let matrix = MatrixProductDescription.Layout(
        offset: Dimension(block.weight.offset), row: .rows(of: block.outputChannels))
      return MatrixProductDescription.Term(
        depth: .init(isTransposed ? block.outputChannels : block.inputChannels),
        first: layout(of: isTransposed ? block.output : block.input, in: source),
        second: isTransposed ? matrix.transposed : matrix, scale: block.scale)
    }
    if terms.isEmpty {
      // A segment that nothing feeds is a sum of no terms: zeros.
      terms = [.init(depth: .init(0), first: .init(row: .init(0)), second: .init(row: .init(0)))]
    }
    return MatrixProductDescription(
      elementType, rows: .init(contraction.items, components: segment.components),
      columns: Dimension(segment.channelCount), terms: terms,
      result: layout(of: segment, in: contraction.output))
  }

  /// Sums over all items and components; depth are pairs (item, component).
  private func weightGradient(of segment: MultilinearForm.Segment) -> MatrixProductDescription {
    let feeding = blocks.filter { $0.weight == segment }
    let columns = Dimension(segment.channels.last ?? 1)
    return MatrixProductDescription(
      elementType, rows: .init(Dimension(segment.channels.first ?? 1)), columns: columns,
      terms: feeding.map { block in
        MatrixProductDescription.Term(
          depth: .init(contraction.items, components: block.input.components),
          first: layout(of: block.input, in: features).transposed,
          second: layout(of: block.output, in: mapped), scale: block.scale)
      },
      result: .init(offset: Dimension(segment.offset), row: .rows(of: columns)))
  }
}
