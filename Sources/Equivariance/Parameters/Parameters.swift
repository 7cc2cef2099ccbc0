import Foundation
import TensorGraph

/// The numbers of a model: a tensor for each of its declarations.
///
/// A model is a function of its parameters as of any other tensors. They may be constants from a
/// file, arguments of a compiled function, or computed from other tensors; nothing may assume that
/// they are leaves. Training keeps all of them in one vector and hands the model views of it.
public struct Parameters: Sendable {
  public let layout: ParameterLayout
  /// The numbers of each declaration, in their order, with one axis: what to differentiate with
  /// respect to. A reshaped tensor would not do, for a reshape of it reads past it.
  public let parts: [Tensor]

  /// - Precondition: there is a tensor of the declared number of elements for each declaration.
  public init(_ layout: ParameterLayout, parts: [Tensor]) {
    precondition(
      parts.map(\.shape) == layout.declarations.map { [Dimension($0.count)] },
      "parameters: parts of shapes \(parts.map(\.shape)) for \(layout.declarations.map(\.shape))")
    self.layout = layout
    self.parts = parts
  }

  /// Parameters that are parts of one vector.
  ///
  /// - Parameter vector: `[layout.count]`.
  public init(_ layout: ParameterLayout, of vector: Tensor) {
    expectShape(of: vector, [Dimension(layout.count)], "vector of parameters")
    self.init(layout, parts: layout.ranges.map { vector.slice($0, along: 0) })
  }

  /// The parameter of a name, in its declared shape.
  ///
  /// - Precondition: it is declared.
  public subscript(name: String) -> Tensor {
    guard let index = layout.index(of: name) else {
      preconditionFailure("no parameter '\(name)' among \(layout.declarations.map(\.name))")
    }
    return parts[index].reshaped(to: Shape(layout.declarations[index].shape))
  }

  /// All numbers as one vector, in the order of the layout.
  public var vector: Tensor { concatenate(parts, along: 0) }
}

extension ParameterLayout {
  /// The numbers of an untrained model; the same seed gives the same numbers.
  public func initialValues(seed: UInt64) -> [Double] {
    var generator = InitialNumbers(state: seed)
    return declarations.flatMap { declaration in
      switch declaration.start {
      case .values(let values): values
      case .normal: (0..<declaration.count).map { _ in generator.normal() }
      }
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014) with Box and Muller's transform: numbers that depend on
/// the seed alone, on every machine.
private struct InitialNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private mutating func unit() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  mutating func normal() -> Double {
    let radius = (-2 * log(unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }
}
