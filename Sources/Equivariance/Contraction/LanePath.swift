/// A path with its factors sorted into what they are to a kernel that runs over lanes.
struct LanePath {
  private let path: MultilinearForm.Path
  private let segments: [MultilinearForm.Segment]
  /// The longest channel axis; 1 if there is none.
  let extent: Int
  let resultHasLanes: Bool
  /// The factor that is the result.
  private let target: Int
  /// Factors with lanes: of one component, and of several.
  private let common: [Int]
  private let several: [Int]
  /// Factors without lanes.
  private let shared: [Int]

  /// - Returns: nil for a path with several channel axes.
  init?(_ path: MultilinearForm.Path, in form: MultilinearForm, output: Int) {
    let axes = path.subscriptExtents(in: form.slots).filter { $0.value > 1 }
    guard axes.count <= 1, let target = path.factors.firstIndex(where: { $0.slot == output })
    else { return nil }
    let lane = axes.first?.key
    let segments = path.factors.map { form.slots[$0.slot].segments[$0.segment] }
    let hasLanes = path.factors.map { factor in lane.map(factor.subscripts.contains) ?? false }
    let operands = path.factors.indices.filter { $0 != target }
    self.path = path
    self.segments = segments
    self.target = target
    extent = axes.first?.value ?? 1
    resultHasLanes = hasLanes[target]
    common = operands.filter { hasLanes[$0] && segments[$0].components == 1 }
    several = operands.filter { hasLanes[$0] && segments[$0].components > 1 }
    shared = operands.filter { !hasLanes[$0] }
  }

  // MARK: A product of its own

  func product(at index: Int, scalars: inout ScalarTable) -> LaneSchedule.Product {
    struct Key: Hashable {
      var offset: Int
      var vectors: [LaneSchedule.LaneVector]
    }
    var sums: [Key: [LaneSchedule.ScalarProduct]] = [:]
    var order: [Key] = []
    for entry in path.entries where entry.coefficient != 0 {
      let key = Key(
        offset: offset(target, entry.components[target]),
        vectors: several.map { vector($0, entry.components[$0]) })
      let elements = shared.map { element($0, entry.components[$0]) }
      if sums[key] == nil { order.append(key) }
      sums[key, default: []].append(
        LaneSchedule.ScalarProduct(coefficient: entry.coefficient, elements: elements.sorted()))
    }
    var terms = order.map { key in
      LaneSchedule.Term(
        offset: key.offset, vectors: key.vectors, factor: scalars.factor(for: sums[key] ?? []))
    }
    let scale = scale
    if scale != 1 {
      for place in terms.indices {
        if case .constant(let value) = terms[place].factor {
          terms[place].factor = .constant(value / scale)
        }
      }
    }
    return LaneSchedule.Product(
      path: index, result: path.factors[target].slot, common: common.map { vector($0, 0) },
      scale: scale,
      terms: Self.nestingOrder(terms))
  }

  /// The coefficient that most entries have, up to its sign, where terms are vectors times
  /// constants and there are common vectors that can take it over; otherwise 1.
  private var scale: Double {
    guard shared.isEmpty, !several.isEmpty, !common.isEmpty else { return 1 }
    let groups = Dictionary(grouping: path.entries.map { abs($0.coefficient) }) { Float($0) }
    let largest = groups.values.max { ($0.count, $0[0]) < ($1.count, $1[0]) }
    return largest.flatMap { $0.count > 1 ? $0[0] : nil } ?? 1
  }

  /// Puts first the vector whose products with the results are fewest: sums over the other
  /// vectors are formed inside, once for each such pair.
  private static func nestingOrder(_ terms: [LaneSchedule.Term]) -> [LaneSchedule.Term] {
    guard let count = terms.first?.vectors.count, count > 1 else { return terms }
    struct Pair: Hashable {
      var offset: Int
      var vector: LaneSchedule.LaneVector
    }
    func pairs(_ position: Int) -> Int {
      Set(terms.map { Pair(offset: $0.offset, vector: $0.vectors[position]) }).count
    }
    guard let outer = (0..<count).min(by: { pairs($0) < pairs($1) }) else { return terms }
    return terms.map { term in
      var term = term
      term.vectors.insert(term.vectors.remove(at: outer), at: 0)
      return term
    }
  }

  // MARK: A reading of another path's sums

  /// What is summed for each component of one factor, all but the common vectors.
  struct Sums: Hashable {
    var extent: Int
    var factors: [MultilinearForm.Factor]
    /// The components of those factors, then that of the selecting one.
    var entries: [MultilinearForm.Entry]
  }

  /// The sums of a path whose result has no lanes, a sum for each component.
  var sums: Sums? {
    resultHasLanes || !shared.isEmpty ? nil : sums(selectedBy: target)
  }

  /// The sums that this path weights with the components of its only factor without lanes and
  /// adds to its only component.
  var sumsThatAreRead: Sums? {
    guard segments[target].components == 1, shared.count == 1 else { return nil }
    return sums(selectedBy: shared[0])
  }

  private func sums(selectedBy factor: Int) -> Sums {
    Sums(
      extent: extent, factors: several.map { path.factors[$0] },
      entries: path.entries.map { entry in
        MultilinearForm.Entry(
          (several + [factor]).map { entry.components[$0] }, entry.coefficient)
      })
  }

  /// - Precondition: `sumsThatAreRead` are those of another path.
  func reading(
    of product: LaneSchedule.Product, scalars: inout ScalarTable
  ) -> LaneSchedule.Reading {
    let selected = Set(path.entries.map { $0.components[shared[0]] }).sorted()
    return LaneSchedule.Reading(
      place: LaneSchedule.ResultPlace(slot: path.factors[target].slot, offset: offset(target, 0)),
      common: common.map { vector($0, 0) },
      factors: selected.map { component in
        let value = LaneSchedule.ScalarProduct(
          coefficient: product.scale, elements: [element(shared[0], component)])
        return scalars.factor(for: [value])
      })
  }

  // MARK: Places

  private func offset(_ factor: Int, _ component: Int) -> Int {
    segments[factor].offset + component * segments[factor].channelCount
  }

  private func vector(_ factor: Int, _ component: Int) -> LaneSchedule.LaneVector {
    LaneSchedule.LaneVector(
      slot: path.factors[factor].slot, offset: offset(factor, component),
      derivative: path.factors[factor].derivative)
  }

  private func element(_ factor: Int, _ component: Int) -> LaneSchedule.ScalarElement {
    LaneSchedule.ScalarElement(
      slot: path.factors[factor].slot, offset: offset(factor, component),
      derivative: path.factors[factor].derivative)
  }
}
