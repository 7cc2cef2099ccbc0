/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno (Nocedal, Mathematics of
/// Computation 35, 773, 1980) without a line search: steps that are too long are shortened.
struct LBFGS: Optimizer {
  /// What a step and the change of the forces along it say of the curvature.
  private struct Pair {
    var step: [SIMD3<Double>]
    var change: [SIMD3<Double>]
    /// 1 / (change · step).
    var weight: Double
  }

  private var pairs: [Pair] = []
  private var previous: (coordinates: [SIMD3<Double>], forces: [SIMD3<Double>])?

  private static let memory = 100
  /// Å²/eV, the inverse curvature that is assumed at first.
  private static let initialCompliance = 1.0 / 70
  /// Å, of one atom.
  private static let greatestStep = 0.2

  mutating func displacement(
    at coordinates: [SIMD3<Double>], forces: [SIMD3<Double>]
  ) -> [SIMD3<Double>] {
    if let previous { remember(coordinates, forces, since: previous) }
    previous = (coordinates, forces)

    // The two loops, on the gradient.
    var direction = forces.map { -$0 }
    var weights: [Double] = []
    for pair in pairs.reversed() {
      let weight = pair.weight * pair.step.dot(direction)
      weights.append(weight)
      for index in direction.indices { direction[index] -= weight * pair.change[index] }
    }
    for index in direction.indices { direction[index] *= Self.initialCompliance }
    for (pair, weight) in zip(pairs, weights.reversed()) {
      let correction = weight - pair.weight * pair.change.dot(direction)
      for index in direction.indices { direction[index] += correction * pair.step[index] }
    }
    let longest = direction.reduce(0) { max($0, $1.length) }
    let scale = longest > Self.greatestStep ? Self.greatestStep / longest : 1
    return direction.map { -scale * $0 }
  }

  private mutating func remember(
    _ coordinates: [SIMD3<Double>], _ forces: [SIMD3<Double>],
    since previous: (coordinates: [SIMD3<Double>], forces: [SIMD3<Double>])
  ) {
    let step = zip(coordinates, previous.coordinates).map { $0 - $1 }
    let change = zip(previous.forces, forces).map { $0 - $1 }
    let curvature = change.dot(step)
    // Where the curvature is negative the pair would turn the direction uphill.
    guard curvature > 0 else { return }
    pairs.append(Pair(step: step, change: change, weight: 1 / curvature))
    if pairs.count > Self.memory { pairs.removeFirst() }
  }
}
