import Irreps
import TestSupport
import Testing

@Suite struct IrrepTests {
  @Test("an irrep reads e3nn's notation and writes it back")
  func notation() throws {
    #expect(try Irrep(String("1o")) == Irrep(degree: 1, parity: .odd))
    #expect(try Irrep(String(" 12e ")).description == "12e")
    let natural: [Irrep] = ["0y", "1y", "2y"]
    #expect(natural.map(\.description) == ["0e", "1o", "2e"])
  }

  @Test("irreps are ordered by degree, then odd before even, as in e3nn")
  func order() {
    let irreps: [Irrep] = ["1e", "0e", "2o", "1o", "0o"]
    #expect(irreps.sorted() == ["0o", "0e", "1o", "1e", "2o"])
  }

  @Test("a product holds the degrees from the difference to the sum, with the parities multiplied")
  func product() {
    #expect(Irrep("1o").product(with: "2e") == ["1o", "2o", "3o"])
    #expect(Irrep("2o").product(with: "2o") == ["0e", "1e", "2e", "3e", "4e"])
    #expect(Irrep("0o").product(with: "3e") == ["3o"])
  }

  @Test("the dimension of a product is the product of the dimensions")
  func productDimension() {
    for first in 0...6 {
      for second in 0...6 {
        let factors = [first, second].map { Irrep(degree: $0, parity: .even) }
        let dimension = factors[0].product(with: factors[1]).reduce(0) { $0 + $1.dimension }
        #expect(dimension == factors[0].dimension * factors[1].dimension)
      }
    }
  }
}

@Suite struct IrrepsTests {
  @Test("a sum of irreps reads e3nn's notation and writes it back")
  func notation() throws {
    let irreps = try Irreps(String(" 128x0e+ 64 x 1o +2e+0x3o"))
    #expect(irreps.description == "128x0e+64x1o+1x2e+0x3o")
    #expect(irreps.dimension == 128 + 192 + 5)
    #expect(irreps.totalMultiplicity == 193)
    #expect(irreps.maximumDegree == 2)
    #expect(irreps.slices == [0..<128, 128..<320, 320..<325, 325..<325])
    #expect(try Irreps(String(irreps.description)) == irreps)
    #expect(try Irreps(String("  ")).isEmpty)
    #expect(Irreps().maximumDegree == nil)
  }

  @Test(
    "a text that is no sum of irreps is refused with the place",
    arguments: [
      ("128x0e+64y1o", 11, "1o", "the end"),
      ("128x0e++1o", 8, "+", "a group"),
      ("128x0e+", 8, "", "a group"),
      ("8x0", 4, "", "parity"),
      ("8x0f", 4, "f", "parity"),
      ("x1o", 1, "x1o", "a group"),
      ("-1x1o", 1, "-1x1o", "a group"),
      ("8x0e 4x1o", 6, "4x1o", "\"+\" or the end"),
      ("8xo", 3, "o", "an irrep"),
      ("99999999999999999999x0e", 1, "99999999999999999999x0e", "a number of at most"),
      ("0e+2147483647x1e", 4, "2147483647x1e", "a total dimension of at most"),
      ("9223372036854775807x1e", 1, "9223372036854775807x1e", "a total dimension of at most"),
      ("1x99999999e", 3, "99999999e", "a degree of at most"),
      ("８x0e", 1, "８x0e", "a group"),
    ])
  func refusal(text: String, column: Int, found: String, expected: String) throws {
    let error = try #require(throws: IrrepsParsingError.self) { try Irreps(text) }
    #expect(error.column == column)
    #expect(error.found == found)
    #expect(error.expected.contains(expected))
    #expect(error.description.contains(text))
  }

  @Test("an error is one short line, whatever the text")
  func errorText() throws {
    let error = try #require(throws: IrrepsParsingError.self) { try Irreps(String("8x0e\n+ 4xq")) }
    #expect(
      error.description
        == #"irreps "8x0e\n+ 4xq", column 10: found "q", expected an irrep such as "1o""#)
    let long = String(repeating: "8x0e+", count: 10_000) + String(repeating: "z", count: 10_000)
    let longError = try #require(throws: IrrepsParsingError.self) { try Irreps(long) }
    #expect(longError.column == 50_001)
    #expect(longError.description.count < 250)
  }

  @Test("a text with more than one irrep is no irrep")
  func singleRefusal() throws {
    for text in ["1o+1o", "2x1o", "", "1", "o"] {
      #expect(throws: IrrepsParsingError.self) { try Irrep(text) }
    }
  }

  @Test("no mutation of a sum of irreps stops the program")
  func mutations() {
    var generator = SeededGenerator(seed: 1)
    let alphabet = Array("0123456789xeoy+ -é\0")
    var readable = 0
    for _ in 0..<5000 {
      var text = Array("128x0e+64x1o+32x2e")
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = text.indices.randomElement(using: &generator) ?? 0
        text[place] = alphabet.randomElement(using: &generator) ?? "x"
      }
      do throws(IrrepsParsingError) {
        let irreps = try Irreps(String(text))
        #expect(irreps.dimension >= 0)
        readable += 1
      } catch {
        #expect(error.column >= 1 && error.column <= text.count + 1)
      }
    }
    #expect(readable > 0 && readable < 5000)
  }

  @Test(
    "simplifying merges neighbours and drops empty groups, sorting tells where groups came from")
  func rearranging() {
    #expect(Irreps("1e+1e+0e+1e+0x2e").simplified() == "2x1e+1x0e+1x1e")
    #expect(Irreps("1e+1e+0e+1e+0x2e").regrouped() == "1x0e+3x1e")
    let sorted = Irreps("2o+1e+0e+1e").sorted()
    #expect(sorted.irreps == "0e+1e+1e+2o")
    #expect(sorted.origins == [2, 1, 3, 0])
    #expect(sorted.destinations == [3, 1, 0, 2])
    #expect(Irreps("8x0e") + Irreps("4x1o") == "8x0e+4x1o")
    let irreps: Irreps = "8x0e+4x1o+2x2e+0o"
    #expect(irreps.filtered(maximumDegree: 1) == "8x0e+4x1o+0o")
    #expect(irreps.filtered(keeping: ["0e", "2e"]) == "8x0e+2x2e")
    #expect(irreps.filtered { $0.multiplicity > 2 } == "8x0e+4x1o")
    #expect(Irreps("0e+0e+1o").multiplicity(of: "0e") == 2)
  }

  @Test("the irreps of the harmonics have the parity of their degree, or all the even one")
  func sphericalHarmonics() {
    #expect(Irreps.sphericalHarmonics(upTo: 3) == "0e+1o+2e+3o")
    #expect(Irreps.sphericalHarmonics(upTo: 3, parity: .even) == "0e+1e+2e+3e")
  }

  @Test("the product of two sums has the product of their dimensions")
  func tensorProduct() {
    let (first, second): (Irreps, Irreps) = ("8x0e+4x1o+2x2e", "2x0o+1e+3o")
    let product = first.tensorProduct(with: second)
    #expect(product.dimension == first.dimension * second.dimension)
    #expect(product == product.regrouped())
    #expect(Irreps("1o").tensorProduct(with: "1o") == "0e+1e+2e")
    #expect(Irreps("1o").tensorProduct(with: "0x1o").isEmpty)
  }

  @Test("changing the layout and changing it back leaves a feature as it was")
  func layouts() {
    let irreps: Irreps = "2x0e+3x1o+0x2e+2x2e"
    let toChannels = irreps.permutation(
      from: .componentsContiguous, to: .channelsContiguous)
    let back = irreps.permutation(from: .channelsContiguous, to: .componentsContiguous)
    #expect(toChannels.map { back[$0] } == Array(0..<irreps.dimension))
    // x of the three vectors, then y, then z.
    #expect(toChannels[2..<11] == [2, 5, 8, 3, 6, 9, 4, 7, 10])
  }

  @Test("rotating a feature is the product with the block-diagonal matrix, in both layouts")
  func rotatingFeatures() {
    var generator = SeededGenerator(seed: 2)
    let irreps: Irreps = "2x0e+3x1o+2x2e+1x1e+1x0o"
    let rotation = Rotation.random(using: &generator)
    for inverted in [false, true] {
      let feature = generator.values(2 * irreps.dimension)
      let rotated = irreps.rotate(feature, by: rotation, inverted: inverted)
      let matrix = irreps.matrix(of: rotation, inverted: inverted)
      let expected =
        matrix * Array(feature[..<irreps.dimension])
        + matrix * Array(feature[irreps.dimension...])
      expectClose(rotated, expected, tolerance: 16 * unitRoundoff, relativeTo: 1)

      let single = Array(feature[..<irreps.dimension])
      let permutation = irreps.permutation(
        from: .componentsContiguous, to: .channelsContiguous)
      let permuted = irreps.rotate(
        permutation.map { single[$0] }, by: rotation, inverted: inverted,
        layout: .channelsContiguous)
      #expect(permuted == permutation.map { rotated[$0] })
    }
  }

  @Test("inversion changes the sign of odd features and of no others")
  func inversion() {
    let irreps: Irreps = "0e+0o+1o+1e"
    let feature = [Double](repeating: 1, count: irreps.dimension)
    #expect(
      irreps.rotate(feature, by: .identity, inverted: true) == [1, -1, -1, -1, -1, 1, 1, 1])
    #expect(Irrep("1o").matrix(of: .identity, inverted: true).elements[0] == -1)
    #expect(Irrep("1e").matrix(of: .identity, inverted: true).elements[0] == 1)
  }
}
