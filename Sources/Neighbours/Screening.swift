/// Up to where distances computed in single precision tell whether atoms are neighbours.
struct Screening {
  /// What seems to be shorter is shorter than the cutoff.
  let near: Double
  /// What seems to be longer is longer than the cutoff.
  let far: Double
  /// What seems to be longer is not zero.
  let apart: Double

  /// - Parameter coordinate: the largest magnitude of a coordinate and of a translation.
  init(cutoff: Double, coordinate: Double) {
    // A component is (x_j - x_i) + t: the rounding of each of the three numbers and of the two
    // results, each at most half a unit in the last place of 2 · (coordinate + cutoff) or less; √3
    // from the three components. The products and sums of the square add some units in the last
    // place of the cutoff.
    let roundoff = Double(Float.ulpOfOne) / 2
    let error = 3.0.squareRoot() * 5 * roundoff * 2 * (coordinate + cutoff) + 8 * roundoff * cutoff
    near = max(0, cutoff - error)
    far = cutoff + error
    apart = 2 * error + 1e-6 * cutoff
  }
}
