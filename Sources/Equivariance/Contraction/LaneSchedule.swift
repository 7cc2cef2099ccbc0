/// A form arranged for kernels that run over one channel axis, the *lanes*.
///
/// In a convolution (`uvu` with one filter channel), in `uuu` and in the gradients of both, every
/// path has at most one channel axis longer than 1. Everything else in a path is a scalar that
/// all lanes share: coefficients, harmonics. The schedule sorts the two apart, so that a kernel
/// computes the scalars once an item and then works on vectors of lanes:
///
///     out[k] += weight · Σ_i m[k, i] · x[i]      with  m[k, i] = Σ_j C[i, j, k] · y[j]
///
/// The schedule is the plan that kernels are printed from; it holds no text.
struct LaneSchedule {
  /// An element of a row that has no lanes.
  struct ScalarElement: Hashable, Comparable {
    var slot: Int
    var offset: Int
    var derivative = 0

    static func < (a: Self, b: Self) -> Bool {
      (a.slot, a.offset, a.derivative) < (b.slot, b.offset, b.derivative)
    }
  }

  /// `coefficient · Π elements`.
  struct ScalarProduct: Hashable {
    var coefficient: Double
    var elements: [ScalarElement]
  }

  /// A factor that all lanes share.
  enum ScalarFactor: Hashable {
    case constant(Double)
    /// One of `scalars`, by its place, perhaps with the other sign.
    case computed(Int, negated: Bool)
  }

  /// The lanes of one component: `extent` consecutive elements of a row, or of its derivative.
  struct LaneVector: Hashable {
    var slot: Int
    var offset: Int
    var derivative = 0
  }

  /// `result[offset] += factor · Π vectors`, each time times the product's common vectors.
  struct Term {
    var offset: Int
    var vectors: [LaneVector]
    var factor: ScalarFactor
  }

  /// One path as seen from one result.
  struct Product {
    var path: Int
    /// Vectors that every term has: the factors with one component, such as weights.
    var common: [LaneVector]
    var terms: [Term]

    /// The vectors that are read, in the order of their use; some may come twice.
    var vectors: [LaneVector] { common + terms.flatMap(\.vectors) }

    /// Places in the result's row, in ascending order.
    var offsets: [Int] { Set(terms.map(\.offset)).sorted() }
  }

  /// Products that share vectors and results; they run in one loop over the lanes.
  struct Group {
    var extent: Int
    var products: [Product]
  }

  var groups: [Group]
  /// Whether the result has no lanes, so that lanes are summed.
  var sumsLanes: Bool
  /// The scalars of an item, each a sum of products.
  var scalars: [[ScalarProduct]]

  /// The schedule of a form, or nil if some path has several channel axes, or if a result has
  /// lanes in one path and none in another.
  init?(_ form: MultilinearForm, output: Int) {
    var table = ScalarTable()
    var products: [(extent: Int, sumsLanes: Bool, product: Product)] = []
    for (index, path) in form.paths.enumerated() where path.factor(of: output) != nil {
      let axes = path.subscriptExtents(in: form.slots).filter { $0.value > 1 }
      guard axes.count <= 1 else { return nil }
      let product = Self.product(
        of: path, at: index, in: form, lane: axes.first?.key, output: output, scalars: &table)
      let lane = axes.first?.key
      let hasLanes = path.factor(of: output)?.subscripts.contains { $0 == lane } ?? false
      products.append((axes.first?.value ?? 1, !hasLanes, product))
    }
    let wide = products.filter { $0.extent > 1 }
    guard Set(wide.map(\.sumsLanes)).count <= 1 else { return nil }
    sumsLanes = wide.first?.sumsLanes ?? false
    groups = Self.grouped(products, sumsLanes: sumsLanes)
    scalars = table.scalars
  }

  private static func product(
    of path: MultilinearForm.Path, at index: Int, in form: MultilinearForm, lane: Character?,
    output: Int, scalars: inout ScalarTable
  ) -> Product {
    let segments = path.factors.map { form.slots[$0.slot].segments[$0.segment] }
    let hasLanes = path.factors.map { factor in lane.map(factor.subscripts.contains) ?? false }
    let target = path.factors.firstIndex { $0.slot == output } ?? 0
    let common = path.factors.indices.filter {
      $0 != target && hasLanes[$0] && segments[$0].components == 1
    }
    let several = path.factors.indices.filter {
      $0 != target && hasLanes[$0] && segments[$0].components > 1
    }
    let shared = path.factors.indices.filter { $0 != target && !hasLanes[$0] }

    struct Key: Hashable {
      var offset: Int
      var vectors: [LaneVector]
    }
    var sums: [Key: [ScalarProduct]] = [:]
    var order: [Key] = []
    func offset(_ position: Int, _ entry: MultilinearForm.Entry) -> Int {
      segments[position].offset + entry.components[position] * segments[position].channelCount
    }
    for entry in path.entries where entry.coefficient != 0 {
      let key = Key(
        offset: offset(target, entry),
        vectors: several.map {
          LaneVector(
            slot: path.factors[$0].slot, offset: offset($0, entry),
            derivative: path.factors[$0].derivative)
        })
      let elements = shared.map {
        ScalarElement(
          slot: path.factors[$0].slot, offset: offset($0, entry),
          derivative: path.factors[$0].derivative)
      }
      if sums[key] == nil { order.append(key) }
      sums[key, default: []].append(
        ScalarProduct(coefficient: entry.coefficient, elements: elements.sorted()))
    }
    let terms = order.map { key in
      Term(
        offset: key.offset, vectors: key.vectors,
        factor: scalars.factor(for: sums[key] ?? []))
    }
    return Product(
      path: index,
      common: common.map {
        LaneVector(
          slot: path.factors[$0].slot, offset: segments[$0].offset,
          derivative: path.factors[$0].derivative)
      },
      terms: nestingOrder(terms))
  }

  /// Puts first the vector whose products with the results are fewest: sums over the other
  /// vectors are formed inside, once for each such pair.
  private static func nestingOrder(_ terms: [Term]) -> [Term] {
    guard let count = terms.first?.vectors.count, count > 1 else { return terms }
    struct Pair: Hashable {
      var offset: Int
      var vector: LaneVector
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

  /// Collects products that reach the same result elements or read the same operand vectors.
  private static func grouped(
    _ products: [(extent: Int, sumsLanes: Bool, product: Product)], sumsLanes: Bool
  ) -> [Group] {
    struct Touch: Hashable {
      var isResult: Bool
      var slot: Int
      var offset: Int
    }
    var groups: [(group: Group, touches: Set<Touch>)] = []
    for (extent, _, product) in products {
      var touches = Set(
        product.vectors.map { Touch(isResult: false, slot: $0.slot, offset: $0.offset) })
      if !sumsLanes {
        touches.formUnion(
          product.offsets.map { Touch(isResult: true, slot: 0, offset: $0) })
      }
      var merged = Group(extent: extent, products: [product])
      for index in groups.indices.reversed()
      where groups[index].group.extent == extent && !groups[index].touches.isDisjoint(with: touches)
      {
        touches.formUnion(groups[index].touches)
        merged.products.insert(contentsOf: groups[index].group.products, at: 0)
        groups.remove(at: index)
      }
      groups.append((merged, touches))
    }
    return groups.map(\.group).map { group in
      var group = group
      group.products.sort { $0.path < $1.path }
      return group
    }.sorted { ($0.products.first?.path ?? 0) < ($1.products.first?.path ?? 0) }
  }
}

/// The scalars of a schedule, each kept once up to its sign.
private struct ScalarTable {
  var scalars: [[LaneSchedule.ScalarProduct]] = []
  private var places: [[LaneSchedule.ScalarProduct]: Int] = [:]

  mutating func factor(for sum: [LaneSchedule.ScalarProduct]) -> LaneSchedule.ScalarFactor {
    var merged: [[LaneSchedule.ScalarElement]: Double] = [:]
    for product in sum { merged[product.elements, default: 0] += product.coefficient }
    var products = merged.map {
      LaneSchedule.ScalarProduct(coefficient: $0.value, elements: $0.key)
    }
    .sorted { $0.elements.lexicographicallyPrecedes($1.elements) }
    if products.count == 1, products[0].elements.isEmpty {
      return .constant(products[0].coefficient)
    }
    let negated = (products.first?.coefficient ?? 0) < 0
    if negated { for index in products.indices { products[index].coefficient.negate() } }
    let place = places[products] ?? scalars.count
    if place == scalars.count {
      scalars.append(products)
      places[products] = place
    }
    return .computed(place, negated: negated)
  }
}
