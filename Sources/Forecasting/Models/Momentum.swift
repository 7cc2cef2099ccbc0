import TensorGraph

/// Masses, positions and velocities of the structures of a batch, for their total momenta.
///
/// Angular momenta are about the centre of mass and look at no periodic images: they mean
/// something for isolated molecules.
struct Momentum {
  /// [atoms, 1], u.
  let masses: Tensor
  let byStructure: SegmentIndex
  /// [structures, 1], u.
  let totalMasses: Tensor

  init(masses: Tensor, byStructure: SegmentIndex) {
    self.masses = masses.expanded(at: 1)
    self.byStructure = byStructure
    totalMasses = self.masses.segmentSum(by: byStructure)
  }

  /// [structures, 3]: Σ m a, of velocities the linear momentum.
  func weightedSum(_ vectors: Tensor) -> Tensor {
    (masses * vectors).segmentSum(by: byStructure)
  }

  /// [atoms, 3]: positions from the centre of mass of their structure.
  func centred(_ positions: Tensor) -> Tensor {
    positions - (weightedSum(positions) / totalMasses).gather(at: byStructure)
  }

  /// [structures, 3]: Σ s × m v.
  func angularMomentum(_ centred: Tensor, _ velocities: Tensor) -> Tensor {
    weightedSum(cross(centred, velocities))
  }

  /// [structures, 3]: the ω whose rotation about the centre of mass has this angular momentum.
  ///
  /// Solves I ω = L with the adjugate of the inertia tensor; for a linear molecule, whose tensor
  /// is singular, the result is not finite.
  func angularVelocity(of angularMomentum: Tensor, _ centred: Tensor) -> Tensor {
    let (x, y, z) = components(centred)
    func moment(_ values: Tensor) -> Tensor { weightedSum(values) }
    let (xx, yy, zz) = (moment(y * y + z * z), moment(x * x + z * z), moment(x * x + y * y))
    let (xy, xz, yz) = (moment(-x * y), moment(-x * z), moment(-y * z))
    let (cxx, cyy, czz) = (yy * zz - yz * yz, xx * zz - xz * xz, xx * yy - xy * xy)
    let (cxy, cxz, cyz) = (xz * yz - xy * zz, xy * yz - xz * yy, xy * xz - xx * yz)
    let determinant = xx * cxx + xy * cxy + xz * cxz
    let (lx, ly, lz) = components(angularMomentum)
    return concatenate(
      [
        cxx * lx + cxy * ly + cxz * lz, cxy * lx + cyy * ly + cyz * lz,
        cxz * lx + cyz * ly + czz * lz,
      ], along: 1) / determinant
  }
}

/// The three columns of vectors `[items, 3]`, `[items, 1]` each.
private func components(_ vectors: Tensor) -> (Tensor, Tensor, Tensor) {
  (
    vectors.slice(0..<1, along: 1), vectors.slice(1..<2, along: 1), vectors.slice(2..<3, along: 1)
  )
}

/// The cross products of vectors `[items, 3]`.
func cross(_ a: Tensor, _ b: Tensor) -> Tensor {
  let (ax, ay, az) = components(a)
  let (bx, by, bz) = components(b)
  return concatenate([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], along: 1)
}
