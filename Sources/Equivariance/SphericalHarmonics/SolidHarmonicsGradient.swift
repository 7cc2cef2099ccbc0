import Irreps
import TensorGraph

/// The trilinear form that all derivatives of solid harmonics are instances of.
///
/// Gradients of harmonics are fixed combinations of harmonics of one degree less,
/// ∂R_k/∂x_a = Σ_j G_akj R_j, so with a direction d, a cotangent u and harmonics R
///
///     F(d, u, R) = Σ_akj G_akj d_a u_k R_j
///
/// is the derivative of ⟨u, R(x)⟩ along d. Left without one of its three arguments it is the
/// vector-Jacobian product (a direction), the derivative of R along d (a cotangent), or what the
/// derivative asks of R (a harmonic). Each of these is linear in the other two arguments, with
/// derivatives that are F without another argument: the family is closed under differentiation.
///
/// Operands: the other two in the order direction `[items, 3]`, cotangent and harmonics
/// `[items, (degree + 1)²]`. Harmonics of the highest degree take no part.
struct SolidHarmonicsGradient: Operation {
  enum Argument: Int, Hashable, Sendable, CaseIterable {
    case direction, cotangent, harmonic
  }

  var degree: Int
  var normalization: SphericalHarmonicsNormalization
  /// The argument that is left out; the result has its shape.
  var output: Argument

  var name: String { "solidHarmonicsGradient → \(output)" }

  private var inputs: [Argument] { Argument.allCases.filter { $0 != output } }

  private func extent(of argument: Argument) -> Int {
    argument == .direction ? 3 : (degree + 1) * (degree + 1)
  }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    for (input, operand) in zip(inputs, operands) {
      let shape: Shape = [operands[0].shape[0], Dimension(extent(of: input))]
      precondition(
        operand == TensorDescription(shape, operands[0].elementType),
        "\(name): \(input) is \(operand), expected \(shape)")
    }
    return TensorDescription(
      [operands[0].shape[0], Dimension(extent(of: output))], operands[0].elementType)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    var values = Dictionary(uniqueKeysWithValues: zip(inputs, operands))
    values[output] = cotangent
    return inputs.map { input in
      var derivative = self
      derivative.output = input
      return Tensor(derivative, derivative.inputs.compactMap { values[$0] })
    }
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let items = operands[0].shape[0]
    let terms = terms
    let lanes = RowLanes(result.elementType, for: profile)
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name, source: source(of: terms, KernelType(result.elementType), lanes),
          entryPoint: "solid_harmonics_gradient",
          arguments: [.operand(0), .operand(1), .result, .size(items)],
          globalSize: [lanes?.workSize(items) ?? WorkSize(items)],
          localSize: [profile.localSize], operationCount: items * Dimension(4 * terms.count))
      ]))
  }

  /// G_akj · d[a] · u[k] · R[j].
  private struct Term {
    var coefficient: Double
    /// Indices a, k, j, by `Argument`.
    var places: [Int]
  }

  private var terms: [Term] {
    let recursion = SphericalHarmonicsRecursion(upTo: degree, normalization: normalization)
    return recursion.components.enumerated().flatMap { index, component in
      component.gradient.map {
        Term(coefficient: $0.coefficient, places: [$0.axis, index, $0.source])
      }
    }
  }

  private func source(of terms: [Term], _ type: KernelType, _ lanes: RowLanes?) -> String {
    let value = lanes == nil ? type.name : "lanes"
    let width = extent(of: output)
    let sums = Dictionary(grouping: terms) { $0.places[output.rawValue] }
    let results = (0..<width).map { place in
      let sum = (sums[place] ?? []).map { term in
        ([type.literal(term.coefficient)]
          + inputs.map { "\($0)\(term.places[$0.rawValue])" }).joined(separator: " * ")
      }
      return "  const \(value) result\(place) = "
        + (sum.isEmpty ? type.literal(0) : sum.joined(separator: "\n      + ")) + ";\n"
    }
    let parameters = inputs.map { "__global const \(type.name)* restrict \($0)s" }
    let loads = inputs.map { input in
      RowLanes.load(
        "\(input)s", width: extent(of: input), as: "\(input)",
        columns: Set(terms.map { $0.places[input.rawValue] }), type, lanes)
    }
    return """
      \(lanes?.functions ?? "")\(lanes?.comment ?? "")// Computes the \(output) of each item.
      // Reads \(inputs.map { "\($0)s [items, \(extent(of: $0))]" }.joined(separator: " and "));
      // writes \(output)s [items, \(width)].
      __kernel void solid_harmonics_gradient(
          \(parameters.joined(separator: ",\n    ")),
          __global \(type.name)* restrict \(output)s, const int items) {
      \(lanes?.prologue ?? RowLanes.singleItem)\(loads.joined())\(results.joined())\
      \(RowLanes.store("result", to: "\(output)s", width: width, lanes))}

      """
  }
}
