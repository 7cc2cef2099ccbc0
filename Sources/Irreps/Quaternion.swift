/// A quaternion w + xi + yj + zk. Those of norm 1 stand for rotations; see `Rotation`.
public struct Quaternion: Hashable, Sendable {
  /// w.
  public var real: Double
  /// (x, y, z).
  public var imaginary: SIMD3<Double>

  public init(real: Double, imaginary: SIMD3<Double>) {
    self.real = real
    self.imaginary = imaginary
  }

  /// 1.
  public static let one = Quaternion(real: 1, imaginary: .zero)

  public var conjugate: Quaternion { Quaternion(real: real, imaginary: -imaginary) }

  public var norm: Double { (real * real + (imaginary * imaginary).sum()).squareRoot() }

  /// The quaternion of norm 1 in this direction. Not a number for the zero quaternion.
  public var normalized: Quaternion {
    let norm = norm
    return Quaternion(real: real / norm, imaginary: imaginary / norm)
  }

  /// Hamilton's product: as a rotation, `right` is applied first.
  public static func * (left: Quaternion, right: Quaternion) -> Quaternion {
    Quaternion(
      real: left.real * right.real - (left.imaginary * right.imaginary).sum(),
      imaginary: left.real * right.imaginary + right.real * left.imaginary
        + left.imaginary.cross(right.imaginary))
  }
}
