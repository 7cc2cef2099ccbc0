/// A quantity that every atom of a frame has: one or several columns of one kind.
public struct ExtendedXYZProperty: Sendable, Equatable {
  /// The elements atom by atom; those of one atom lie together.
  public enum Values: Sendable, Equatable {
    /// In files `S`.
    case strings([String])
    /// In files `R`.
    case reals([Double])
    /// In files `I`.
    case integers([Int])
    /// In files `L`.
    case bools([Bool])

    public var count: Int {
      switch self {
      case .strings(let values): values.count
      case .reals(let values): values.count
      case .integers(let values): values.count
      case .bools(let values): values.count
      }
    }
  }

  /// The number of elements an atom, at least 1.
  public let columns: Int
  public let values: Values

  /// - Precondition: the values divide into whole atoms.
  public init(columns: Int = 1, values: Values) {
    precondition(
      columns > 0 && values.count % columns == 0,
      "\(values.count) values do not divide into atoms of \(columns)")
    self.columns = columns
    self.values = values
  }

  /// A vector an atom, such as a force.
  public init(vectors: [SIMD3<Double>]) {
    self.init(columns: 3, values: .reals(vectors.flatMap { [$0.x, $0.y, $0.z] }))
  }

  /// The number of atoms.
  public var atomCount: Int { values.count / columns }

  /// The elements as real numbers, if they are real or integer.
  public var reals: [Double]? {
    switch values {
    case .reals(let values): values
    case .integers(let values): values.map(Double.init)
    default: nil
    }
  }

  /// The atoms' vectors, if this is three columns of numbers.
  public var vectors: [SIMD3<Double>]? {
    guard columns == 3, let reals else { return nil }
    return stride(from: 0, to: reals.count, by: 3).map {
      SIMD3(reals[$0], reals[$0 + 1], reals[$0 + 2])
    }
  }
}
