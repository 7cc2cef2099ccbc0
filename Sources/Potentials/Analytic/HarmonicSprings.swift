import OpenCLRuntime
import TensorGraph

/// A spring between every two atoms closer than the cutoff: ½ k (r − r₀)².
///
/// It is not switched off: with pairs that cross the cutoff the energy jumps.
package struct HarmonicSprings: AtomicEnergyModel {
  /// k, eV/Å².
  package var stiffness: Double
  /// r₀, Å.
  package var length: Double
  /// Å.
  package var cutoff: Double
  package var atomicNumbers: [Int]
  package var elementType: ElementType

  package func speciesIndex(of atomicNumber: Int) -> Int? {
    atomicNumbers.firstIndex(of: atomicNumber)
  }

  package func atomicEnergies(of graph: AtomGraph) -> Tensor {
    let distances = sqrt((graph.vectors * graph.vectors).sum(along: [1]))
    return (0.25 * stiffness * power(distances - length, 2)).segmentSum(by: graph.byReceiver)
  }
}

extension Potential {
  /// Springs between all atoms closer than a cutoff, alike for all pairs: a crystal or a molecule
  /// of balls and springs, for trying things out.
  ///
  /// - Parameters:
  ///   - stiffness: eV/Å².
  ///   - length: of a spring at rest, Å.
  ///   - cutoff: Å; no pair should cross it, for the energy jumps there.
  ///   - atomicNumbers: the elements that it stands for.
  /// - Throws: errors of the device.
  public static func harmonicSprings(
    stiffness: Double, length: Double, cutoff: Double, atomicNumbers: [Int],
    precision: Precision = .single, on context: Context? = nil
  ) throws -> Potential {
    try Potential(
      HarmonicSprings(
        stiffness: stiffness, length: length, cutoff: cutoff, atomicNumbers: atomicNumbers,
        elementType: precision.elementType), on: context)
  }
}
