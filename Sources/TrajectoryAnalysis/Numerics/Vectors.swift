import Foundation

func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

/// The angle between two vectors in degrees, accurate also near 0° and 180°.
func angle(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
  atan2(length(cross(a, b)), dot(a, b)) * 180 / .pi
}
