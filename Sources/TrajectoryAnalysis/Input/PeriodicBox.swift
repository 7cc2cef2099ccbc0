/// The cell of a frame as the analysis needs it: volume, widths, fractional coordinates.
///
/// This is geometry on the host; the rooms that search neighbours on a device have their own.
package struct PeriodicBox: Sendable, Equatable {
  /// The lattice vectors a, b, c in ångström.
  package let vectors: [SIMD3<Double>]
  package let periodic: [Bool]
  /// In Å³.
  package let volume: Double
  /// Row k gives the fractional coordinate k of a position.
  private let inverse: [SIMD3<Double>]

  /// - Returns: nil if the vectors do not span a volume.
  package init?(_ vectors: [SIMD3<Double>], periodic: [Bool]) {
    let normals = (0..<3).map { cross(vectors[($0 + 1) % 3], vectors[($0 + 2) % 3]) }
    let signedVolume = dot(vectors[0], normals[0])
    guard signedVolume.isFinite, abs(signedVolume) > 1e-9 else { return nil }
    self.vectors = vectors
    self.periodic = periodic
    volume = abs(signedVolume)
    inverse = normals.map { $0 / signedVolume }
  }

  /// A box, periodic along no axis, that holds all positions with some room to spare.
  package init(around positions: [SIMD3<Double>]) {
    let margin = SIMD3(repeating: 1.0)
    let low = positions.reduce(positions.first ?? .zero) { pointwiseMin($0, $1) }
    let high = positions.reduce(positions.first ?? .zero) { pointwiseMax($0, $1) }
    let extent = high - low + margin
    vectors = [SIMD3(extent.x, 0, 0), SIMD3(0, extent.y, 0), SIMD3(0, 0, extent.z)]
    periodic = [false, false, false]
    volume = extent.x * extent.y * extent.z
    inverse = [SIMD3(1 / extent.x, 0, 0), SIMD3(0, 1 / extent.y, 0), SIMD3(0, 0, 1 / extent.z)]
  }

  package func fractional(_ position: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(dot(inverse[0], position), dot(inverse[1], position), dot(inverse[2], position))
  }

  package func cartesian(_ fractional: SIMD3<Double>) -> SIMD3<Double> {
    fractional.x * vectors[0] + fractional.y * vectors[1] + fractional.z * vectors[2]
  }

  /// The distances between the faces of the cell that the axes a, b and c cross.
  package var widths: SIMD3<Double> {
    SIMD3(1 / length(inverse[0]), 1 / length(inverse[1]), 1 / length(inverse[2]))
  }

  /// The smallest width along a periodic axis; nil where there is none.
  package var smallestPeriodicWidth: Double? {
    (0..<3).filter { periodic[$0] }.map { widths[$0] }.min()
  }

  /// The displacement less whole lattice vectors. It is the true one if that is shorter than half
  /// the smallest width, in cells of any shape.
  package func unwrapped(_ displacement: SIMD3<Double>) -> SIMD3<Double> {
    let fractional = fractional(displacement)
    var result = displacement
    for axis in 0..<3 where periodic[axis] {
      let images = fractional[axis].rounded()
      if images != 0 { result -= images * vectors[axis] }
    }
    return result
  }

  /// The lengths of a, b and c in Å, then the angles α, β and γ in degrees.
  package var parameters: [Double] {
    let lengths = vectors.map(length)
    let angles = (0..<3).map { axis in
      let (one, two) = ((axis + 1) % 3, (axis + 2) % 3)
      return angle(vectors[one], vectors[two])
    }
    return lengths + angles
  }
}
