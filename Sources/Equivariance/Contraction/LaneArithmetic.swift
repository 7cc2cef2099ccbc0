import TensorGraph

/// Prints the arithmetic of a group of products on vectors of lanes.
///
/// Operands are loaded into variables named after slot and place, `x_128`, when first needed;
/// results are added to variables `result_out_128`. How a row and a scalar are written is the kernel's matter.
struct LaneArithmetic {
  let interface: ContractionInterface
  let type: KernelType
  /// The pointer to the first of the current lanes of a slot's row.
  let row: (_ slot: Int) -> String
  /// The name of a scalar of the schedule.
  let scalar: (Int) -> String
  /// The factors of a cubic, where rows are tabulated.
  let basis: (_ derivative: Int, _ number: Int) -> String
  /// An address that is needed soon, to be asked for when a vector is read, where asking early pays.
  var prefetch: (LaneSchedule.LaneVector) -> String? = { _ in nil }

  /// The variable that holds lanes of a result.
  static func result(
    _ interface: ContractionInterface, _ place: LaneSchedule.ResultPlace
  ) -> String {
    "\(interface.resultName(place.slot))_\(place.offset)"
  }

  private func target(_ product: LaneSchedule.Product, _ offset: Int) -> String {
    Self.result(interface, LaneSchedule.ResultPlace(slot: product.result, offset: offset))
  }

  static func load(_ pointer: String, offset: Int, width: Int) -> String {
    let place = offset == 0 ? pointer : "\(pointer) + \(offset)"
    return width == 1 ? "(\(pointer))[\(offset)]" : "vload\(width)(0, \(place))"
  }

  static func store(_ value: String, _ pointer: String, offset: Int, width: Int) -> String {
    let place = offset == 0 ? pointer : "\(pointer) + \(offset)"
    return width == 1
      ? "(\(pointer))[\(offset)] = \(value);" : "vstore\(width)(\(value), 0, \(place));"
  }

  func write(_ products: [LaneSchedule.Product], to text: inout KernelText) {
    var loaded: Set<LaneSchedule.LaneVector> = []
    write(products, loaded: &loaded, to: &text)
  }

  /// Writes products; vectors in `loaded` are in variables already.
  func write(
    _ products: [LaneSchedule.Product], loaded: inout Set<LaneSchedule.LaneVector>,
    to text: inout KernelText
  ) {
    for product in products {
      text.comment("path \(product.path)")
      write(product, loaded: &loaded, to: &text)
    }
  }

  /// Loads vectors that are not in variables yet.
  private func load(
    _ vectors: [LaneSchedule.LaneVector], loaded: inout Set<LaneSchedule.LaneVector>,
    to text: inout KernelText
  ) {
    for vector in vectors where loaded.insert(vector).inserted {
      let value = value(of: vector)
      text.line("const \(type.name) \(name(vector)) = \(value);")
      if let address = prefetch(vector) { text.line("PREFETCH(\(address));") }
    }
  }

  private func value(of vector: LaneSchedule.LaneVector) -> String {
    func load(_ place: Int) -> String {
      Self.load(row(vector.slot), offset: vector.offset + place, width: type.width)
    }
    guard interface.isTabulated(vector.slot) else { return load(0) }
    return interface.cubic(
      vector.slot, derivative: vector.derivative, load: load, basis: basis)
  }

  private func name(_ vector: LaneSchedule.LaneVector) -> String {
    let derivative = vector.derivative == 0 ? "" : "_d\(vector.derivative)"
    return "\(interface.name(vector.slot))_\(vector.offset)\(derivative)"
  }

  /// The common vectors go into the outer vectors or into the sums, whichever are fewer.
  private func write(
    _ product: LaneSchedule.Product, loaded: inout Set<LaneSchedule.LaneVector>,
    to text: inout KernelText
  ) {
    load(product.common, loaded: &loaded, to: &text)
    let scale = Self.literal(product.scale, elementType: type.elementType).map { [$0] } ?? []
    let factors = scale + product.common.map(name)
    var common = factors.joined(separator: "*")
    if factors.count > 1 {
      text.line("const \(type.name) common_\(product.path) = \(common);")
      common = "common_\(product.path)"
    }
    let outer = uniqued(product.terms.compactMap(\.vectors.first))
    let offsets = product.termOffsets
    guard product.readings.isEmpty else {
      return writeWithReadings(product, common: common, loaded: &loaded, to: &text)
    }
    let scalesOuter = !common.isEmpty && !outer.isEmpty && outer.count <= offsets.count
    func scaled(_ vector: LaneSchedule.LaneVector) -> String {
      scalesOuter ? "scaled_\(product.path)_\(vector.offset)" : name(vector)
    }
    func target(_ offset: Int) -> String { self.target(product, offset) }
    if outer.isEmpty {
      for offset in offsets {
        let sum = joined(
          product.terms.filter { $0.offset == offset }.map { signed($0.factor, times: common) })
        text.line("\(target(offset)) += \(sum);")
      }
    } else if common.isEmpty || scalesOuter {
      // One vector at a time, so that registers are left for the results.
      for vector in outer {
        load([vector], loaded: &loaded, to: &text)
        if scalesOuter {
          text.line("const \(type.name) \(scaled(vector)) = \(common)*\(name(vector));")
        }
        for offset in offsets {
          let terms = product.terms.filter { $0.offset == offset && $0.vectors.first == vector }
          guard !terms.isEmpty else { continue }
          load(terms.flatMap(\.vectors), loaded: &loaded, to: &text)
          let (sum, negated) = addend(scaled(vector), terms)
          text.line("\(target(offset)) \(negated ? "-=" : "+=") \(sum);")
        }
      }
    } else {
      load(product.terms.flatMap(\.vectors), loaded: &loaded, to: &text)
      for offset in offsets {
        let addends = outer.compactMap { vector -> (String, Bool)? in
          let terms = product.terms.filter { $0.offset == offset && $0.vectors.first == vector }
          return terms.isEmpty ? nil : addend(scaled(vector), terms)
        }
        text.line("\(target(offset)) += \(common)*(\(joined(addends)));")
      }
    }
  }

  /// The sums first, then what is made of them.
  private func writeWithReadings(
    _ product: LaneSchedule.Product, common: String,
    loaded: inout Set<LaneSchedule.LaneVector>, to text: inout KernelText
  ) {
    load(product.terms.flatMap(\.vectors), loaded: &loaded, to: &text)
    func sum(_ offset: Int) -> String { "sum_\(product.path)_\(offset)" }
    for offset in product.termOffsets {
      let terms = product.terms.filter { $0.offset == offset }
      let outer = uniqued(terms.compactMap(\.vectors.first))
      let value =
        outer.isEmpty
        ? joined(terms.map { signed($0.factor, times: "") })
        : joined(
          outer.map { vector in addend(name(vector), terms.filter { $0.vectors.first == vector }) })
      let sumType = outer.isEmpty ? KernelType(type.elementType) : type
      text.line("const \(sumType.name) \(sum(offset)) = \(value);")
      let scaled = common.isEmpty ? sum(offset) : "\(common)*\(sum(offset))"
      text.line("\(target(product, offset)) += \(scaled);")
    }
    for reading in product.readings {
      load(reading.common, loaded: &loaded, to: &text)
      let weighted = joined(
        zip(product.termOffsets, reading.factors).map { signed($1, times: sum($0)) })
      let factors = reading.common.map(name) + ["(\(weighted))"]
      text.line(
        "\(Self.result(interface, reading.place)) += \(factors.joined(separator: "*"));")
    }
  }

  private func addend(
    _ vector: String, _ terms: [LaneSchedule.Term]
  ) -> (text: String, negated: Bool) {
    addend(vector, terms.map { ($0.vectors.dropFirst(), $0.factor) })
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
      let literal = Self.literal(abs(constant), elementType: type.elementType)
      if literal == nil, !vector.isEmpty { return (vector, negated) }
      value = literal ?? KernelType(type.elementType).literal(1)
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

  /// A factor in OpenCL C, or nil for a number that rounds to 1.
  private static func literal(_ value: Double, elementType: ElementType) -> String? {
    let literal = KernelType(elementType).literal(value)
    return literal == KernelType(elementType).literal(1) ? nil : literal
  }

  /// The value of a scalar in OpenCL C, of elements that `element` writes.
  static func expression(
    _ products: [LaneSchedule.ScalarProduct], elementType: ElementType,
    element: (LaneSchedule.ScalarElement) -> String
  ) -> String {
    products.enumerated().map { index, product in
      let literal = literal(abs(product.coefficient), elementType: elementType)
      let factors = (literal.map { [$0] } ?? []) + product.elements.map(element)
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
