/// Integrals of three real harmonics over the unit sphere.
public enum Gaunt {
  /// The coefficients G_ijk = ∫ Y(l₁)_i Y(l₂)_j Y(l₃)_k dΩ of real harmonics of `integral`
  /// normalisation, so that a product of harmonics is Y(l₁)_i Y(l₂)_j = Σ G_ijk Y(l₃)_k on the
  /// sphere.
  ///
  /// They are the 3j symbols times a number: √((2l₁+1)(2l₂+1)(2l₃+1)/4π) times the symbol of three
  /// orders 0. All are 0 when l₁ + l₂ + l₃ is odd.
  ///
  /// - Precondition: As for `Wigner.threeJ`.
  public static func coefficients(_ degree1: Int, _ degree2: Int, _ degree3: Int) -> CouplingTensor
  {
    let threeJ = Wigner.threeJ(degree1, degree2, degree3)
    let square = Double((2 * degree1 + 1) * (2 * degree2 + 1) * (2 * degree3 + 1)) / (4 * .pi)
    let scale = square.squareRoot() * threeJ[degree1, degree2, degree3]
    return CouplingTensor(degrees: threeJ.degrees, elements: threeJ.elements.map { scale * $0 })
  }
}
