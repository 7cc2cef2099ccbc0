import Equivariance
import Irreps
import OpenCLRuntime
import TensorGraph

/// Checks of contractions: a convolution and a product with shared weights, each with the
/// derivatives with respect to all operands.
enum ContractionChecks {
  static let all =
    [
      convolution(
        "a convolution to degree 2",
        .channelwise("32x0e+16x1e+8x2e", "1x0e+1x1e+1x2e") { $0.degree <= 2 }),
      convolution(
        "a convolution of channels that fill no vector",
        .channelwise("5x0e+3x1o", .sphericalHarmonics(upTo: 2))),
    ] + [tabulated, sharedWeights]

  typealias Slot = MultilinearForm.TensorProductSlot

  /// Nodes, one of which receives nothing and one sends nothing, and edges sorted by receiver; so many
  /// that their numbers have two digits where kernels sort them.
  static let nodeCount = 13
  static let edgeCount = 301

  private static func convolution(_ name: String, _ product: TensorProduct) -> KernelCheck {
    var numbers = CheckNumbers(seed: 41)
    let senders = numbers.indices(edgeCount, below: nodeCount - 1)
    let receivers = numbers.indices(edgeCount, below: nodeCount - 1).map { $0 + 1 }.sorted()
    let convolution = EquivariantConvolution(product)
    let shapes: [Shape] = [
      [Dimension(nodeCount), Dimension(product.first.dimension)],
      [Dimension(edgeCount), Dimension(product.second.dimension)],
      [Dimension(edgeCount), Dimension(product.weightCount)],
      [Dimension(nodeCount), Dimension(product.output.dimension)],
    ]
    let form = HostForm(form: product.form) { slot, item in
      switch slot {
      case Slot.x: senders[item]
      case Slot.out: receivers[item]
      default: item
      }
    }
    return .function(
      .contraction, name,
      of: shapes.map { CheckArgument(numbers.next($0.elementCount.fixed ?? 0), $0) }, roundings: 12
    ) { tensors in
      let sums = convolution(
        tensors[0], filters: tensors[1], weights: tensors[2],
        senders: SegmentIndex(of: senders, count: nodeCount),
        receivers: SegmentIndex(of: receivers, count: nodeCount))
      let derivatives = vectorJacobianProduct(
        of: sums, with: tensors[3], withRespectTo: Array(tensors[..<3]))
      return Array(
        zip(
          ["sums", "derivative by features", "derivative by filters", "derivative by weights"],
          [sums] + derivatives))
    } onHost: { values in
      [Slot.out, Slot.x, Slot.y, Slot.weight].map { output in
        form.evaluate(
          values, output: output, items: edgeCount,
          rows: output == Slot.x || output == Slot.out ? nodeCount : edgeCount)
      }
    }
  }

  private static let sharedWeights: KernelCheck = {
    var numbers = CheckNumbers(seed: 42)
    let items = 21
    let product = TensorProduct.fullyConnected(
      "8x0e+4x1o", "2x0e+1x1o", to: "16x0e+8x1o+4x1e")
    let count = Dimension(items)
    let shapes: [Shape] = [
      [count, Dimension(product.first.dimension)], [count, Dimension(product.second.dimension)],
      [Dimension(product.weightCount)], [count, Dimension(product.output.dimension)],
    ]
    let form = HostForm(form: product.form) { slot, item in slot == Slot.weight ? 0 : item }
    return .function(
      .contraction, "a product with shared weights",
      of: shapes.map { CheckArgument(numbers.next($0.elementCount.fixed ?? 0), $0) }, roundings: 12
    ) { tensors in
      let result = product(tensors[0], tensors[1], weights: tensors[2])
      let derivatives = vectorJacobianProduct(
        of: result, with: tensors[3], withRespectTo: Array(tensors[..<3]))
      return Array(
        zip(
          ["products", "derivative by x", "derivative by y", "derivative by weights"],
          [result] + derivatives))
    } onHost: { values in
      [Slot.out, Slot.x, Slot.y, Slot.weight].map { output in
        form.evaluate(
          values, output: output, items: items, rows: output == Slot.weight ? 1 : items)
      }
    }
  }()
}
