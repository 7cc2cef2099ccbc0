/// A size that is known by name while a graph is traced and by value only when it runs,
/// such as the number of edges. Symbols are the same when their names are.
public struct SizeSymbol: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// A C identifier; kernels receive the value as an argument `size_<name>`.
  public let name: String

  public init(_ name: String) { self.name = name }

  public static func < (a: Self, b: Self) -> Bool { a.name < b.name }
  public var description: String { name }
}

/// The extent of one axis: a polynomial with integer coefficients in size symbols.
///
/// A fixed extent is the constant polynomial. Two dimensions are equal when their polynomials
/// are, so shapes with symbols are checked like shapes with numbers.
public struct Dimension: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// Coefficients by monomial (sorted symbols); no zero coefficients, sorted by monomial.
  private let terms: [Term]

  private struct Term: Hashable, Sendable {
    var symbols: [SizeSymbol]
    var coefficient: Int
  }

  public init(_ value: Int) {
    terms = value == 0 ? [] : [Term(symbols: [], coefficient: value)]
  }

  public init(_ symbol: SizeSymbol) { terms = [Term(symbols: [symbol], coefficient: 1)] }

  public init(integerLiteral value: Int) { self.init(value) }

  /// The symbol with this name as a dimension.
  public static func symbol(_ name: String) -> Dimension { Dimension(SizeSymbol(name)) }

  private init(collecting terms: [Term]) {
    var sums: [[SizeSymbol]: Int] = [:]
    for term in terms { sums[term.symbols, default: 0] += term.coefficient }
    self.terms =
      sums.filter { $0.value != 0 }
      .map { Term(symbols: $0.key, coefficient: $0.value) }
      .sorted { $0.symbols.lexicographicallyPrecedes($1.symbols) }
  }

  /// The value, when no symbol occurs.
  public var fixed: Int? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 && terms[0].symbols.isEmpty ? terms[0].coefficient : nil
  }

  /// The symbols that occur, sorted.
  public var symbols: [SizeSymbol] { Array(Set(terms.flatMap(\.symbols))).sorted() }

  /// The value under an assignment of symbols.
  ///
  /// - Precondition: every symbol that occurs is bound.
  public func value(in sizes: [SizeSymbol: Int]) -> Int {
    terms.reduce(0) { total, term in
      total
        + term.symbols.reduce(term.coefficient) { product, symbol in
          guard let size = sizes[symbol] else {
            preconditionFailure(
              "size '\(symbol)' is not bound; bound are \(sizes.keys.sorted())")
          }
          return product * size
        }
    }
  }

  /// The value of the only symbol that `sizes` lacks, from the value of the dimension; nil when
  /// it is not determined.
  package func solved(for value: Int, in sizes: [SizeSymbol: Int]) -> (SizeSymbol, Int)? {
    let unknown = symbols.filter { sizes[$0] == nil }
    guard unknown.count == 1 else { return nil }
    var known = sizes
    known[unknown[0]] = 0
    let constant = self.value(in: known)
    known[unknown[0]] = 1
    let slope = self.value(in: known) - constant
    guard slope > 0, (value - constant).isMultiple(of: slope), value >= constant,
      terms.allSatisfy({ $0.symbols.count { $0 == unknown[0] } <= 1 })
    else { return nil }
    return (unknown[0], (value - constant) / slope)
  }

  public static func + (a: Self, b: Self) -> Self { Self(collecting: a.terms + b.terms) }

  public static func - (a: Self, b: Self) -> Self { a + b * -1 }

  public static func * (a: Self, b: Self) -> Self {
    Self(
      collecting: a.terms.flatMap { x in
        b.terms.map { y in
          Term(
            symbols: (x.symbols + y.symbols).sorted(), coefficient: x.coefficient * y.coefficient)
        }
      })
  }

  /// The quotient when every coefficient is a multiple of `divisor`, else nil.
  public func dividedExactly(by divisor: Dimension) -> Dimension? {
    if self == divisor { return 1 }
    guard divisor.terms.count == 1, let by = divisor.terms.first else { return nil }
    var quotient: [Term] = []
    for term in terms {
      guard term.coefficient.isMultiple(of: by.coefficient) else { return nil }
      var symbols = term.symbols
      for symbol in by.symbols {
        guard let place = symbols.firstIndex(of: symbol) else { return nil }
        symbols.remove(at: place)
      }
      quotient.append(Term(symbols: symbols, coefficient: term.coefficient / by.coefficient))
    }
    return Self(collecting: quotient)
  }

  /// Whether no monomial has a negative coefficient.
  package var coefficientsAreNonNegative: Bool { terms.allSatisfy { $0.coefficient >= 0 } }

  /// The coefficient of the empty monomial.
  package var constantTerm: Int { terms.first { $0.symbols.isEmpty }?.coefficient ?? 0 }

  /// The dimension as an OpenCL C expression in kernel arguments `size_<symbol>`.
  package var kernelExpression: String {
    if let fixed { return "\(fixed)" }
    let sum = terms.map { term in
      ((term.coefficient == 1 ? [] : ["\(term.coefficient)"])
        + term.symbols.map { "size_\($0.name)" }).joined(separator: "*")
    }.joined(separator: "+")
    return "(\(sum))"
  }
}

extension Dimension: CustomStringConvertible {
  public var description: String {
    if let fixed { return "\(fixed)" }
    return terms.map { term in
      ((term.coefficient == 1 && !term.symbols.isEmpty ? [] : ["\(term.coefficient)"])
        + term.symbols.map(\.name)).joined(separator: "·")
    }.joined(separator: "+")
  }
}
