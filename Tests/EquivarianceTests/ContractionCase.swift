import Equivariance
import OpenCLRuntime
import TensorGraph
import TestSupport

/// A contraction with values for all slots and indices for all relations.
struct ContractionCase {
  var form: MultilinearForm
  var accesses: [Contraction.Access]
  var itemCount: Int
  /// The target of each item, a relation each.
  var indices: [[Int]]
  var targetCounts: [Int]
  /// Row-major values of every slot, that of the result included (it is then not read).
  var values: [[Double]]
  /// Where items are between the knots of tabulated slots.
  var positions: [Double] = []
  var knots: KnotGrid?

  func rowCount(of slot: Int) -> Int {
    switch accesses[slot] {
    case .perItem: itemCount
    case .indexed(let relation): targetCounts[relation]
    case .shared: 1
    case .tabulated: 3 * (knots?.knotCount ?? 0)
    }
  }

  func isSorted(_ relation: Int) -> Bool {
    zip(indices[relation], indices[relation].dropFirst()).allSatisfy { $0 <= $1 }
  }

  func contraction(output: Int) -> Contraction {
    Contraction(
      form: form, output: output, accesses: accesses, items: .symbol("items"),
      relations: indices.indices.map {
        Contraction.Relation(
          targets: .symbol("targets_\($0)"), isSorted: isSorted($0))
      }, knots: knots)
  }

  var sizes: [SizeSymbol: Int] {
    var sizes = [SizeSymbol("items"): itemCount]
    for (relation, count) in targetCounts.enumerated() {
      sizes[SizeSymbol("targets_\(relation)")] = count
    }
    return sizes
  }

  /// The index tensors of a relation as a contraction takes them.
  func indexTensors(of relation: Int) -> [[Int32]] {
    let indices = indices[relation]
    let order = indices.indices.sorted { (indices[$0], $0) < (indices[$1], $1) }
    var offsets = [Int32](repeating: 0, count: targetCounts[relation] + 1)
    for index in indices { offsets[index + 1] += 1 }
    for target in 0..<targetCounts[relation] { offsets[target + 1] += offsets[target] }
    return isSorted(relation)
      ? [indices.map(Int32.init), offsets]
      : [indices.map(Int32.init), order.map(Int32.init), offsets]
  }

  /// An element of a result: a sum of products, and what bounds on its rounding are made of.
  struct Element {
    var value = 0.0
    /// The sum of the products' magnitudes.
    var magnitude = 0.0
    /// The number of products.
    var count = 0
  }

  /// The form evaluated by plain loops in `double`.
  func reference(output: Int) -> [Element] {
    var result = [Element](
      repeating: Element(), count: rowCount(of: output) * form.slots[output].width)
    func row(_ slot: Int, _ item: Int) -> Int {
      switch accesses[slot] {
      case .perItem: item
      case .indexed(let relation): indices[relation][item]
      case .shared, .tabulated: 0
      }
    }
    for item in 0..<itemCount {
      for path in form.paths where path.factors.contains(where: { $0.slot == output }) {
        let extents = path.subscriptExtents(in: form.slots)
        let names = extents.keys.sorted()
        let total = names.reduce(1) { $0 * (extents[$1] ?? 0) }
        for number in 0..<total {
          var channels: [Character: Int] = [:]
          var rest = number
          for name in names.reversed() {
            channels[name] = rest % (extents[name] ?? 1)
            rest /= extents[name] ?? 1
          }
          for entry in path.entries {
            var product = entry.coefficient
            var magnitude = abs(entry.coefficient)
            var target = 0
            for (factor, component) in zip(path.factors, entry.components) {
              let slot = form.slots[factor.slot]
              let segment = slot.segments[factor.segment]
              var channel = 0
              for (name, extent) in zip(factor.subscripts, segment.channels) {
                channel = channel * extent + (channels[name] ?? 0)
              }
              let place =
                row(factor.slot, item) * slot.width + segment.offset
                + component * segment.channels.reduce(1, *) + channel
              if factor.slot == output {
                target = place
              } else if accesses[factor.slot] == .tabulated {
                let value = cubic(factor, place: place, position: positions[item])
                product *= value.value
                magnitude *= value.magnitude
              } else {
                product *= values[factor.slot][place]
                magnitude *= abs(values[factor.slot][place])
              }
            }
            result[target].value += product
            result[target].magnitude += magnitude
            result[target].count += 1
          }
        }
      }
    }
    return result
  }

  /// An element of a tabulated row, or of its derivative: c₀ + c₁ t + c₂ t² + c₃ t³ with the table's
  /// value, rise and slopes at both ends.
  private func cubic(
    _ factor: MultilinearForm.Factor, place: Int, position: Double
  ) -> (value: Double, magnitude: Double) {
    guard let knots else { return (.nan, .nan) }
    let knot = min(max(Int(position / knots.spacing), 0), knots.intervals - 1)
    let t = position / knots.spacing - Double(knot)
    let width = form.slots[factor.slot].width
    let (value, rise, slope, nextSlope) = (
      values[factor.slot][3 * knot * width + place],
      values[factor.slot][(3 * knot + 1) * width + place],
      values[factor.slot][(3 * knot + 2) * width + place],
      values[factor.slot][(3 * knot + 5) * width + place]
    )
    var coefficients = [
      value, slope, 3 * rise - 2 * slope - nextSlope, slope + nextSlope - 2 * rise,
    ]
    for _ in 0..<factor.derivative {
      coefficients = coefficients.enumerated().dropFirst().map { Double($0) * $1 / knots.spacing }
    }
    let result = coefficients.reversed().reduce(0) { $0 * t + $1 }
    let scale = 12 / (0..<factor.derivative).reduce(1.0) { product, _ in product * knots.spacing }
    return (result, scale * [value, rise, slope, nextSlope].reduce(0) { $0 + abs($1) })
  }

  /// The contraction's kernels run on a device.
  func run<Scalar: BinaryFloatingPoint & BitwiseCopyable>(
    output: Int, as scalar: Scalar.Type, profile: DeviceProfile, on context: Context
  ) throws -> [Double] {
    let contraction = contraction(output: output)
    let elementType: ElementType = scalar == Double.self ? .float64 : .float32
    var operands: [Buffer] = []
    for slot in form.slots.indices where slot != output {
      operands.append(try context.makeBuffer(values[slot].map { Scalar($0) }, for: "a slot"))
    }
    for relation in indices.indices {
      for tensor in indexTensors(of: relation) {
        operands.append(try context.makeBuffer(tensor, for: "indices"))
      }
    }
    if knots != nil {
      operands.append(try context.makeBuffer(positions.map { Scalar($0) }, for: "positions"))
    }
    let descriptions =
      form.slots.indices.filter { $0 != output }.map {
        TensorDescription(contraction.shape(of: $0), elementType)
      }
      + contraction.relations.flatMap { relation in
        let items = TensorDescription([contraction.items], .int32)
        let offsets = TensorDescription([relation.targets + 1], .int32)
        return relation.isSorted ? [items, offsets] : [items, items, offsets]
      } + (knots == nil ? [] : [TensorDescription([contraction.items], elementType)])
    let description = contraction.result(of: descriptions)
    let count = description.shape.elementCount.value(in: sizes)
    let result = try context.makeBuffer(
      [Scalar](repeating: .nan, count: count), for: "the result")
    guard
      case .kernels(let sequence) = contraction.lowering(
        of: descriptions, to: description, for: profile)
    else { return [] }
    try sequence.run(on: context, operands: operands, result: result, sizes: sizes)
    return try result.read(as: Scalar.self, count: count).map { Double($0) }
  }
}
