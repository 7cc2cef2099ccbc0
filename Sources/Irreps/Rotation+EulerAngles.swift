import Foundation

/// Euler angles in e3nn's convention, in radians: a rotation about y by γ, then about x by β, then
/// about y by α.
public struct EulerAngles: Hashable, Sendable {
  public var alpha: Double
  public var beta: Double
  public var gamma: Double

  public init(alpha: Double, beta: Double, gamma: Double) {
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
  }
}

extension Rotation {
  /// R = R_y(α) R_x(β) R_y(γ).
  public init(_ angles: EulerAngles) {
    let (sum, difference) = ((angles.alpha + angles.gamma) / 2, (angles.alpha - angles.gamma) / 2)
    let (cosine, sine) = (cos(angles.beta / 2), sin(angles.beta / 2))
    self.init(
      Quaternion(
        real: cosine * cos(sum),
        imaginary: [sine * cos(difference), cosine * sin(sum), -sine * sin(difference)]))
  }

  /// The Euler angles: α and γ in −π…π, β in 0…π.
  ///
  /// For β = 0 and β = π only α + γ or α − γ is determined; then α = 0. (α, β) are the angles of
  /// the rotated y axis, (sin α sin β, cos β, cos α sin β).
  public var eulerAngles: EulerAngles {
    let (w, x, y, z) = (
      quaternion.real, quaternion.imaginary.x, quaternion.imaginary.y, quaternion.imaginary.z
    )
    let (cosine, sine) = (hypot(w, y), hypot(x, z))
    let sum = cosine == 0 ? 0 : atan2(y, w)
    let difference = sine == 0 ? 0 : atan2(-z, x)
    let alpha = cosine == 0 || sine == 0 ? 0 : sum + difference
    let gamma = cosine == 0 ? -2 * difference : sine == 0 ? 2 * sum : sum - difference
    return EulerAngles(
      alpha: remainder(alpha, 2 * .pi), beta: 2 * atan2(sine, cosine),
      gamma: remainder(gamma, 2 * .pi))
  }
}
