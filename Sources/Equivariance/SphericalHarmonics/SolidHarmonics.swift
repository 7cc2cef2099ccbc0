import Irreps
import TensorGraph

/// Real solid harmonics of all degrees to a highest one: homogeneous polynomials of vectors.
///
/// Operand: vectors `[items, 3]`. Result: `[items, (degree + 1)²]`, in the order l² + l + m.
///
/// The derivative needs no polynomials of its own: gradients of harmonics are fixed combinations of
/// the harmonics of one degree less, so it is a `SolidHarmonicsGradient` of this operation's
/// result.
struct SolidHarmonics: Operation {
  var degree: Int
  var normalization: SphericalHarmonicsNormalization

  var name: String { "solidHarmonics" }

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
    let gradient = SolidHarmonicsGradient(
      degree: degree, normalization: normalization, output: .direction)
    return [Tensor(gradient, [cotangent, result])]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let items = operands[0].shape[0]
    let recursion = SphericalHarmonicsRecursion(upTo: degree, normalization: normalization)
    let operations = recursion.components.reduce(5) { $0 + 3 * $1.terms.count }
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name, source: source(of: recursion, KernelType(result.elementType)),
          entryPoint: "solid_harmonics",
          arguments: [.operand(0), .result, .size(items)], globalSize: [WorkSize(items)],
          localSize: [profile.localSize], operationCount: items * Dimension(operations))
      ]))
  }

  private func source(of recursion: SphericalHarmonicsRecursion, _ type: KernelType) -> String {
    let components = recursion.components.enumerated().map { index, component in
      let terms = component.terms.map { term in
        // Degree 0 is a constant, which goes into the coefficients of degree 1.
        term.source == 0
          ? "\(type.literal(term.coefficient * recursion.constant)) * \(term.factor.kernelName)"
          : "\(type.literal(term.coefficient)) * \(term.factor.kernelName) * y\(term.source)"
      }
      let value = terms.isEmpty ? type.literal(recursion.constant) : terms.joined(separator: " + ")
      return "  const \(type.name) y\(index) = \(value);\n  row[\(index)] = y\(index);\n"
    }
    return """
      // Work-item i computes all harmonics of vector i.
      // Reads vectors [items, 3]; writes harmonics [items, \(dimension)].
      __kernel void solid_harmonics(
          __global const \(type.name)* restrict vectors, __global \(type.name)* restrict harmonics,
          const int items) {
        const index_t item = get_global_id(0);
        if (item >= items) return;
        const \(type.name) x = vectors[3*item];
        const \(type.name) y = vectors[3*item + 1];
        const \(type.name) z = vectors[3*item + 2];
        const \(type.name) squared_radius = x*x + y*y + z*z;
        __global \(type.name)* restrict row = harmonics + item*\(dimension);
      \(components.joined())}

      """
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
