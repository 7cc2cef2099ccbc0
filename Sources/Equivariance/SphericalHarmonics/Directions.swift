import TensorGraph

/// Vectors scaled to length 1; the zero vector stays zero.
///
/// An operation of its own, and not a chain of elementwise ones, because every edge of a graph
/// goes through it and its derivative: each is one kernel.
struct Directions: Operation {
  var name: String { "directions" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    let vectors = operands[0]
    precondition(
      vectors.shape.rank == 2 && vectors.shape[1] == 3 && vectors.elementType.isFloatingPoint,
      "\(name): expected floating-point vectors [items, 3], found \(vectors)")
    return vectors
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    [Tensor(DirectionsGradient(), [operands[0], cotangent])]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let lanes = RowLanes(result.elementType, for: profile)
    let items = result.shape[0]
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name, source: source(KernelType(result.elementType), lanes),
          entryPoint: "directions", arguments: [.operand(0), .result, .size(items)],
          globalSize: [lanes?.workSize(items) ?? WorkSize(items)],
          localSize: [profile.localSize], operationCount: items * 15)
      ]))
  }

  private func source(_ type: KernelType, _ lanes: RowLanes?) -> String {
    let value = lanes == nil ? type.name : "lanes"
    let results = ["x", "y", "z"].enumerated()
      .map { "  const \(value) direction\($0) = \($1);\n" }.joined()
    return """
      \(lanes?.functions ?? "")\(lanes?.comment ?? "")// Scales vector i to length 1.
      // Reads vectors [items, 3]; writes directions [items, 3].
      __kernel void directions(
          __global const \(type.name)* restrict vectors, __global \(type.name)* restrict directions,
          const int items) {
      \(lanes?.prologue ?? RowLanes.singleItem)\
      \(RowLanes.load("vectors", width: 3, as: "vector", columns: [0, 1, 2], type, lanes))\
      \(DirectionText.unitVector(type, value))\(results)\
      \(RowLanes.store("direction", to: "directions", width: 3, lanes))}

      """
  }
}

/// A cotangent of directions made one of vectors: (g − u (u·g)) / |v| for vectors v with
/// directions u; zero for the zero vector.
///
/// Operands: vectors and cotangents, `[items, 3]` each. As a map of the cotangent it is its own
/// transpose.
struct DirectionsGradient: Operation {
  var name: String { "directionsGradient" }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0] == operands[1],
      "\(name): vectors \(operands[0]) and cotangents \(operands[1])")
    return operands[0]
  }

  /// With F = c·g/r − (c·u)(g·u)/r: ∂F/∂v = (3u (c·u)(g·u) − u (c·g) − c (g·u) − g (c·u)) / r².
  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    let (vectors, g, c) = (operands[0], operands[1], cotangent)
    func dot(_ a: Tensor, _ b: Tensor) -> Tensor { (a * b).sum(along: [1]).expanded(at: 1) }
    let squares = dot(vectors, vectors)
    let isZero = squares .== 0
    let safe = select(isZero, squares.filled(with: 1), squares)
    let u = directions(of: vectors)
    let (cu, gu) = (dot(c, u), dot(g, u))
    let sum = u * (3 * cu * gu - dot(c, g)) - c * gu - g * cu
    return [
      select(isZero, vectors.filled(with: 0), sum / safe),
      Tensor(DirectionsGradient(), [vectors, c]),
    ]
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let lanes = RowLanes(result.elementType, for: profile)
    let items = result.shape[0]
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name, source: source(KernelType(result.elementType), lanes),
          entryPoint: "directions_gradient",
          arguments: [.operand(0), .operand(1), .result, .size(items)],
          globalSize: [lanes?.workSize(items) ?? WorkSize(items)],
          localSize: [profile.localSize], operationCount: items * 29)
      ]))
  }

  private func source(_ type: KernelType, _ lanes: RowLanes?) -> String {
    let value = lanes == nil ? type.name : "lanes"
    let results = ["x", "y", "z"].enumerated().map { axis, name in
      "  const \(value) gradient\(axis) = inverse_length * (cotangent\(axis) - along*\(name));\n"
    }.joined()
    return """
      \(lanes?.functions ?? "")\(lanes?.comment ?? "")// Takes from cotangent i its part \
      along vector i and divides by the length.
      // Reads vectors and cotangents [items, 3]; writes gradients [items, 3].
      __kernel void directions_gradient(
          __global const \(type.name)* restrict vectors,
          __global const \(type.name)* restrict cotangents,
          __global \(type.name)* restrict gradients, const int items) {
      \(lanes?.prologue ?? RowLanes.singleItem)\
      \(RowLanes.load("vectors", width: 3, as: "vector", columns: [0, 1, 2], type, lanes))\
      \(RowLanes.load("cotangents", width: 3, as: "cotangent", columns: [0, 1, 2], type, lanes))\
      \(DirectionText.unitVector(type, value))\
        const \(value) along = x*cotangent0 + y*cotangent1 + z*cotangent2;
      \(results)\(RowLanes.store("gradient", to: "gradients", width: 3, lanes))}

      """
  }
}

enum DirectionText {
  /// Lines that name the components of `vector0`, `vector1`, `vector2`.
  static func vector(_ value: String) -> String {
    """
      const \(value) x = vector0, y = vector1, z = vector2;

    """
  }

  /// Lines that define `x`, `y`, `z`, of length 1 or 0, from `vector0`, `vector1`, `vector2`, and
  /// `inverse_length`, 0 for the zero vector. The largest component is taken out first, so that
  /// squares neither overflow nor vanish. A vector whose components are below the smallest normal
  /// number, of which no reciprocal can be formed, counts as the zero vector.
  ///
  /// - Parameter value: The type of the variables: `type`, or a vector of it.
  static func unitVector(_ type: KernelType, _ value: String) -> String {
    let (zero, one) = (type.literal(0), type.literal(1))
    let least = type.literal(
      type.elementType == .float32
        ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude)
    func reciprocal(_ divisor: String) -> String {
      "largest > \(least) ? \(one) / \(divisor) : (\(value))(\(zero))"
    }
    return """
        \(value) x = vector0, y = vector1, z = vector2;
        const \(value) largest = fmax(fabs(x), fmax(fabs(y), fabs(z)));
        const \(value) scale = \(reciprocal("largest"));
        x *= scale;
        y *= scale;
        z *= scale;
        const \(value) inverse = \(reciprocal("sqrt(x*x + y*y + z*z)"));
        const \(value) inverse_length = inverse * scale;
        x *= inverse;
        y *= inverse;
        z *= inverse;

      """
  }
}

/// Vectors `[items, 3]` scaled to length 1.
///
/// The zero vector stays zero, with a derivative of zero. A vector with a component that is no
/// number has a direction that is none.
public func directions(of vectors: Tensor) -> Tensor { Tensor(Directions(), [vectors]) }
