import Equivariance
import Foundation
import TensorGraph
import TestSupport
import Testing

@Suite("Radial functions and cutoffs")
struct RadialTests {
  @Test("bases agree with e3nn within and beyond the interval", arguments: precisions)
  func reference(type: ElementType) throws {
    let reference = try Reference()
    let r = try reference.tensor("radial.r", as: type)
    let names: [SoftOneHotBasis.Family: String] = [
      .gaussian: "gaussian", .cosine: "cosine", .smoothFinite: "smooth_finite",
      .fourier: "fourier", .bessel: "bessel",
    ]
    for family in SoftOneHotBasis.Family.allCases {
      let basis = SoftOneHotBasis(family, over: 0...5, count: 8, hasCutoff: true)
      let name = "radial.\(names[family] ?? "")"
      // Arguments reach 8π, so a rounding of r moves an angle by 25 units of roundoff; the
      // smooth bump's exponent has a slope of at most 10 where the bump is above roundoff.
      expectClose(
        try basis(r).doubles(), try reference.doubles(name),
        tolerance: 64 * type.unitRoundoff, relativeTo: 1, name)
    }
  }

  @Test("bases without a cutoff follow their formulas")
  func withoutCutoff() throws {
    let x = [-1.0, 0, 0.4, 2.5]
    func values(_ family: SoftOneHotBasis.Family) throws -> [Double] {
      try SoftOneHotBasis(family, over: 0...2, count: 3, hasCutoff: false)(Tensor(x)).doubles()
    }
    func expected(_ f: (Double, Double) -> Double) -> [Double] {
      x.flatMap { x in (0..<3).map { f(x, Double($0)) } }
    }
    let tolerance = 32 * Double.ulpOfOne
    expectClose(
      try values(.gaussian), expected { exp(-($0 - $1) * ($0 - $1)) / 1.12 }, tolerance: tolerance)
    expectClose(
      try values(.fourier), expected { cos(.pi * $1 * $0 / 2) / 1.75.squareRoot() },
      tolerance: tolerance)
    expectClose(
      try values(.bessel),
      expected { x, n in
        let b = .pi * (n + 1) / 2
        return x == 0 ? b : sin(b * x) / x
      }, tolerance: tolerance)
  }

  private let cutoffs: [CutoffFunction] = [
    .xplor(onset: 4.5, radius: 5), .polynomial(power: 6, radius: 5),
    .polynomial(power: 3, radius: 2),
  ]

  @Test("cutoffs follow their formulas, are 1 at 0, and 0 with all derivatives from the radius on")
  func cutoffValues() throws {
    for cutoff in cutoffs {
      let c = cutoff.radius
      let r = [0, 0.3 * c, 0.89 * c, 0.95 * c, 0.999 * c, c, 1.1 * c, 3 * c]
      let expected = r.map { r -> Double in
        if r >= c { return 0 }
        switch cutoff {
        case .xplor(let o, _):
          if r < o { return 1 }
          return pow(c * c - r * r, 2) * (c * c + 2 * r * r - 3 * o * o) / pow(c * c - o * o, 3)
        case .polynomial(let power, _):
          let (p, u) = (Double(power), r / c)
          return 1 - (p + 1) * (p + 2) / 2 * pow(u, p) + p * (p + 2) * pow(u, p + 1)
            - p * (p + 1) / 2 * pow(u, p + 2)
        }
      }
      let x = Tensor(r)
      let value = cutoff(x)
      // Terms of up to 48 (p = 6) cancel to a value of at most 1.
      expectClose(
        try value.doubles(), expected, tolerance: 256 * Double.ulpOfOne, relativeTo: 1)
      #expect(try value.doubles()[0] == 1)
      let slope = gradient(of: value.sum(), withRespectTo: [x])[0]
      let curvature = gradient(of: slope.sum(), withRespectTo: [x])[0]
      for derivative in [value, slope, curvature] {
        #expect(try Array(derivative.doubles().suffix(3)) == [0, 0, 0])
      }
      // Continuous at the radius: the step from just inside is of the order of the distance.
      let inside = Tensor([c * (1 - 1e-7)])
      let slopeInside = try gradient(of: cutoff(inside).sum(), withRespectTo: [inside])[0].doubles()
      #expect(abs(slopeInside[0]) < 1e-4)
    }
  }

  @Test("the Bessel basis has trainable frequencies and its limit at 0")
  func bessel() throws {
    let r = Tensor([0, 1e-3, 1.7, 4.2])
    let frequencies = Tensor([2.9e-4, .pi / 5, 3.1])
    let values = besselBasis(of: r, frequencies: frequencies, prefactor: 0.4)
    let expected = try r.doubles().flatMap { r in
      try frequencies.doubles().map { b in 0.4 * (r == 0 ? b : sin(b * r) / r) }
    }
    expectClose(try values.doubles(), expected, tolerance: 8 * Double.ulpOfOne)
    try expectGradientMatchesDifferences(
      at: [([0.7, 1.7, 4.2], [3]), ([2.9e-4, .pi / 5, 3.1], [3])]
    ) {
      let y = besselBasis(of: $0[0], frequencies: $0[1], prefactor: 0.4)
      return (y * y).sum()
    }
  }

  @Test("derivatives of bases and cutoffs are finite everywhere and match finite differences")
  func differences() throws {
    let r = [0.37, 1.94, 3.33, 4.71, 4.9]
    for family in SoftOneHotBasis.Family.allCases {
      let basis = SoftOneHotBasis(family, over: 0...5, count: 4, hasCutoff: true)
      try expectGradientMatchesDifferences(at: [(r, [5])]) {
        let y = basis($0[0])
        return (y * y).sum()
      }
      for type in precisions {
        let x = Tensor((0..<300).map { Double($0) / 50 }, as: type)
        let y = basis(x)
        let slope = gradient(of: y.sum(), withRespectTo: [x])[0]
        let curvature = gradient(of: slope.sum(), withRespectTo: [x])[0]
        for tensor in [y, slope, curvature] {
          #expect(try tensor.doubles().allSatisfy(\.isFinite), "\(family), \(type)")
        }
      }
    }
    for cutoff in cutoffs {
      try expectGradientMatchesDifferences(at: [(r, [5])]) { cutoff($0[0]).sum() }
    }
  }
}
