import Equivariance
import Foundation
import Irreps
import TensorGraph
import TestSupport
import Testing

/// Gradients of a convolution that share a kernel, against each computed by itself.
@Suite("Gradients computed together")
struct JointGradientTests {
  /// Where a convolution's weights come from.
  enum Weights: CaseIterable { case edges, table }

  private static let product = TensorProduct.channelwise(
    "20x0e+16x1o+3x2e", "0e+1o+2e", keeping: { $0.degree <= 2 })
  private static let small = TensorProduct.channelwise(
    "32x0e+16x1o", "0e+1o", keeping: { $0.degree <= 1 })
  private static let cpu = DeviceProfile(
    isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: true)
  private static let nodeCount = 9
  private static let edgeCount = 61

  /// Gradients of a sum over a random graph: by features, by filters, and by weights or distances.
  private static func gradients(
    _ weights: Weights, of product: TensorProduct = product
  ) throws -> [Tensor] {
    var random = SplitMix(state: 50)
    func tensor(_ shape: Shape) -> Tensor {
      let count = shape.elementCount.fixed ?? 0
      return Tensor((0..<count).map { _ in random.uniform() }, shape: shape, as: .float64)
    }
    let senders = (0..<edgeCount).map { _ in Int(random.next() % UInt64(nodeCount)) }
    let receivers = (0..<edgeCount).map { _ in Int(random.next() % UInt64(nodeCount)) }.sorted()
    let indices = [senders, receivers].map { SegmentIndex(of: $0, count: nodeCount) }
    let (nodes, edges) = (Dimension(nodeCount), Dimension(edgeCount))
    let x = tensor([nodes, Dimension(product.first.dimension)])
    let filters = tensor([edges, Dimension(product.second.dimension)])
    let cotangent = tensor([nodes, Dimension(product.output.dimension)])
    let convolution = EquivariantConvolution(product)
    let sums: Tensor
    let other: Tensor
    switch weights {
    case .edges:
      other = tensor([edges, Dimension(product.weightCount)])
      sums = convolution(
        x, filters: filters, weights: other, senders: indices[0], receivers: indices[1])
    case .table:
      other = tensor([edges]) + 1.5
      let table = try #require(
        try RadialTable(product.weightCount, upTo: 3, as: .float64) { distances in
          let order = (0..<product.weightCount).map { Double($0 % 7) / 3 }
          return sin(distances.expanded(at: 1) * Tensor(order, shape: [1, Dimension(order.count)]))
        })
      sums = convolution(
        x, filters: filters, weights: table, at: other, senders: indices[0],
        receivers: indices[1])
    }
    return vectorJacobianProduct(
      of: sums, with: cotangent, withRespectTo: [x, filters, other])
  }

  @Test("are what each of them is by itself, in fewer kernels", arguments: Weights.allCases)
  func agreement(_ weights: Weights) throws {
    let together = try Self.gradients(weights)
    func steps(_ tensors: [Tensor]) -> [String] {
      Plan(computing: tensors.map(\.node), from: [], for: Self.cpu).stepNames
        .filter { $0.hasPrefix("contraction") }
    }
    #expect(
      steps(together) == [
        weights == .edges ? "contraction → x, y, weight" : "contraction → x, y_and_position"
      ])
    for gradient in together { #expect(!steps([gradient]).contains { $0.contains(",") }) }
    let names = ["features", "filters", weights == .edges ? "weights" : "distances"]
    try evaluate(together)
    for (place, name) in names.enumerated() {
      let alone = try Self.gradients(weights)[place]
      // The same products in another order: an element sums some hundred of them, each of numbers of
      // size 1 and less, and each addition rounds by 1e-16 of a sum of size 10 or less.
      expectClose(
        try together[place].doubles(), try alone.doubles(), tolerance: 1e-13, relativeTo: 10, name)
    }
  }

  /// Both factors of a product belong to rows whose edges lie scattered: each gradient sorts edges.
  @Test("may add to scattered rows of several tensors")
  func scatteredRows() throws {
    let form = try productForm("8x0e+8x1o", "8x0e+8x1o", .uuu, hasWeight: true)
    var random = SplitMix(state: 51)
    let indices = (0..<3).map { _ in
      (0..<Self.edgeCount).map { _ in Int(random.next() % UInt64(Self.nodeCount)) }
    }
    let segments = [indices[0], indices[1].sorted(), indices[2]]
      .map { SegmentIndex(of: $0, count: Self.nodeCount) }
    let nodes = Dimension(Self.nodeCount)
    let contraction = Contraction(
      form: form, output: MultilinearForm.TensorProductSlot.out,
      accesses: [.indexed(relation: 0), .indexed(relation: 2), .perItem, .indexed(relation: 1)],
      items: Dimension(Self.edgeCount),
      relations: segments.map { .init(targets: nodes, isSorted: $0.order == nil) })
    let tensors = form.slots.indices.map { slot in
      let shape = contraction.shape(of: slot)
      let count = shape.elementCount.fixed ?? 0
      return Tensor((0..<count).map { _ in random.uniform() }, shape: shape, as: .float64)
    }
    let sums = Tensor(
      contraction,
      Array(tensors[..<3])
        + segments.flatMap { [$0.indices] + ($0.order.map { [$0] } ?? []) + [$0.offsets] })
    func gradients() -> [Tensor] {
      vectorJacobianProduct(of: sums, with: tensors[3], withRespectTo: Array(tensors[..<3]))
    }
    let together = gradients()
    let steps = Plan(computing: together.map(\.node), from: [], for: Self.cpu)
    #expect(
      steps.stepNames.filter { $0.hasPrefix("contraction") } == [
        "contraction → x, weight", "contraction → y",
      ])
    #expect(steps.kernelText.components(separatedBy: "sorted = sort_segment").count == 3)
    try evaluate(together)
    for (place, gradient) in together.enumerated() {
      // As above, of fewer products.
      expectClose(
        try gradient.doubles(), try gradients()[place].doubles(), tolerance: 1e-13, relativeTo: 10,
        form.slots[place].name)
    }
  }

  @Test("have the kernel that was reviewed", arguments: Weights.allCases)
  func golden(_ weights: Weights) throws {
    let plan = Plan(
      computing: try Self.gradients(weights, of: Self.small).map(\.node), from: [], for: Self.cpu)
    try expectGolden(plan.kernelText, named: "convolution-gradients.\(weights).cpu.cl")
  }
}
