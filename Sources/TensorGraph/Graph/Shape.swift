/// The extents of a tensor's axes, outermost first. Storage is row-major and contiguous.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  public var dimensions: [Dimension]

  public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

  public init(arrayLiteral elements: Dimension...) { dimensions = elements }

  /// The shape with these fixed extents.
  public init(_ extents: [Int]) { dimensions = extents.map { Dimension($0) } }

  /// The number of axes; 0 for a scalar.
  public var rank: Int { dimensions.count }

  /// The number of elements.
  public var elementCount: Dimension { dimensions.reduce(1, *) }

  public subscript(axis: Int) -> Dimension {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }

  /// The symbols that occur in any axis, sorted.
  public var symbols: [SizeSymbol] { Array(Set(dimensions.flatMap(\.symbols))).sorted() }

  /// The extents under an assignment of symbols.
  public func extents(in sizes: [SizeSymbol: Int]) -> [Int] {
    dimensions.map { $0.value(in: sizes) }
  }

  /// The extents when no symbol occurs, else nil.
  public var fixedExtents: [Int]? {
    let fixed = dimensions.compactMap(\.fixed)
    return fixed.count == rank ? fixed : nil
  }

  /// The shape that elementwise operations on both have: axes are aligned at the end, and an
  /// extent of 1 stretches to the other's (NumPy's rule); nil when some axis disagrees.
  public static func broadcasting(_ a: Shape, _ b: Shape) -> Shape? {
    let rank = max(a.rank, b.rank)
    var result: [Dimension] = []
    for position in 0..<rank {
      let x = position + a.rank < rank ? 1 : a[position + a.rank - rank]
      let y = position + b.rank < rank ? 1 : b[position + b.rank - rank]
      if x == y || y == 1 {
        result.append(x)
      } else if x == 1 {
        result.append(y)
      } else {
        return nil
      }
    }
    return Shape(result)
  }
}

extension Shape: CustomStringConvertible {
  public var description: String {
    "[" + dimensions.map(\.description).joined(separator: ", ") + "]"
  }
}

/// What is known of a tensor before it has values.
public struct TensorDescription: Hashable, Sendable, CustomStringConvertible {
  public var shape: Shape
  public var elementType: ElementType

  public init(_ shape: Shape, _ elementType: ElementType) {
    self.shape = shape
    self.elementType = elementType
  }

  public var description: String { "\(elementType)\(shape)" }
}
