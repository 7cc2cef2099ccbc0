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

  /// An element of a result's row, or the first of its lanes.
  struct ResultPlace: Hashable, Comparable {
    var slot: Int
    var offset: Int

    static func < (a: Self, b: Self) -> Bool { (a.slot, a.offset) < (b.slot, b.offset) }
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
    /// The slot of the result.
    var result: Int
    /// Vectors that every term has: the factors with one component, such as weights.
    var common: [LaneVector]
    /// A number that multiplies the common vectors: with it apart, most terms need no factor.
    var scale: Double
    var terms: [Term]
    /// Further results that are made of this product's sums.
    var readings: [Reading] = []

    /// The vectors that are read, in the order of their use; some may come twice.
    var vectors: [LaneVector] {
      common + terms.flatMap(\.vectors) + readings.flatMap(\.common)
    }

    /// Places in the result's row that the terms add to, in ascending order.
    var termOffsets: [Int] { Set(terms.map(\.offset)).sorted() }

    /// Places in the results' rows, in ascending order.
    var places: [ResultPlace] {
      Set(terms.map { ResultPlace(slot: result, offset: $0.offset) } + readings.map(\.place))
        .sorted()
    }
  }

  /// A path that sums what another sums already, weighted with a factor for each of its places:
  /// `result[place] += Π common · Σ_j factors[j] · (the sum at place j, without its own common)`.
  /// So the derivative by an edge's length, or by its weights, is made of those by its harmonics.
  struct Reading {
    var place: ResultPlace
    var common: [LaneVector]
    /// For each place of the terms, in ascending order, the factor of its sum.
    var factors: [ScalarFactor]
  }

  /// Products that share vectors and results; they run in one loop over the lanes.
  struct Group {
    var extent: Int
    var products: [Product]
  }

  var groups: [Group]
  /// Results without lanes: there lanes are summed.
  var summedResults: Set<Int>
  /// The scalars of an item, each a sum of products.
  var scalars: [[ScalarProduct]]

  /// The schedule of a form, or nil if some path has several channel axes, or if a result has
  /// lanes in one path and none in another.
  init?(_ form: MultilinearForm, outputs: [Int]) {
    var table = ScalarTable()
    var products: [(extent: Int, product: Product)] = []
    var known: [LanePath.Sums: Int] = [:]
    var hasLanes: [Int: Bool] = [:]
    for (index, path) in form.paths.enumerated() {
      guard let output = outputs.first(where: { path.factor(of: $0) != nil }) else { continue }
      guard let parts = LanePath(path, in: form, output: output) else { return nil }
      if parts.extent > 1 {
        guard hasLanes[output, default: parts.resultHasLanes] == parts.resultHasLanes else {
          return nil
        }
        hasLanes[output] = parts.resultHasLanes
      }
      if let sums = parts.sumsThatAreRead, let place = known[sums] {
        let reading = parts.reading(of: products[place].product, scalars: &table)
        products[place].product.readings.append(reading)
        continue
      }
      if let sums = parts.sums { known[sums] = products.count }
      products.append((parts.extent, parts.product(at: index, scalars: &table)))
    }
    summedResults = Set(hasLanes.filter { !$0.value }.keys)
    groups = Self.grouped(products, summedResults: summedResults)
    scalars = table.scalars
  }

  /// Collects products that reach the same result elements or read the same operand vectors.
  private static func grouped(
    _ products: [(extent: Int, product: Product)], summedResults: Set<Int>
  ) -> [Group] {
    struct Touch: Hashable {
      var isResult: Bool
      var slot: Int
      var offset: Int
    }
    var groups: [(group: Group, touches: Set<Touch>)] = []
    for (extent, product) in products {
      var touches = Set(
        product.vectors.map { Touch(isResult: false, slot: $0.slot, offset: $0.offset) })
      touches.formUnion(
        product.places.filter { !summedResults.contains($0.slot) }
          .map { Touch(isResult: true, slot: $0.slot, offset: $0.offset) })
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
struct ScalarTable {
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
