import Equivariance
import Irreps
import OpenCLRuntime
import TensorGraph

extension ContractionChecks {
  /// A convolution whose weights are read off a table at each edge's distance, with the derivatives
  /// by features, filters and distances.
  static let tabulated: KernelCheck = {
    var numbers = CheckNumbers(seed: 43)
    let product = TensorProduct.channelwise("32x0e+16x1e+8x2e", "1x0e+1x1e+1x2e") {
      $0.degree <= 2
    }
    let table = HostTable(
      knots: KnotGrid(upTo: 4, spacingExponent: 3), width: product.weightCount)
    let senders = numbers.indices(edgeCount, below: nodeCount - 1)
    let receivers = numbers.indices(edgeCount, below: nodeCount - 1).map { $0 + 1 }.sorted()
    let shapes: [Shape] = [
      [Dimension(nodeCount), Dimension(product.first.dimension)],
      [Dimension(edgeCount), Dimension(product.second.dimension)],
      [Dimension(nodeCount), Dimension(product.output.dimension)],
    ]
    let form = HostForm(form: product.form) { slot, item in
      switch slot {
      case Slot.x: senders[item]
      case Slot.out: receivers[item]
      default: item
      }
    }
    let distances = numbers.next(edgeCount).map { 2 + 0.95 * $0 }
    return .function(
      .contraction, "a convolution with tabulated weights",
      of: shapes.map { CheckArgument(numbers.next($0.elementCount.fixed ?? 0), $0) }
        + [
          CheckArgument(table.rows(of: &numbers), table.shape),
          CheckArgument(distances, [Dimension(edgeCount)]),
        ], roundings: 64
    ) { tensors in
      let indices = [senders, receivers].map { SegmentIndex(of: $0, count: nodeCount) }
      let contraction = Contraction(
        form: product.form, output: Slot.out,
        accesses: [.indexed(relation: 0), .perItem, .tabulated, .indexed(relation: 1)],
        items: Dimension(edgeCount),
        relations: indices.map {
          Contraction.Relation(targets: $0.targetCount, isSorted: $0.order == nil)
        }, knots: table.knots)
      let sums = Tensor(
        contraction,
        [tensors[0], tensors[1], tensors[3]]
          + indices.flatMap { [$0.indices] + ($0.order.map { [$0] } ?? []) + [$0.offsets] }
          + [tensors[4]])
      let derivatives = vectorJacobianProduct(
        of: sums, with: tensors[2], withRespectTo: [tensors[0], tensors[1], tensors[4]])
      return Array(
        zip(
          ["sums", "derivative by features", "derivative by filters", "derivative by distances"],
          [sums] + derivatives))
    } onHost: { values in
      let weights = table.values(values[3], at: values[4], derivative: false)
      let slopes = table.values(values[3], at: values[4], derivative: true)
      let slots = [values[0], values[1], weights, values[2]]
      var results = [Slot.out, Slot.x, Slot.y].map { output in
        form.evaluate(
          slots, output: output, items: edgeCount,
          rows: output == Slot.y ? edgeCount : nodeCount)
      }
      let byWeights = form.evaluate(
        slots, output: Slot.weight, items: edgeCount, rows: edgeCount)
      results.append(
        (0..<edgeCount).map { edge in
          (0..<table.width).reduce(into: HostSum()) { sum, column in
            let place = edge * table.width + column
            sum.add(byWeights[place], times: slopes[place])
          }
        })
      return results
    }
  }()
}

/// Functions of a distance as values and slopes at knots, evaluated on the host.
private struct HostTable: Sendable {
  let knots: KnotGrid
  let width: Int

  /// For each knot the values, the rises to the next knot, the slopes times the spacing.
  var shape: Shape { [Dimension(knots.knotCount), Dimension(3 * width)] }

  /// Values far from zero, so that nothing cancels within one function.
  func rows(of numbers: inout CheckNumbers) -> [Double] {
    (0..<knots.knotCount).flatMap { _ in
      numbers.next(width).map { 1.5 + 0.25 * $0 } + numbers.next(2 * width).map { 0.1 * $0 }
    }
  }

  /// The cubic that has its rise and the slopes at both ends (Hermite), or its derivative, at each
  /// distance: `[distances, width]`.
  func values(_ rows: [Double], at distances: [Double], derivative: Bool) -> [Double] {
    distances.flatMap { distance -> [Double] in
      let place = distance * knots.knotsPerUnit
      let knot = min(Int(place), knots.intervals - 1)
      let t = place - Double(knot)
      let u = 1 - t
      let basis =
        derivative
        ? [0, 6 * t * u, u * (1 - 3 * t), t * (3 * t - 2)].map { $0 * knots.knotsPerUnit }
        : [1, t * t * (3 - 2 * t), t * u * u, -t * t * u]
      let (here, next) = (knot * 3 * width, (knot + 1) * 3 * width)
      return (0..<width).map { column in
        basis[0] * rows[here + column] + basis[1] * rows[here + width + column]
          + basis[2] * rows[here + 2 * width + column]
          + basis[3] * rows[next + 2 * width + column]
      }
    }
  }
}
