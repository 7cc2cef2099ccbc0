import Irreps
import OpenCLRuntime
import TensorGraph

/// The gradient of ⟨cotangent, harmonics⟩ with respect to the vectors: the first derivative of
/// ``SolidHarmonics``, as one kernel.
///
/// Operands: vectors `[items, 3]`, cotangents `[items, (degree + 1)²]`. Computing the harmonics
/// again costs a fraction of reading them.
///
/// Further derivatives are those of what it is made of: harmonics R of the vectors v, the trilinear
/// form F of ``SolidHarmonicsGradient`` without its direction, and where vectors are normalised
/// ``DirectionsGradient``.
struct SolidHarmonicsSlope: Operation {
  var harmonics: SolidHarmonics

  var name: String { "\(harmonics.name)Slope" }
  var kernelFamily: KernelFamily? { .harmonics }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let expected = harmonics.result(of: [operands[0]])
    precondition(
      operands[1] == expected, "\(name): cotangents \(operands[1]), expected \(expected)")
    return operands[0]
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (vectors, weights) = (operands[0], operands[1])
    let values = Tensor(harmonics, [vectors])
    let form = SolidHarmonicsGradient(
      degree: harmonics.degree, normalization: harmonics.normalization, output: .direction)
    let slope = Tensor(form, [weights, values])
    var ofVectors: Tensor?
    var ofSlope = cotangent
    if harmonics.normalizing {
      let scaling = DirectionsGradient().vectorJacobianProduct(
        of: [vectors, slope], result: result, cotangent: cotangent)
      ofVectors = scaling[0]
      ofSlope = scaling[1] ?? cotangent
    }
    let ofForm = form.vectorJacobianProduct(
      of: [weights, values], result: slope, cotangent: ofSlope)
    if let ofValues = ofForm[1] {
      let through = Tensor(self, [vectors, ofValues])
      ofVectors = ofVectors.map { $0 + through } ?? through
    }
    return [ofVectors, ofForm[0]]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let lanes = RowLanes(result.elementType, for: profile)
    let items = result.shape[0]
    let recursion = recursion
    let operations = recursion.components.reduce(harmonics.normalizing ? 31 : 5) {
      $0 + 3 * ($1.terms.count + $1.gradient.count)
    }
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name, source: source(of: recursion, KernelType(result.elementType), lanes),
          entryPoint: "solid_harmonics_slope",
          arguments: [.operand(0), .operand(1), .result, .size(items)],
          globalSize: [lanes?.workSize(items) ?? WorkSize(items)],
          localSize: [profile.localSize], operationCount: items * Dimension(operations))
      ]))
  }

  private var recursion: SphericalHarmonicsRecursion {
    SphericalHarmonicsRecursion(upTo: harmonics.degree, normalization: harmonics.normalization)
  }

  /// A line that adds what the harmonic `source` of one degree less brings to the derivative along
  /// an axis. Its cotangents are added up first, so that the sums of the axes, in which each addition
  /// waits for the one before, are short.
  private func term(
    of source: Int, _ axis: Int, _ recursion: SphericalHarmonicsRecursion, _ type: KernelType
  ) -> String {
    let weights = recursion.components.enumerated().flatMap { index, component in
      component.gradient.filter { $0.axis == axis && $0.source == source }.map {
        let coefficient = source == 0 ? $0.coefficient * recursion.constant : $0.coefficient
        return "\(type.literal(coefficient))*cotangent\(index)"
      }
    }
    guard !weights.isEmpty else { return "" }
    let sum = weights.joined(separator: " + ")
    let slope = "slope_\(["x", "y", "z"][axis])"
    return source == 0 ? "  \(slope) += \(sum);\n" : "  \(slope) += y\(source) * (\(sum));\n"
  }

  private func source(
    of recursion: SphericalHarmonicsRecursion, _ type: KernelType, _ lanes: RowLanes?
  ) -> String {
    let value = lanes == nil ? type.name : "lanes"
    let width = recursion.components.count
    let terms = (0..<width).flatMap { source in
      (0..<3).map { axis in term(of: source, axis, recursion, type) }
    }.joined()
    let values = recursion.components.indices.filter {
      recursion.components[$0].degree < harmonics.degree
    }.map { recursion.definition(of: $0, type, value) }
    let used = Set(
      recursion.components.indices.filter { !recursion.components[$0].gradient.isEmpty })
    let result =
      harmonics.normalizing
      ? """
        const \(value) along = x*slope_x + y*slope_y + z*slope_z;
        const \(value) result0 = inverse_length * (slope_x - along*x);
        const \(value) result1 = inverse_length * (slope_y - along*y);
        const \(value) result2 = inverse_length * (slope_z - along*z);

      """
      : "  const \(value) result0 = slope_x, result1 = slope_y, result2 = slope_z;\n"
    return """
      \(lanes?.functions ?? "")\(lanes?.comment ?? "")\
      // Computes the gradient of Σ cotangent · harmonic with respect to each vector\
      \(harmonics.normalizing ? ", which is scaled to length 1 first" : "").
      // Reads vectors [items, 3] and cotangents [items, \(width)]; writes gradients [items, 3].
      __kernel void solid_harmonics_slope(
          __global const \(type.name)* restrict vectors,
          __global const \(type.name)* restrict cotangents,
          __global \(type.name)* restrict gradients, const int items) {
      \(lanes?.prologue ?? RowLanes.singleItem)\
      \(RowLanes.load("vectors", width: 3, as: "vector", columns: [0, 1, 2], type, lanes))\
      \(harmonics.normalizing ? DirectionText.unitVector(type, value) : DirectionText.vector(value))\
        const \(value) squared_radius = x*x + y*y + z*z;
        \(value) slope_x = 0, slope_y = 0, slope_z = 0;
      \(values.joined())\
      \(RowLanes.load("cotangents", width: width, as: "cotangent", columns: used, type, lanes))\
      \(terms)\(result)\
      \(RowLanes.store("result", to: "gradients", width: 3, lanes))}

      """
  }
}
