import Irreps
import TensorGraph

/// Real solid harmonics of all degrees to a highest one: homogeneous polynomials of vectors, or of
/// their directions.
///
/// Operand: vectors `[items, 3]`. Result: `[items, (degree + 1)²]`, in the order l² + l + m.
///
/// The derivative is ``SolidHarmonicsSlope``.
struct SolidHarmonics: Operation {
  var degree: Int
  var normalization: SphericalHarmonicsNormalization
  /// Whether vectors are scaled to length 1 first, as by ``Directions``.
  var normalizing = false

  var name: String { normalizing ? "sphericalHarmonics" : "solidHarmonics" }

  private var dimension: Int { (degree + 1) * (degree + 1) }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let vectors = operands[0]
    precondition(
      vectors.shape.rank == 2 && vectors.shape[1] == 3 && vectors.elementType.isFloatingPoint,
      "\(name): expected floating-point vectors [items, 3], found \(vectors)")
    return TensorDescription([vectors.shape[0], Dimension(dimension)], vectors.elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    [Tensor(SolidHarmonicsSlope(harmonics: self), [operands[0], cotangent])]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let items = operands[0].shape[0]
    let recursion = SphericalHarmonicsRecursion(upTo: degree, normalization: normalization)
    let operations = recursion.components.reduce(normalizing ? 17 : 5) { $0 + 3 * $1.terms.count }
    let lanes = RowLanes(result.elementType, for: profile)
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name,
          source: source(of: recursion, KernelType(result.elementType), lanes),
          entryPoint: "solid_harmonics",
          arguments: [.operand(0), .result, .size(items)],
          globalSize: [lanes?.workSize(items) ?? WorkSize(items)],
          localSize: [profile.localSize], operationCount: items * Dimension(operations))
      ]))
  }

  private func source(
    of recursion: SphericalHarmonicsRecursion, _ type: KernelType, _ lanes: RowLanes?
  ) -> String {
    let value = lanes == nil ? type.name : "lanes"
    let components = recursion.components.indices
      .map { recursion.definition(of: $0, type, value) }.joined()
    let load = RowLanes.load(
      "vectors", width: 3, as: "vector", columns: [0, 1, 2], type, lanes)
    let store = RowLanes.store("y", to: "harmonics", width: dimension, lanes)
    return """
      \(lanes?.functions ?? "")\(lanes?.comment ?? "")// Computes all harmonics of vector i\
      \(normalizing ? ", scaled to length 1" : "").
      // Reads vectors [items, 3]; writes harmonics [items, \(dimension)].
      __kernel void solid_harmonics(
          __global const \(type.name)* restrict vectors, __global \(type.name)* restrict harmonics,
          const int items) {
      \(lanes?.prologue ?? RowLanes.singleItem)\(load)\
      \(normalizing ? DirectionText.unitVector(type, value) : DirectionText.vector(value))\
        const \(value) squared_radius = x*x + y*y + z*z;
      \(components)\(store)}

      """
  }
}

extension SphericalHarmonicsRecursion {
  /// A line that defines `y<index>` from `x`, `y`, `z`, `squared_radius` and earlier components.
  ///
  /// - Parameter value: The type of the variables: `type`, or a vector of it.
  func definition(of index: Int, _ type: KernelType, _ value: String) -> String {
    let terms = components[index].terms.map { term in
      // Degree 0 is a constant, which goes into the coefficients of degree 1.
      term.source == 0
        ? "\(type.literal(term.coefficient * constant)) * \(term.factor.kernelName)"
        : "\(type.literal(term.coefficient)) * \(term.factor.kernelName) * y\(term.source)"
    }
    let text = terms.isEmpty ? type.literal(constant) : terms.joined(separator: " + ")
    return "  const \(value) y\(index) = \(text);\n"
  }
}

extension SphericalHarmonicsRecursion.Factor {
  /// The variable of `solid_harmonics` that holds the factor.
  fileprivate var kernelName: String {
    switch self {
    case .x: "x"
    case .y: "y"
    case .z: "z"
    case .squaredRadius: "squared_radius"
    }
  }
}
