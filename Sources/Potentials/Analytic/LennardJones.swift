import OpenCLRuntime
import TensorGraph

/// The potential of Lennard-Jones, 4ε((σ/r)¹² − (σ/r)⁶), alike for all atoms.
///
/// Between `switchStart` and `cutoff` it is multiplied by the switching function of X-PLOR, a
/// polynomial in r² that falls from 1 to 0 with continuous slope. It is not shifted.
package struct LennardJones: AtomicEnergyModel {
  /// eV.
  package var epsilon: Double
  /// Å.
  package var sigma: Double
  /// Å.
  package var switchStart: Double
  /// Å.
  package var cutoff: Double
  package var atomicNumbers: [Int]
  package var elementType: ElementType

  package var vanishesBeyondCutoff: Bool { true }

  package func speciesIndex(of atomicNumber: Int) -> Int? {
    atomicNumbers.firstIndex(of: atomicNumber)
  }

  package func atomicEnergies(of graph: AtomGraph) -> Tensor {
    let squared = (graph.vectors * graph.vectors).sum(along: [1])
    let sixth = power(sigma * sigma / squared, 3)
    let pair = 4 * epsilon * (power(sixth, 2) - sixth)
    // Half the energy of a pair belongs to each of its atoms.
    return (0.5 * pair * switching(squared)).segmentSum(by: graph.byReceiver)
  }

  private func switching(_ squared: Tensor) -> Tensor {
    let (inner, outer) = (switchStart * switchStart, cutoff * cutoff)
    let width = outer - inner
    let polynomial =
      power(outer - squared, 2) * (outer - 3 * inner + 2 * squared) / (width * width * width)
    let one = polynomial.filled(with: 1)
    return select(squared .< inner, one, select(squared .< outer, polynomial, 0 * one))
  }
}

extension Potential {
  /// A Lennard-Jones potential, the same for all pairs of atoms. The defaults are those of argon.
  ///
  /// - Parameters:
  ///   - epsilon: the depth of the well, eV.
  ///   - sigma: the distance at which the energy is 0, Å.
  ///   - switchStart: where the switching function begins, Å.
  ///   - cutoff: where it ends, Å.
  ///   - atomicNumbers: the elements that it stands for.
  /// - Throws: errors of the device.
  /// - Precondition: 0 < `switchStart` < `cutoff`.
  public static func lennardJones(
    epsilon: Double = 0.0103, sigma: Double = 3.4, switchStart: Double = 6, cutoff: Double = 7,
    atomicNumbers: [Int] = [18], precision: Precision = .single, on context: Context? = nil
  ) throws -> Potential {
    precondition(
      0 < switchStart && switchStart < cutoff,
      "Lennard-Jones: switched off from \(switchStart) to \(cutoff) Å")
    return try Potential(
      LennardJones(
        epsilon: epsilon, sigma: sigma, switchStart: switchStart, cutoff: cutoff,
        atomicNumbers: atomicNumbers, elementType: precision.elementType), on: context)
  }
}
