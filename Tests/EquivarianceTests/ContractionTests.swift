import Equivariance
import Irreps
import OpenCLRuntime
import TensorGraph
import Testing

/// The kernels of a contraction against plain loops on the host, for every slot as the result.
@Suite struct ContractionTests {
  private static let cpu = DeviceProfile(
    isCPU: true, floatVectorWidth: 8, localSize: 64, supportsDouble: true, computeUnits: 3)
  /// Runs the kernels for devices whose lanes are work-items; any device can execute them.
  private static let gpu = DeviceProfile(
    isCPU: false, floatVectorWidth: 1, localSize: 32, supportsDouble: true)

  private func check(_ testCase: ContractionCase, _ note: String) throws {
    let context = try Context.shared()
    for output in testCase.form.slots.indices
    where testCase.form.slots[output].width > 0 && testCase.accesses[output] != .tabulated {
      let expected = testCase.reference(output: output)
      // Alternating keeps the number of kernels down; each profile meets each type.
      let results = [
        (
          "double, CPU", 0x1p-53,
          try testCase.run(output: output, as: Double.self, profile: Self.cpu, on: context)
        ),
        (
          "float, lanes as work-items", 0x1p-24,
          try testCase.run(output: output, as: Float.self, profile: Self.gpu, on: context)
        ),
      ]
      for (kind, roundoff, result) in results {
        #expect(result.count == expected.count)
        for (place, (value, expected)) in zip(result, expected).enumerated() {
          // A sum of n products, each of up to 5 rounded inputs, a rounded coefficient and 5
          // multiplications, is exact to (n + 11) units of roundoff of the magnitudes' sum.
          // A factor read off a table adds the roundings of its basis and of its four terms.
          let roundings = testCase.knots == nil ? 11 : 31
          let bound = Double(expected.count + roundings) * roundoff * expected.magnitude
          guard abs(value - expected.value) <= bound else {
            let name = testCase.form.slots[output].name
            Issue.record(
              "\(note), \(kind): \(name)[\(place)] is \(value), not \(expected.value)")
            break
          }
        }
      }
    }
  }

  private func convolution(
    _ x: String, _ y: String, _ mode: ChannelMode, hasWeight: Bool, edges: Int, nodes: Int,
    weights: Contraction.Access = .perItem, seed: UInt64
  ) throws -> ContractionCase {
    var random = SplitMix(state: seed)
    let form = try productForm(x, y, mode, hasWeight: hasWeight)
    return ContractionCase(
      form: form,
      accesses: [.indexed(relation: 0), .perItem, weights, .indexed(relation: 1)],
      itemCount: edges,
      indices: [
        (0..<edges).map { _ in random.below(nodes) },
        (0..<edges).map { _ in random.below(nodes) }.sorted(),
      ], targetCounts: [nodes, nodes], random: &random)
  }

  @Test(
    "a convolution and its derivatives agree with plain loops",
    arguments: [
      ("16x0e+16x1o", "0e+1o+2e"), ("4x0e+10x1o+33x1e", "0e+1o"), ("32x1e+1x2e+17x0e", "1e+2e"),
      ("1x0e+1x1o", "0e+1o"),
      // Rows of more than 16 KB, which no longer stay in a first-level cache.
      ("240x0e+16x1o", "0e+1o+2e"),
    ])
  func convolution(_ x: String, _ y: String) throws {
    try check(
      try convolution(x, y, .uvu, hasWeight: true, edges: 37, nodes: 9, seed: 1), "\(x) ⊗ \(y)")
  }

  @Test("many scattered items agree with plain loops, also in fewer rows than there are bands")
  func bands() throws {
    // Numbers of items have two digits where they are sorted.
    for (edges, nodes) in [(700, 50), (300, 4)] {
      try check(
        try convolution(
          "16x0e+8x1o", "0e+1o", .uvu, hasWeight: true, edges: edges, nodes: nodes, seed: 8),
        "\(edges) edges on \(nodes) nodes")
    }
  }

  @Test("rows without items are zero, and so is everything without items", arguments: [0, 1, 5])
  func emptyRows(edges: Int) throws {
    let testCase = try convolution(
      "16x0e+5x1o", "0e+1o", .uvu, hasWeight: true, edges: edges, nodes: 12, seed: 2)
    try check(testCase, "\(edges) edges on 12 nodes")
  }

  @Test("every channel mode, with and without weights", arguments: ChannelMode.allCases)
  func modes(_ mode: ChannelMode) throws {
    for hasWeight in [true, false] where hasWeight || ![.uvw, .uuw].contains(mode) {
      for access in [Contraction.Access.perItem, .shared] {
        let x = "4x0e+4x1o"
        let y = mode == .uuu || mode == .uuw ? "4x0e+4x1o" : "3x0e+2x1o"
        let testCase = try convolution(
          x, y, mode, hasWeight: hasWeight, edges: 21, nodes: 5, weights: access, seed: 3)
        try check(testCase, "\(mode), weights \(hasWeight), \(access)")
      }
    }
  }

  @Test("rows read off a table, and gradients with respect to the place, agree with plain loops")
  func tables() throws {
    var testCase = try convolution(
      "16x0e+5x1o+1x2e", "0e+1o+2e", .uvu, hasWeight: true, edges: 41, nodes: 7, seed: 6)
    var random = SplitMix(state: 7)
    let knots = KnotGrid(upTo: 5, spacingExponent: 2)
    func tabulate() {
      testCase.knots = knots
      // Multiples of 2⁻¹⁰ are the same number in both precisions; some lie outside of the table.
      testCase.positions = (0..<testCase.itemCount).map { _ in
        (5.2 * abs(random.uniform()) * 1024).rounded() / 1024
      }
      let weight = MultilinearForm.TensorProductSlot.weight
      testCase.accesses[weight] = .tabulated
      testCase.values[weight] = (0..<(3 * knots.knotCount * testCase.form.slots[weight].width))
        .map { _ in random.uniform() }
    }
    tabulate()
    try check(testCase, "value")
    for derivative in 1...3 {
      let contraction = testCase.contraction(output: testCase.form.slots.count - 1)
      let joint = try #require(contraction.jointGradient)
      testCase.form = joint.contraction.form
      testCase.accesses = joint.contraction.accesses
      let width = testCase.form.slots[joint.contraction.output].width
      testCase.values.append((0..<(testCase.itemCount * width)).map { _ in random.uniform() })
      #expect(joint.slot == 1)
      try check(testCase, "derivative \(derivative)")
    }
  }

  @Test("random forms with random accesses agree with plain loops", arguments: 0..<12)
  func randomForms(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed) + 100)
    let form = randomForm(&random)
    let targets = [1 + random.below(6), 1 + random.below(30)]
    let items = [0, 1, 7, 40][random.below(4)]
    let isSorted = random.below(2) == 0
    let choices: [Contraction.Access] = [
      .perItem, .shared, .indexed(relation: 0), .indexed(relation: 1),
    ]
    let testCase = ContractionCase(
      form: form, accesses: form.slots.map { _ in choices[random.below(4)] }, itemCount: items,
      indices: targets.map { count in
        let indices = (0..<items).map { _ in random.below(count) }
        return isSorted ? indices.sorted() : indices
      }, targetCounts: targets, random: &random)
    try check(testCase, "form \(seed): \(testCase.accesses), \(items) items")
  }

  @Test("the derivative of a contraction is the same form with slots exchanged")
  func derivativeRule() throws {
    let testCase = try convolution(
      "4x0e", "0e", .uvu, hasWeight: true, edges: 3, nodes: 2, seed: 4)
    let out = MultilinearForm.TensorProductSlot.out
    let contraction = testCase.contraction(output: out)
    #expect(contraction.operand(of: out) == nil)
    #expect(contraction.firstOperand(ofRelation: 1) == 3 + contraction.relations[0].tensorCount)
    #expect(contraction.shape(of: out) == [.symbol("targets_1"), 4])
    #expect(contraction.shape(of: 1) == [.symbol("items"), 1])
  }

  @Test("generation is deterministic")
  func determinism() throws {
    let testCase = try convolution(
      "32x0e+16x1o+8x2e", "0e+1o+2e", .uvu, hasWeight: true, edges: 3, nodes: 2, seed: 5)
    for output in 0..<4 {
      let sequences = (0..<3).map { _ in
        ContractionGenerator(
          contraction: testCase.contraction(output: output), elementType: .float32,
          profile: Self.cpu
        ).sequence()
      }
      #expect(Set(sequences).count == 1)
    }
  }
}
