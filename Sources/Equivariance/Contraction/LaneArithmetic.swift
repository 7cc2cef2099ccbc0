import TensorGraph

/// Prints the arithmetic of a group of products on vectors of lanes.
///
/// Results are added to variables named after slot and place, `out_128`; operands are loaded
/// into variables when first needed. How a row and a scalar are written is the kernel's matter.
struct LaneArithmetic {
  let interface: ContractionInterface
  let type: KernelType
  /// The pointer to the first of the current lanes of a slot's row.
  let row: (_ slot: Int) -> String
  /// The name of a scalar of the schedule.
  let scalar: (Int) -> String

  static func variable(_ interface: ContractionInterface, _ slot: Int, _ offset: Int) -> String {
    "\(interface.name(slot))_\(offset)"
  }

  static func load(_ pointer: String, offset: Int, width: Int) -> String {
    let place = offset == 0 ? pointer : "\(pointer) + \(offset)"
    return width == 1 ? "\(pointer)[\(offset)]" : "vload\(width)(0, \(place))"
  }

  static func store(_ value: String, _ pointer: String, offset: Int, width: Int) -> String {
    let place = offset == 0 ? pointer : "\(pointer) + \(offset)"
    return width == 1
      ? "\(pointer)[\(offset)] = \(value);" : "vstore\(width)(\(value), 0, \(place));"
  }

  func write(
    _ products: [LaneSchedule.Product], output: (LaneSchedule.Product) -> Int,
    to text: inout KernelText
  ) {
    var loaded: Set<LaneSchedule.LaneVector> = []
    for product in products {
      text.comment("path \(product.path)")
      let vectors = product.common + product.terms.flatMap(\.vectors)
      for vector in vectors where loaded.insert(vector).inserted {
        let value = Self.load(row(vector.slot), offset: vector.offset, width: type.width)
        text.line("const \(type.name) \(name(vector)) = \(value);")
      }
      write(product, output: output(product), to: &text)
    }
  }

  private func name(_ vector: LaneSchedule.LaneVector) -> String {
    Self.variable(interface, vector.slot, vector.offset)
  }

  /// The common vectors go into the outer vectors or into the sums, whichever are fewer.
  private func write(_ product: LaneSchedule.Product, output: Int, to text: inout KernelText) {
    let common = product.common.map(name).joined(separator: "*")
    let outer = uniqued(product.terms.compactMap(\.vectors.first))
    let offsets = product.offsets
    let scalesOuter = !common.isEmpty && !outer.isEmpty && outer.count <= offsets.count
    func scaled(_ vector: LaneSchedule.LaneVector) -> String {
      scalesOuter ? "scaled_\(product.path)_\(product.output)_\(vector.offset)" : name(vector)
    }
    if scalesOuter {
      for vector in outer {
        text.line("const \(type.name) \(scaled(vector)) = \(common)*\(name(vector));")
      }
    }
    for offset in offsets {
      let terms = product.terms.filter { $0.offset == offset }
      let target = Self.variable(interface, output, offset)
      guard !outer.isEmpty else {
        let sum = joined(terms.map { signed($0.factor, times: common) })
        text.line("\(target) += \(sum);")
        continue
      }
      let addends = outer.compactMap { vector -> (String, Bool)? in
        let inner = terms.filter { $0.vectors.first == vector }
        return inner.isEmpty
          ? nil : addend(scaled(vector), inner.map { ($0.vectors.dropFirst(), $0.factor) })
      }
      if common.isEmpty || scalesOuter {
        for (product, negated) in addends {
          text.line("\(target) \(negated ? "-=" : "+=") \(product);")
        }
      } else {
        text.line("\(target) += \(common)*(\(joined(addends)));")
      }
    }
  }

  /// `vector · Σ …` over the vectors that remain, with its sign apart.
  private func addend(
    _ vector: String, _ terms: [(ArraySlice<LaneSchedule.LaneVector>, LaneSchedule.ScalarFactor)]
  ) -> (text: String, negated: Bool) {
    if terms.count == 1, terms[0].0.isEmpty { return signed(terms[0].1, times: vector) }
    let next = uniqued(terms.compactMap(\.0.first))
    let addends = next.map { inner in
      addend(
        name(inner), terms.filter { $0.0.first == inner }.map { ($0.0.dropFirst(), $0.1) })
    }
    if addends.count == 1 {
      return ("\(vector)*\(addends[0].text)", addends[0].negated)
    }
    return ("\(vector)*(\(joined(addends)))", false)
  }

  private func signed(
    _ factor: LaneSchedule.ScalarFactor, times vector: String
  ) -> (text: String, negated: Bool) {
    let value: String
    let negated: Bool
    switch factor {
    case .constant(let constant):
      negated = constant < 0
      if abs(constant) == 1, !vector.isEmpty { return (vector, negated) }
      value = KernelType(type.elementType).literal(abs(constant))
    case .computed(let place, let isNegated):
      negated = isNegated
      value = scalar(place)
    }
    return (vector.isEmpty ? value : "\(value)*\(vector)", negated)
  }

  private func joined(_ addends: [(text: String, negated: Bool)]) -> String {
    addends.enumerated().map { index, addend in
      let sign = index == 0 ? (addend.negated ? "-" : "") : addend.negated ? " - " : " + "
      return sign + addend.text
    }.joined()
  }

  /// The value of a scalar in OpenCL C, of elements that `element` writes.
  static func expression(
    _ products: [LaneSchedule.ScalarProduct], elementType: ElementType,
    element: (LaneSchedule.ScalarElement) -> String
  ) -> String {
    products.enumerated().map { index, product in
      let magnitude = abs(product.coefficient)
      let factors =
        (magnitude == 1 ? [] : [KernelType(elementType).literal(magnitude)])
        + product.elements.map(element)
      let sign =
        index == 0
        ? (product.coefficient < 0 ? "-" : "") : product.coefficient < 0 ? " - " : " + "
      return sign + factors.joined(separator: "*")
    }.joined()
  }
}

private func uniqued<Element: Hashable>(_ elements: [Element]) -> [Element] {
  var seen: Set<Element> = []
  return elements.filter { seen.insert($0).inserted }
}
