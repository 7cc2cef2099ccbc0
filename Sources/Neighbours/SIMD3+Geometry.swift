extension SIMD3<Double> {
  func dot(_ other: Self) -> Double { (self * other).sum() }

  func cross(_ other: Self) -> Self {
    Self(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  var length: Double { dot(self).squareRoot() }

  var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// The basis vector along which this vector is shortest, a good start for a perpendicular one.
  var smallestAxis: Self {
    let size = Self(abs(x), abs(y), abs(z))
    if size.x <= size.y && size.x <= size.z { return Self(1, 0, 0) }
    return size.y <= size.z ? Self(0, 1, 0) : Self(0, 0, 1)
  }
}
