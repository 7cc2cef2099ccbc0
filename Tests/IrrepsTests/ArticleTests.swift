import Irreps
import TestSupport
import Testing

/// The code of `docs/irreps-in-ten-minutes.md`, in its order.
@Suite struct ArticleTests {
  @Test("what the article says about labels is so")
  func labels() {
    let force: Irrep = "1o"
    #expect(force.degree == 1)
    #expect(force.parity == .odd)
    #expect(force.dimension == 3)

    let hidden: Irreps = "128x0e+64x1o+32x2e"
    #expect(hidden.dimension == 480)
    #expect(hidden.slices[1] == 128..<320)
    #expect(hidden.multiplicity(of: "1o") == 64)

    let text = "128x0e+64x1p"
    let error = #expect(throws: IrrepsParsingError.self) { try Irreps(text) }
    #expect(
      error?.description
        == #"irreps "128x0e+64x1p", column 12: found "p", expected a parity, "e", "o" or "y""#)
  }

  @Test("what the article says about turning is so")
  func turning() {
    let quarterTurn = Rotation(axis: [0, 0, 1], angle: .pi / 2)
    expectClose(
      quarterTurn.apply(to: [1, 0, 0]).components, [0, 1, 0], tolerance: 4 * unitRoundoff)
    #expect(Wigner.d(degree: 2, rotation: quarterTurn).dimension == 5)
    let feature = [3.0] + [1, 0, 0]
    expectClose(
      Irreps("0e+1o").rotate(feature, by: quarterTurn), [3, 0, 1, 0], tolerance: 4 * unitRoundoff)
  }

  @Test("what the article says about harmonics is so")
  func harmonics() {
    let harmonics = SphericalHarmonics(
      upTo: 3, normalization: .component, normalizingInput: true)
    #expect(harmonics.irreps.description == "1x0e+1x1o+1x2e+1x3o")
    let direction = SIMD3(0.0, 0.6, 0.8)
    let values = harmonics.values(at: direction)
    #expect(values.count == 16)
    #expect(values[0] == 1)
    expectClose(
      Array(values[1...3]), [0, 0.6, 0.8].map { 3.0.squareRoot() * $0 },
      tolerance: 8 * unitRoundoff)
  }

  @Test("what the article says about coupling is so")
  func coupling() {
    #expect(Irrep("1o").product(with: "1o") == ["0e", "1e", "2e"])
    let coupling = Wigner.threeJ(1, 1, 1)
    let (a, b) = ([1.0, 0, 0], [0.0, 1, 0])
    var product = [0.0, 0, 0]
    for entry in coupling.nonzeros {
      product[entry.third] += entry.value * a[entry.first] * b[entry.second]
    }
    expectClose(product, [0, 0, 1 / 6.0.squareRoot()], tolerance: 8 * unitRoundoff)
    let square = ReducedSymmetricProduct(of: "1o", power: 2)
    #expect(square.irrepsOut.description == "1x0e+1x2e")
  }
}
