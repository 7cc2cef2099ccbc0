import TensorGraph

/// Corrects a forecast so that it keeps the linear momentum and, of isolated molecules, the
/// angular momentum of every structure (Thiemann et al., arXiv 2503.23794).
struct Conservation: Hashable, Sendable {
  /// The linear momentum of every structure, u·Å/fs; nil keeps that of the input.
  var linearMomentum: [Double]?
  var conservesAngularMomentum: Bool
  /// The angular momentum of every structure, u·Å²/fs; nil keeps that of the input.
  var angularMomentum: [Double]?

  /// The corrected forecast.
  ///
  /// - Parameters:
  ///   - forecast: `[atoms, 6]`, displacement and new velocity in units of `scales`.
  ///   - scales: the units, Å and Å/fs.
  ///   - graph: the state that the forecast starts from.
  func callAsFunction(
    _ forecast: Tensor, scales: ForecastScales, graph: MotionGraph
  ) -> Tensor {
    let momentum = Momentum(masses: graph.masses, byStructure: graph.byStructure)
    let structures = graph.byStructure.targetCount
    func given(_ vector: [Double]?) -> Tensor? {
      vector.map {
        Tensor($0, shape: [1, 3], as: forecast.elementType).broadcast(to: [structures, 3])
      }
    }
    var displacements = forecast.slice(0..<3, along: 1)
    var velocities = forecast.slice(3..<6, along: 1) * scales.velocity

    let linear = given(linearMomentum) ?? momentum.weightedSum(graph.velocities)
    let excess = (linear - momentum.weightedSum(velocities)) / momentum.totalMasses
    velocities = velocities + excess.gather(at: graph.byStructure)
    displacements =
      displacements - drift(of: displacements, linear, momentum).gather(at: graph.byStructure)

    if conservesAngularMomentum {
      let target =
        given(angularMomentum)
        ?? momentum.angularMomentum(momentum.centred(graph.positions), graph.velocities)
      let after = momentum.centred(graph.positions + displacements * scales.displacement)
      let rotation = momentum.angularVelocity(
        of: target - momentum.angularMomentum(after, velocities), after)
      velocities = velocities + cross(rotation.gather(at: graph.byStructure), after)
    }
    return concatenate([displacements, velocities / scales.velocity], along: 1)
  }

  /// [structures, 3]: the displacement of the centre of mass, where the momentum is exactly zero.
  private func drift(of displacements: Tensor, _ linear: Tensor, _ momentum: Momentum) -> Tensor {
    let drift = momentum.weightedSum(displacements) / momentum.totalMasses
    if let linearMomentum {
      return linearMomentum.allSatisfy { $0 == 0 } ? drift : drift.filled(with: 0)
    }
    let isAtRest = abs(linear).maximum(along: [1]).expanded(at: 1) .== 0
    return select(isAtRest.broadcast(to: drift.shape), drift, drift.filled(with: 0))
  }
}
