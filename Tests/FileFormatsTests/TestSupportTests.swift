import TestSupport
import Testing

@Suite("helpers of the tests")
struct TestSupportTests {
  @Test("arrays within the tolerance of the largest magnitude agree")
  func close() {
    expectClose([1.0, 1000.0, 1e-9] as [Double], [1.0005, 1000, 0], tolerance: 1e-6)
    expectClose([Double.infinity], [.infinity], tolerance: 0)
    expectClose([1 as Float], [1.00001], tolerance: 1e-4)
    expectClose([] as [Double], [], tolerance: 0)
    expectClose(2.0, 2.0 + 1e-9, tolerance: 1e-9)
  }

  private static let unlike: [(actual: [Double], expected: [Double])] = [
    ([1, 1000], [1.002, 1000]), ([1], [1, 2]), ([.nan], [1]), ([1], [.nan]), ([.nan], [.nan]),
    ([.infinity], [1]), ([.infinity], [-.infinity]), ([1], [.infinity]),
  ]

  @Test(
    "arrays that deviate, have other lengths or are no numbers are failures", arguments: unlike)
  func notClose(actual: [Double], expected: [Double]) {
    #expect(deviation(of: actual, from: expected, tolerance: 1e-6) != nil)
  }

  @Test("a failure shows the largest deviation and where it is")
  func message() throws {
    let text = try #require(
      deviation(of: [0, 0, 0, 5, 0, 1], from: [0, 0, 0, 0, 0, 2], tolerance: 0.1, shape: [2, 3]))
    #expect(text.contains("2 of 6") && text.contains("[1, 0]: 5.0, expected 0.0"))
  }

  @Test("mutations of one seed are always the same, and of another seed others")
  func mutations() {
    let input = Array("an input of some length".utf8)
    func mutated(_ seed: UInt64) -> [[UInt8]] {
      var mutator = Mutator(seeds: [input], words: [[1, 2, 3]], seed: seed)
      return (0..<100).map { _ in mutator.next() }
    }
    #expect(mutated(1) == mutated(1))
    #expect(mutated(1) != mutated(2))
    #expect(Set(mutated(1)).count > 90)
  }

  @Test("normal numbers have mean 0 and variance 1")
  func normals() {
    var generator = SeededGenerator(seed: 1)
    let values = generator.normals(100_000)
    let mean = values.reduce(0, +) / 100_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 100_000 - mean * mean
    // Five standard deviations of the two estimates: 1/√n and √(2/n).
    #expect(abs(mean) < 5 / 316.2 && abs(variance - 1) < 5 * 1.4143 / 316.2)
  }
}
