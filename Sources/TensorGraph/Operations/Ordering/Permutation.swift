import KernelSources
import OpenCLRuntime

/// The inverse of a permutation along the last axis.
struct InversePermutation: Operation {
  var name: String { "inversePermutation" }
  var kernelFamily: KernelFamily? { .ordering }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0].shape.rank >= 1 && operands[0].elementType == .int32,
      "inversePermutation: \(operands[0]); expected int32 places along at least one axis")
    return operands[0]
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil] }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let extent = result.shape[result.shape.rank - 1]
    let lines = Shape(Array(result.shape.dimensions.dropLast())).elementCount
    return .kernels(
      KernelSequence([
        KernelCall(
          name: name, source: KernelSources.inversePermutation,
          entryPoint: "inverse_permutation",
          arguments: [.size(lines), .size(extent), .operand(0), .result],
          globalSize: [WorkSize(lines * extent)], localSize: [profile.localSize])
      ]))
  }
}

extension Tensor {
  /// Where each place stands in an order: the inverse of a permutation along the last axis, such as
  /// `sortOrder`, of which it gives the ranks.
  ///
  /// - Precondition: int32; along the last axis each place occurs once.
  public func inversePermutation() -> Tensor { Tensor(InversePermutation(), [self]) }

  /// The elements along the last axis in another order: element `k` is the one at place `order[k]`.
  ///
  /// - Precondition: `order` is of int32 and of this shape; along the last axis each place occurs
  ///   once.
  public func ordered(by order: Tensor) -> Tensor {
    precondition(
      order.elementType == .int32 && order.shape == shape && rank >= 1,
      "ordered: \(node.description) by \(order.node.description)")
    let count = shape.elementCount
    let extent = shape[rank - 1]
    // Lines stand one after the other, so that a place within a line is one within all.
    let lines: Shape = [Shape(Array(shape.dimensions.dropLast())).elementCount, extent]
    let lineStarts =
      Tensor.coordinate(of: [count]).reshaped(to: lines) - .coordinate(along: 1, of: lines)
    func flat(_ places: Tensor) -> Tensor {
      (places.reshaped(to: lines) + lineStarts).reshaped(to: [count])
    }
    let index = SegmentIndex(
      indices: flat(order), order: flat(order.inversePermutation()),
      offsets: .coordinate(of: [count + 1]))
    return reshaped(to: [count]).gather(at: index).reshaped(to: shape)
  }
}
