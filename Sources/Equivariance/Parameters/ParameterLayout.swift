/// What a model asks of one of its tensors of numbers.
public struct ParameterDeclaration: Hashable, Sendable {
  /// How the numbers of an untrained model are chosen.
  public enum Start: Hashable, Sendable {
    /// Independent numbers of the standard normal distribution: e3nn's start for all weights.
    case normal
    /// These numbers, in row-major order.
    case values([Double])
  }

  /// Unique within the model; that of the tensor in files.
  public var name: String
  public var shape: [Int]
  public var start: Start
  /// Whether training changes the numbers, unless it is told otherwise.
  public var isTrained: Bool

  /// - Precondition: starting values are as many as the shape holds.
  public init(_ name: String, shape: [Int], start: Start = .normal, isTrained: Bool = true) {
    self.name = name
    self.shape = shape
    self.start = start
    self.isTrained = isTrained
    if case .values(let values) = start {
      precondition(
        values.count == count, "parameter '\(name)': \(values.count) values for shape \(shape)")
    }
  }

  /// The number of numbers.
  public var count: Int { shape.reduce(1, *) }
}

/// All parameters of a model and the place of each in one vector.
public struct ParameterLayout: Hashable, Sendable {
  public let declarations: [ParameterDeclaration]
  /// The place of each declaration's numbers in the vector.
  public let ranges: [Range<Int>]
  private let indices: [String: Int]

  /// - Precondition: names are unique.
  public init(_ declarations: [ParameterDeclaration]) {
    var start = 0
    self.declarations = declarations
    ranges = declarations.map { declaration in
      defer { start += declaration.count }
      return start..<(start + declaration.count)
    }
    indices = Dictionary(
      zip(declarations.map(\.name), declarations.indices),
      uniquingKeysWith: { first, second in
        preconditionFailure("parameter '\(declarations[first].name)' is declared twice")
      })
  }

  /// The numbers of all parameters together.
  public var count: Int { ranges.last?.upperBound ?? 0 }

  /// The place of a declaration.
  public func index(of name: String) -> Int? { indices[name] }
}
