extension SIMD3<Double> {
  func dot(_ other: Self) -> Double { (self * other).sum() }

  func cross(_ other: Self) -> Self {
    Self(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The vector scaled to length 1, and its length. The zero vector stays as it is.
  ///
  /// It is scaled by its largest component first, so that squares neither overflow nor vanish.
  var directionAndLength: (direction: Self, length: Double) {
    let largest = Swift.max(abs(x), abs(y), abs(z))
    guard largest > 0 else { return (self, largest) }
    let scaled = self / largest
    let length = scaled.dot(scaled).squareRoot()
    return (scaled / length, largest * length)
  }

  /// A unit vector perpendicular to this one, which is of length 1.
  var somePerpendicular: Self {
    let leastAligned: Self =
      abs(x) <= Swift.min(abs(y), abs(z)) ? [1, 0, 0] : abs(y) <= abs(z) ? [0, 1, 0] : [0, 0, 1]
    return cross(leastAligned).directionAndLength.direction
  }
}
