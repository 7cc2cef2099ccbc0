/// Coefficients that couple three irreps: an array of shape (2l₁+1) × (2l₂+1) × (2l₃+1).
///
/// Most coefficients are 0, and exactly so; `nonzeros` lists the others.
public struct CouplingTensor: Hashable, Sendable {
  /// A coefficient that is not 0, at component indices that count from 0.
  public struct Entry: Hashable, Sendable {
    public let first: Int
    public let second: Int
    public let third: Int
    public let value: Double
  }

  /// l₁, l₂, l₃.
  public let degrees: [Int]

  /// All coefficients, row-major: the third index is the contiguous one.
  public let elements: [Double]

  init(degrees: [Int], elements: [Double]) {
    self.degrees = degrees
    self.elements = elements
  }

  /// 2l₁+1, 2l₂+1, 2l₃+1.
  public var shape: [Int] { degrees.map { 2 * $0 + 1 } }

  /// The coefficient at component indices that count from 0.
  public subscript(first: Int, second: Int, third: Int) -> Double {
    elements[(first * (2 * degrees[1] + 1) + second) * (2 * degrees[2] + 1) + third]
  }

  /// The coefficients that are not 0, in row-major order; gathered anew at each call.
  public var nonzeros: [Entry] {
    let shape = shape
    return elements.enumerated().compactMap { index, value in
      guard value != 0 else { return nil }
      return Entry(
        first: index / (shape[1] * shape[2]), second: index / shape[2] % shape[1],
        third: index % shape[2], value: value)
    }
  }
}
