/// Several features of the same kind, such as `64x1o`: one group of an `Irreps`.
public struct MultipliedIrrep: Hashable, Sendable {
  /// The number of features, called channels where it is an axis of an array.
  public let multiplicity: Int
  public let irrep: Irrep

  public init(multiplicity: Int, irrep: Irrep) {
    precondition(multiplicity >= 0, "a multiplicity is at least 0, not \(multiplicity)")
    self.multiplicity = multiplicity
    self.irrep = irrep
  }

  public init(_ multiplicity: Int, _ irrep: Irrep) {
    self.init(multiplicity: multiplicity, irrep: irrep)
  }

  /// The number of values: multiplicity × (2l + 1).
  public var dimension: Int { multiplicity * irrep.dimension }
}

extension MultipliedIrrep: CustomStringConvertible {
  public var description: String { "\(multiplicity)x\(irrep)" }
}
