import Clebsch
import Synchronization

/// A force field that keeps account of the time spent in it, so that a run can say what everything
/// else cost.
final class TimedForces: ForceField {
  private let forceField: any ForceField
  private let spent = Mutex(Duration.zero)

  init(_ forceField: any ForceField) { self.forceField = forceField }

  /// The time of all evaluations so far, neighbour lists included.
  var duration: Duration { spent.withLock(\.self) }

  var isTranslationInvariant: Bool { forceField.isTranslationInvariant }

  func forces(on structure: AtomicStructure) throws -> ForceEvaluation {
    try timed { try forceField.forces(on: structure) }
  }

  func forces(
    on structure: AtomicStructure, listedAt reference: inout AtomicStructure?
  ) throws -> ForceEvaluation {
    try timed { try forceField.forces(on: structure, listedAt: &reference) }
  }

  func pairs(
    in structure: AtomicStructure, within distance: Double
  ) throws -> [AtomPair] {
    try forceField.pairs(in: structure, within: distance)
  }

  private func timed(_ evaluate: () throws -> ForceEvaluation) rethrows -> ForceEvaluation {
    let start = ContinuousClock.now
    defer { spent.withLock { $0 += start.duration(to: .now) } }
    return try evaluate()
  }
}
