/// An integer expression that says where in a tensor an element is read.
///
/// Fused kernels read tensors through chains of views; each view rewrites the index of every
/// axis. Keeping the index as a tree, with the ranges of its variables, lets merges and splits
/// cancel and lets the emitter see along which variable memory is contiguous.
package indirect enum IndexExpression: Hashable, Sendable {
  case constant(Int)
  /// A loop variable or work-item coordinate that runs over `0 ..< extent`.
  case variable(String, extent: Dimension)
  /// A value read from an index tensor, already in a variable of the kernel.
  case loaded(String)
  case sum(IndexExpression, IndexExpression)
  case product(IndexExpression, Dimension)
  case quotient(IndexExpression, Dimension)
  case remainder(IndexExpression, Dimension)

  static func + (a: Self, b: Self) -> Self {
    switch (a, b) {
    case (.constant(0), _): b
    case (_, .constant(0)): a
    case (.constant(let x), .constant(let y)): .constant(x + y)
    default: .sum(a, b)
    }
  }

  static func * (a: Self, b: Dimension) -> Self {
    if b == 1 { return a }
    switch a {
    case .constant(0): return a
    case .constant(let x): if let fixed = b.fixed { return .constant(x * fixed) }
    case .sum(let x, let y): return x * b + y * b
    case .product(let x, let c): return x * (c * b)
    default: break
    }
    return .product(a, b)
  }

  /// An exclusive upper bound, if one is known.
  var bound: Dimension? {
    switch self {
    case .constant(let value): Dimension(value + 1)
    case .variable(_, let extent): extent
    case .product(let x, let c): x.bound.map { ($0 - 1) * c + 1 }
    case .sum(let x, let y):
      if let a = x.bound, let b = y.bound { a + b - 1 } else { nil }
    case .remainder(_, let c): c
    case .quotient, .loaded: nil
    }
  }

  /// Addends, outermost sums opened.
  private var addends: [IndexExpression] {
    if case .sum(let x, let y) = self { x.addends + y.addends } else { [self] }
  }

  /// The multiple of `divisor` in `self` and what is left below it, when both are plain.
  private func split(by divisor: Dimension) -> (multiple: Self, rest: Self)? {
    var multiple = Self.constant(0)
    var rest = Self.constant(0)
    for addend in addends {
      switch addend {
      case .product(let x, let c):
        if let quotient = c.dividedExactly(by: divisor) {
          multiple = multiple + x * quotient
        } else {
          rest = rest + addend
        }
      case .constant(let value):
        if let fixed = divisor.fixed, fixed > 0 {
          multiple = multiple + .constant(value / fixed)
          rest = rest + .constant(value % fixed)
        } else {
          rest = rest + addend
        }
      default: rest = rest + addend
      }
    }
    guard let bound = rest.bound, bound.isKnown(notAbove: divisor) else { return nil }
    return (multiple, rest)
  }

  static func / (a: Self, b: Dimension) -> Self {
    if b == 1 { return a }
    return a.split(by: b)?.multiple ?? .quotient(a, b)
  }

  static func % (a: Self, b: Dimension) -> Self {
    if b == 1 { return .constant(0) }
    return a.split(by: b)?.rest ?? .remainder(a, b)
  }

  /// How far the value moves within a vector of `lane` when its variable moves by one, or nil if
  /// that is not the same throughout the vector.
  func stride(along lane: VectorLane) -> Dimension? {
    switch self {
    case .constant, .loaded: return 0
    case .variable(let name, _): return name == lane.variable ? 1 : 0
    case .sum(let x, let y):
      guard let a = x.stride(along: lane), let b = y.stride(along: lane) else { return nil }
      return a + b
    case .product(let x, let c): return x.stride(along: lane).map { $0 * c }
    case .quotient(let x, let c):
      guard let stride = x.stride(along: lane) else { return nil }
      // A vector that starts at a multiple of its width stays within one block of `c`.
      return stride == 0 || (stride == 1 && x.isAligned(to: lane) && c.isMultiple(of: lane.width))
        ? 0 : nil
    case .remainder(let x, let c):
      guard let stride = x.stride(along: lane) else { return nil }
      if stride == 0 { return 0 }
      return stride == 1 && x.isAligned(to: lane) && c.isMultiple(of: lane.width) ? 1 : nil
    }
  }

  /// Whether the value is a multiple of the vector's width at the start of each vector.
  func isAligned(to lane: VectorLane) -> Bool {
    switch self {
    case .constant(let value): value.isMultiple(of: lane.width)
    case .variable(let name, _): name == lane.variable
    case .sum(let a, let b): a.isAligned(to: lane) && b.isAligned(to: lane)
    case .product(let a, let c): c.isMultiple(of: lane.width) || a.isAligned(to: lane)
    case .remainder(let a, let c): a.isAligned(to: lane) && c.isMultiple(of: lane.width)
    case .loaded, .quotient: false
    }
  }

  /// OpenCL C text; products are taken in the kernel's index type, which is 64 bits wide when
  /// some tensor has more than 2³¹ elements.
  var text: String {
    switch self {
    case .constant(let value): "\(value)"
    case .variable(let name, _), .loaded(let name): name
    case .sum(let x, let y): "\(x.text) + \(y.text)"
    case .product(let x, let c): "(index_t)(\(x.text))*\(c.kernelExpression)"
    case .quotient(let x, let c): "(\(x.text))/\(c.kernelExpression)"
    case .remainder(let x, let c): "(\(x.text))%\(c.kernelExpression)"
    }
  }

  /// The symbols that `text` mentions.
  var symbols: Set<SizeSymbol> {
    switch self {
    case .constant, .variable, .loaded: []
    case .sum(let x, let y): x.symbols.union(y.symbols)
    case .product(let x, let c), .quotient(let x, let c), .remainder(let x, let c):
      x.symbols.union(c.symbols)
    }
  }
}

/// The variable along which a work-item processes a vector, and the vector's width. Vectors start
/// at multiples of the width.
struct VectorLane: Hashable, Sendable {
  var variable: String
  var width: Int
}

extension Dimension {
  /// Whether every value of the dimension is a multiple of `divisor`.
  func isMultiple(of divisor: Int) -> Bool { dividedExactly(by: Dimension(divisor)) != nil }

  /// Whether `self ≤ other` follows from the polynomials alone (symbols are at least 0).
  func isKnown(notAbove other: Dimension) -> Bool {
    guard let difference = (other - self).leastValue else { return false }
    return difference >= 0
  }

  /// The least value for non-negative symbols, or nil when some coefficient is negative.
  private var leastValue: Int? { coefficientsAreNonNegative ? constantTerm : nil }
}
