/// What a piece of work must move and compute, whatever kernels do it: counted from its definition,
/// so that rates of different implementations can be compared.
public struct WorkCounts: Sendable, Hashable {
  /// Every input read once and every result written once.
  public var bytes: Int
  /// Floating-point operations; a multiply-add counts as two.
  public var operations: Int

  public init(bytes: Int = 0, operations: Int = 0) {
    self.bytes = bytes
    self.operations = operations
  }

  public static func + (a: Self, b: Self) -> Self {
    Self(bytes: a.bytes + b.bytes, operations: a.operations + b.operations)
  }
}

/// What a benchmark processes many of, such as edges: times are given for one of them as well.
public struct WorkItems: Sendable, Hashable {
  /// The singular: "edge".
  public let name: String
  public let count: Int

  public init(_ name: String, count: Int) {
    self.name = name
    self.count = count
  }
}
