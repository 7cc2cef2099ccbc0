import Foundation

/// A proper rotation of space about the origin, an element of SO(3).
///
/// Rotations are active: `rotation.apply(to: x)` is the rotated point, and
/// `(second * first).apply(to: x)` rotates by `first`, then by `second`. Angles are in radians and
/// turn counter-clockwise seen from the tip of the axis.
public struct Rotation: Hashable, Sendable {
  /// The unit quaternion. Of the two that stand for the rotation, q and −q, it is the one whose
  /// first component that is not 0 is positive.
  public let quaternion: Quaternion

  /// The rotation of a quaternion, which is normalised first.
  ///
  /// - Precondition: The quaternion is finite and not 0.
  public init(_ quaternion: Quaternion) {
    let unit = quaternion.normalized
    precondition(unit.norm.isFinite, "no rotation belongs to the quaternion \(quaternion)")
    let components = [unit.real, unit.imaginary.x, unit.imaginary.y, unit.imaginary.z]
    let isNegative = (components.first { $0 != 0 } ?? 1) < 0
    self.quaternion =
      isNegative ? Quaternion(real: -unit.real, imaginary: -unit.imaginary) : unit
  }

  /// The rotation that leaves everything where it is.
  public static let identity = Rotation(.one)

  /// The rotation about an axis by an angle.
  ///
  /// - Precondition: The axis, of any length, is finite and not 0.
  public init(axis: SIMD3<Double>, angle: Double) {
    let (direction, length) = axis.directionAndLength
    precondition(length > 0 && length.isFinite, "no rotation has the axis \(axis)")
    self.init(Quaternion(real: cos(angle / 2), imaginary: direction * sin(angle / 2)))
  }

  /// The rotation that takes the direction of one vector to that of another about the axis
  /// perpendicular to both, accurate at every angle between them.
  ///
  /// Opposite directions have no such axis; then it is some axis perpendicular to them.
  ///
  /// - Precondition: Neither vector is 0, and both are finite.
  public init(from start: SIMD3<Double>, to end: SIMD3<Double>) {
    let ((first, firstLength), (second, secondLength)) = (
      start.directionAndLength, end.directionAndLength
    )
    precondition(
      firstLength > 0 && secondLength > 0 && firstLength.isFinite && secondLength.isFinite,
      "no rotation takes the direction of \(start) to that of \(end)")
    if first.dot(second) >= 0 {
      self = Self.acute(from: first, to: second)
      return
    }
    // The axis of an obtuse rotation is a small difference. So go to the opposite of the end by the
    // acute rotation and turn over by half a turn, about an axis made perpendicular to the end once
    // more.
    var (axis, sine) = first.cross(second).directionAndLength
    if sine <= Double.ulpOfOne { axis = second.somePerpendicular }
    axis -= axis.dot(second) * second
    let halfTurn = Rotation(axis: axis, angle: .pi)
    self = halfTurn * Self.acute(from: first, to: -second)
  }

  /// The same for unit vectors at an angle θ of at most π/2: the cross product has the length
  /// 2 sin θ/2 cos θ/2, the sum 2 cos θ/2.
  private static func acute(from first: SIMD3<Double>, to second: SIMD3<Double>) -> Rotation {
    let sum = (first + second).directionAndLength.length
    return Rotation(Quaternion(real: sum / 2, imaginary: first.cross(second) / sum))
  }

  /// A rotation drawn from the uniform (Haar) distribution on SO(3).
  ///
  /// Shoemake's method (Graphics Gems III, 1992, p. 124): three uniform numbers give a point of
  /// the unit sphere in four dimensions.
  public static func random(using generator: inout some RandomNumberGenerator) -> Rotation {
    let share = Double.random(in: 0..<1, using: &generator)
    let first = Double.random(in: 0..<(2 * .pi), using: &generator)
    let second = Double.random(in: 0..<(2 * .pi), using: &generator)
    let (inner, outer) = ((1 - share).squareRoot(), share.squareRoot())
    return Rotation(
      Quaternion(
        real: inner * sin(first),
        imaginary: [inner * cos(first), outer * sin(second), outer * cos(second)]))
  }

  /// A rotation drawn uniformly with the system's generator.
  public static func random() -> Rotation {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  public var inverse: Rotation { Rotation(quaternion.conjugate) }

  /// The rotation by `right`, then by `left`.
  public static func * (left: Rotation, right: Rotation) -> Rotation {
    Rotation(left.quaternion * right.quaternion)
  }

  /// The rotated vector.
  public func apply(to vector: SIMD3<Double>) -> SIMD3<Double> {
    let axis = quaternion.imaginary
    let twice = 2 * axis.cross(vector)
    return vector + quaternion.real * twice + axis.cross(twice)
  }

  /// The axis, of length 1, and the angle in 0…π. The identity has the axis (0, 1, 0).
  public var axisAndAngle: (axis: SIMD3<Double>, angle: Double) {
    let (direction, sine) = quaternion.imaginary.directionAndLength
    return (sine == 0 ? [0, 1, 0] : direction, 2 * atan2(sine, quaternion.real))
  }
}
